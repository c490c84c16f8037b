#if MariaDB
public import Model
public import Runtime

/// The table `records` without protection, for locks around it: one `SELECT` for all records of an operation; one
/// `UPDATE`, or for several records a transaction of them, so that they change together.
public struct MariaDBRecords: StoreClient, ~Copyable {
  private let session: Session

  /// Reads the address.
  public static func configure(_ environment: StrategyEnvironment) throws(SetupFailure) -> MariaDBConfiguration {
    try MariaDBConfiguration(environment)
  }

  /// Connects.
  public static func open(
    _ configuration: MariaDBConfiguration, _ worker: WorkerContext
  ) async throws(SetupFailure) -> MariaDBRecords {
    MariaDBRecords(session: try await Session(configuration, worker))
  }

  /// Reads the records of all steps.
  public mutating func read(_ attempt: inout Attempt) async throws(AttemptFailure) {
    do throws(AttemptFailure) {
      try await session.readTogether(attempt)
    } catch {
      throw await session.abandon(error, attempt)
    }
  }

  /// Writes the records of all steps that are not reads.
  public mutating func write(_ attempt: inout Attempt) async throws(AttemptFailure) {
    do throws(AttemptFailure) {
      if attempt.operation.count == 1 { return try await session.write(0, attempt, decides: true) }
      try await session.begin()
      try await session.write(attempt)
      try await session.commit()
    } catch {
      throw await session.abandon(error, attempt)
    }
  }

  /// Connects again.
  public mutating func reopen() async throws(SetupFailure) { try await session.reopen() }

  /// Closes the connection.
  public consuming func close() async {}
}
#endif
