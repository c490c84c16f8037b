#if ZooKeeper
public import Model
public import Runtime

/// The records in ZooKeeper without protection, for locks around them: one node per record, its data the decimal number.
///
/// One `getData` for each record; one `setData`, or for several records a `multi` of them, so that they change together.
public struct ZooKeeperRecords: StoreClient, ~Copyable {
  private let session: Session

  /// Reads the addresses of the servers.
  public static func configure(_ environment: StrategyEnvironment) throws(SetupFailure) -> ZooKeeperConfiguration {
    try ZooKeeperConfiguration(environment)
  }

  /// Opens a session.
  public static func open(
    _ configuration: ZooKeeperConfiguration, _ worker: WorkerContext
  ) async throws(SetupFailure) -> ZooKeeperRecords {
    let session = Session(configuration, worker)
    try await session.open()
    return ZooKeeperRecords(session: session)
  }

  /// Reads the records of all steps.
  public mutating func read(_ attempt: inout Attempt) async throws(AttemptFailure) {
    for index in 0..<attempt.operation.count { _ = try await session.read(index, attempt) }
  }

  /// Writes the records of all steps that are not reads.
  public mutating func write(_ attempt: inout Attempt) async throws(AttemptFailure) {
    let changes = (0..<attempt.operation.count).compactMap { index in
      !attempt.operation[index].writes ? nil : session.change(index, attempt)
    }
    try await session.write(changes, attempt)
  }

  /// Waits for a connection, or opens another session.
  public mutating func reopen() async throws(SetupFailure) { try await session.reopen() }

  /// Ends the session.
  public consuming func close() async { session.close() }
}

extension Session {
  /// Reads the record of a step into the attempt's values; returns its version.
  func read(_ index: Int, _ attempt: Attempt) async throws(AttemptFailure) -> Int32 {
    let path = configuration.record(attempt.operation[index].key)
    try await perform(attempt) { $0.get(path) }
    guard let value = answer.value else {
      attempt.note(error: "ZooKeeper: \(path) does not hold a number")
      throw .error
    }
    attempt.values[index] = value
    return answer.version
  }

  /// What a step's value becomes, whatever the version of its node.
  func change(_ index: Int, _ attempt: Attempt, version: Int32 = -1) -> Handle.Change {
    Handle.Change(
      path: configuration.record(attempt.operation[index].key), version: version, value: attempt.values[index])
  }

  /// Makes all changes, or none.
  func write(_ changes: [Handle.Change], _ attempt: Attempt) async throws(AttemptFailure) {
    if changes.count == 1, let value = changes[0].value {
      try await perform(decides: true, attempt) { $0.set(changes[0].path, value, version: changes[0].version) }
    } else {
      try await perform(decides: true, attempt) { $0.multi(changes) }
    }
  }
}
#endif
