#if Etcd
internal import Model
internal import Runtime

/// `etcd.txn`: a transaction that writes only if nobody has written since the read: compare and set.
struct TxnStrategy: Strategy, ~Copyable {
  static let documentation = Documentation(
    introduction: "a transaction that writes only if nobody has written since the read: compare and set.",
    algorithm: """
      one transaction of reads gives values and revisions of all records; decide; one transaction compares `MOD(key) ==
      revision` for each record that was read, and puts the changed ones. If a comparison fails, nothing is written: a
      `conflict`, and the retry policy decides when to read again. Operations that only read end with the first
      transaction.
      """,
    guarantees: """
      no lost update; several records change together; several values read belong to one moment, and are the newest
      (reads go through the leader's quorum).
      """,
    doesNotGuarantee: "progress of one worker: under contention most attempts lose.",
    failureWindow: "none; nothing is held. A lost answer to the second transaction leaves the outcome `unknown`.",
    roundTrips: "0; an attempt takes 2. Requests are calls of gRPC, as those of etcd's own clients.",
    source: #"etcd v3 API, "Transaction"; `clientv3.OpPut` under `If(Compare(ModRevision(key), "=", revision))`."#)

  static let descriptor = StrategyDescriptor.etcd(
    "txn", "transaction under comparisons of revisions: compare and set", documentation)
  private let session: Session

  static func configure(_ environment: StrategyEnvironment) throws(SetupFailure) -> EtcdConfiguration {
    try EtcdConfiguration(environment)
  }

  static func open(
    _ configuration: EtcdConfiguration, _ worker: WorkerContext
  ) async throws(SetupFailure) -> TxnStrategy {
    let session = Session(configuration, worker)
    try await session.open()
    return TxnStrategy(session: session)
  }

  mutating func perform(_ attempt: inout Attempt) async throws(AttemptFailure) -> AttemptResult {
    try await session.read(attempt)
    if attempt.operation.isReadOnly { return .committed }
    await attempt.hold()
    guard attempt.decide() == .write else { return .refused }
    guard try await session.write(ifUnchanged: true, attempt) else { throw .conflict }
    return .committed
  }

  mutating func reopen() async throws(SetupFailure) { try await session.reopen() }
  consuming func close() async { await session.close() }
}
#endif
