#if Etcd
public import Model
public import Runtime

/// The records in etcd without protection, for locks around them: one key per record, its value the decimal number.
///
/// One transaction reads all records of an operation, one writes all changed ones.
public struct EtcdRecords: StoreClient, ~Copyable {
  private let session: Session

  /// Reads the address of the server.
  public static func configure(_ environment: StrategyEnvironment) throws(SetupFailure) -> EtcdConfiguration {
    try EtcdConfiguration(environment)
  }

  /// Opens a session.
  public static func open(
    _ configuration: EtcdConfiguration, _ worker: WorkerContext
  ) async throws(SetupFailure) -> EtcdRecords {
    let session = Session(configuration, worker)
    try await session.open()
    return EtcdRecords(session: session)
  }

  /// Reads the records of all steps.
  public mutating func read(_ attempt: inout Attempt) async throws(AttemptFailure) { try await session.read(attempt) }

  /// Writes the records of all steps that are not reads.
  public mutating func write(_ attempt: inout Attempt) async throws(AttemptFailure) {
    _ = try await session.write(attempt)
  }

  /// Connects again.
  public mutating func reopen() async throws(SetupFailure) { try await session.reopen() }

  /// Ends the session.
  public consuming func close() async { await session.close() }
}
#endif
