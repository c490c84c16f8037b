public import Model
public import Runtime

/// The table `records` with a fence: its column `version` keeps the highest token that each record has seen.
///
/// For one record, reading and writing are one statement each, as without a fence. Several records are written in a
/// transaction that first leaves the tokens in all of them, so that all change or none.
public struct FencedPostgresRecords: FencedStoreClient, ~Copyable {
  private var session: Session

  private static var register: Statement {
    Statement(
      "register", "UPDATE records SET version = $2 WHERE id = $1 AND version <= $2 RETURNING value")
  }
  private static var registerMany: Statement {
    Statement(
      "register-many",
      """
      UPDATE records SET version = token FROM unnest($1::int4[], $2::int8[]) AS fence (id, token)
      WHERE records.id = fence.id AND version <= token RETURNING records.id, value
      """)
  }
  private static var replace: Statement {
    Statement("replace-fenced", "UPDATE records SET value = $2, version = $3 WHERE id = $1 AND version <= $3")
  }

  /// Checks the address.
  public static func configure(_ environment: StrategyEnvironment) throws(SetupFailure) -> SessionPlan {
    let statements: [Statement] = [
      .begin, .commit, .rollback, .read, .readMany, .write, PostgresRecords.writeMany, register, registerMany, replace,
    ]
    return try SessionPlan(environment, statements)
  }

  /// Connects.
  public static func open(
    _ plan: SessionPlan, _ worker: WorkerContext
  ) async throws(SetupFailure) -> FencedPostgresRecords {
    FencedPostgresRecords(session: try await Session(plan, worker))
  }

  /// Reads the records of all steps.
  public mutating func read(_ attempt: inout Attempt) async throws(AttemptFailure) {
    do throws(AttemptFailure) {
      try await session.connection.readTogether(attempt)
    } catch {
      throw await session.connection.abandon(error, attempt)
    }
  }

  /// Reads the records of all steps, and leaves the tokens in them.
  public mutating func readRegistering(_ attempt: inout Attempt) async throws(AttemptFailure) {
    do throws(AttemptFailure) {
      if attempt.operation.count == 1 {
        session.connection.parameters.set(0, int4: attempt.operation[0].key)
        session.connection.parameters.set(1, int8: attempt.token(0))
        try await session.connection.run(Self.register, parameters: 2)
        if session.connection.reply.rows == 0 { throw .leaseLost }
        attempt.values[0] = session.connection.reply[0, 0]
      } else {
        // Of a transaction, so that tokens stay in all records or in none.
        try await session.connection.run(.begin)
        try await registerAll(attempt)
        for index in 0..<attempt.operation.count {
          let row = session.connection.row(of: attempt.operation[index].key)
          attempt.values[index] = session.connection.reply[row, 1]
        }
        try await session.connection.commit(decides: false)
      }
    } catch {
      throw await session.connection.abandon(error, attempt)
    }
  }

  /// Writes the records of all steps that are not reads, and leaves the tokens in all.
  public mutating func writeChecking(_ attempt: inout Attempt) async throws(AttemptFailure) {
    do throws(AttemptFailure) {
      if attempt.operation.count == 1 {
        session.connection.setWrite(0, attempt)
        session.connection.parameters.set(2, int8: attempt.token(0))
        try await session.connection.run(Self.replace, parameters: 3, decides: true)
        if session.connection.reply.affected == 0 { throw .leaseLost }
      } else {
        try await session.connection.run(.begin)
        try await registerAll(attempt)
        try await session.connection.writeTogether(attempt, decides: false)
        try await session.connection.commit()
      }
    } catch {
      throw await session.connection.abandon(error, attempt)
    }
  }

  private mutating func registerAll(_ attempt: Attempt) async throws(AttemptFailure) {
    let operation = attempt.operation
    session.connection.parameters.beginArray(0)
    session.connection.parameters.beginWideArray(1)
    for index in 0..<operation.count {
      session.connection.parameters.append(0, int4: operation[index].key)
      session.connection.parameters.append(1, int8: attempt.token(index))
    }
    try await session.connection.run(Self.registerMany, parameters: 2)
    if session.connection.reply.rows != operation.count { throw .leaseLost }
  }

  /// Connects again.
  public mutating func reopen() async throws(SetupFailure) { try await session.reopen() }

  /// Closes the connection.
  public consuming func close() async {}
}
