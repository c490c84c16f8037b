#if MariaDB
public import Model
public import Runtime

/// The table `records` with a fence: its column `version` keeps the highest token that each record has seen.
///
/// A read that leaves its token is an `UPDATE` and a `SELECT`: what is read after the token is there, no older holder
/// changes any more. Several records are a transaction, so that all change or none.
public struct FencedMariaDBRecords: FencedStoreClient, ~Copyable {
  private let session: Session

  /// Reads the address.
  public static func configure(_ environment: StrategyEnvironment) throws(SetupFailure) -> MariaDBConfiguration {
    try MariaDBConfiguration(environment)
  }

  /// Connects.
  public static func open(
    _ configuration: MariaDBConfiguration, _ worker: WorkerContext
  ) async throws(SetupFailure) -> FencedMariaDBRecords {
    FencedMariaDBRecords(session: try await Session(configuration, worker))
  }

  /// Reads the records of all steps.
  public mutating func read(_ attempt: inout Attempt) async throws(AttemptFailure) {
    do throws(AttemptFailure) {
      try await session.readTogether(attempt)
    } catch {
      throw await session.abandon(error, attempt)
    }
  }

  /// Leaves the tokens in the records of all steps, and reads them.
  public mutating func readRegistering(_ attempt: inout Attempt) async throws(AttemptFailure) {
    do throws(AttemptFailure) {
      let isSingle = attempt.operation.count == 1
      if !isSingle { try await session.begin() }
      for index in 0..<attempt.operation.count { try await register(index, attempt) }
      try await session.readTogether(attempt)
      if !isSingle { try await session.commit(decides: false) }
    } catch {
      throw await session.abandon(error, attempt)
    }
  }

  /// Writes the records of all steps that are not reads, and leaves the tokens in all.
  public mutating func writeChecking(_ attempt: inout Attempt) async throws(AttemptFailure) {
    do throws(AttemptFailure) {
      if attempt.operation.count == 1 { return try await register(0, attempt, writes: true) }
      try await session.begin()
      for index in 0..<attempt.operation.count {
        try await register(index, attempt, writes: attempt.operation[index].writes)
      }
      try await session.commit()
    } catch {
      throw await session.abandon(error, attempt)
    }
  }

  /// Leaves the token of a step in its record, with its value if it writes.
  private func register(_ index: Int, _ attempt: Attempt, writes: Bool = false) async throws(AttemptFailure) {
    let connection = session.connection
    connection.statement.clear()
    connection.statement.append("UPDATE records SET version = ")
    connection.statement.append(attempt.token(index))
    if writes {
      connection.statement.append(", value = ")
      connection.statement.append(attempt.values[index])
    }
    connection.statement.append(" WHERE id = ")
    connection.statement.append(Int64(attempt.operation[index].key))
    connection.statement.append(" AND version <= ")
    connection.statement.append(attempt.token(index))
    try await connection.run(decides: writes && attempt.operation.count == 1)
    if connection.affected == 0 { throw .leaseLost }
  }

  /// Connects again.
  public mutating func reopen() async throws(SetupFailure) { try await session.reopen() }

  /// Closes the connection.
  public consuming func close() async {}
}
#endif
