#if Etcd
public import Model
public import Runtime

/// The records in etcd with a fence: a key beside each record keeps the highest token that it has seen, as twenty digits,
/// for the server compares texts.
///
/// One transaction compares the tokens of all records, leaves ours, and reads or writes; else it does nothing. So a read
/// that leaves its token is written to disk like a write.
public struct FencedEtcdRecords: FencedStoreClient, ~Copyable {
  private let session: Session

  /// Reads the address of the server.
  public static func configure(_ environment: StrategyEnvironment) throws(SetupFailure) -> EtcdConfiguration {
    try EtcdConfiguration(environment)
  }

  /// Opens a session.
  public static func open(
    _ configuration: EtcdConfiguration, _ worker: WorkerContext
  ) async throws(SetupFailure) -> FencedEtcdRecords {
    let session = Session(configuration, worker)
    try await session.open()
    return FencedEtcdRecords(session: session)
  }

  /// Reads the records of all steps.
  public mutating func read(_ attempt: inout Attempt) async throws(AttemptFailure) { try await session.read(attempt) }

  /// Reads the records of all steps, and leaves the tokens.
  public mutating func readRegistering(_ attempt: inout Attempt) async throws(AttemptFailure) {
    let answer = try await perform(session.reads(attempt), decides: false, attempt)
    try session.take(answer.ranges, attempt)
  }

  /// Writes the records of all steps that are not reads, and leaves the tokens of all.
  public mutating func writeChecking(_ attempt: inout Attempt) async throws(AttemptFailure) {
    _ = try await perform(session.writes(attempt), decides: true, attempt)
  }

  private func perform(
    _ steps: [TransactionRequest.Step], decides: Bool, _ attempt: Attempt
  ) async throws(AttemptFailure) -> TransactionResponse {
    var request = TransactionRequest(then: steps)
    for index in 0..<attempt.operation.count {
      let key = session.configuration.keys.fence(attempt.operation[index].key)
      let token = attempt.token(index)
      request.conditions.append(.isLess(key, than: Keys.digits(token + 1)))
      request.then.append(.put(PutRequest(key: key, value: Keys.digits(token))))
    }
    let answer = try await session.perform(request, decides: decides, attempt)
    guard answer.hasSucceeded else { throw .leaseLost }
    return answer
  }

  /// Connects again.
  public mutating func reopen() async throws(SetupFailure) { try await session.reopen() }

  /// Ends the session.
  public consuming func close() async { await session.close() }
}
#endif
