public import Model
public import Runtime

/// The table `records` without protection, for locks in other places: in memory, in Redis, in PostgreSQL itself.
///
/// One statement reads all records of an operation, one statement writes all changed ones: `SELECT ... WHERE id = $1` or
/// `id = ANY ($1)`; `UPDATE ... WHERE id = $1`, or with `unnest` for several, so that they change together.
public struct PostgresRecords: StoreClient, ~Copyable {
  private var session: Session

  static var writeMany: Statement {
    Statement(
      "write-many",
      """
      UPDATE records SET value = new.value
      FROM unnest($1::int4[], $2::int8[]) AS new (id, value) WHERE records.id = new.id
      """)
  }

  /// What sessions prepare.
  static var statements: [Statement] { [.read, .readMany, .write, writeMany] }

  /// Checks the address.
  public static func configure(_ environment: StrategyEnvironment) throws(SetupFailure) -> SessionPlan {
    try SessionPlan(environment, statements)
  }

  /// Connects.
  public static func open(
    _ plan: SessionPlan, _ worker: WorkerContext
  ) async throws(SetupFailure) -> PostgresRecords {
    PostgresRecords(session: try await Session(plan, worker))
  }

  /// Reads the records of all steps.
  public mutating func read(_ attempt: inout Attempt) async throws(AttemptFailure) {
    do throws(AttemptFailure) {
      try await session.connection.readTogether(attempt)
    } catch {
      throw await session.connection.abandon(error, attempt)
    }
  }

  /// Writes the records of all steps that are not reads.
  public mutating func write(_ attempt: inout Attempt) async throws(AttemptFailure) {
    do throws(AttemptFailure) {
      try await session.connection.writeTogether(attempt, decides: true)
    } catch {
      throw await session.connection.abandon(error, attempt)
    }
  }

  /// Connects again.
  public mutating func reopen() async throws(SetupFailure) { try await session.reopen() }

  /// Closes the connection.
  public consuming func close() async {}
}

extension Connection {
  /// Writes all changed records with one statement.
  mutating func writeTogether(_ attempt: Attempt, decides: Bool) async throws(AttemptFailure) {
    if attempt.operation.count == 1 {
      setWrite(0, attempt)
      try await run(.write, parameters: 2, decides: decides)
      return try requireRecords(reply.affected, of: 1)
    }
    var changed = 0
    parameters.beginArray(0)
    parameters.beginWideArray(1)
    for index in 0..<attempt.operation.count where attempt.operation[index].writes {
      parameters.append(0, int4: attempt.operation[index].key)
      parameters.append(1, int8: attempt.values[index])
      changed &+= 1
    }
    try await run(PostgresRecords.writeMany, parameters: 2, decides: decides)
    try requireRecords(reply.affected, of: changed)
  }
}
