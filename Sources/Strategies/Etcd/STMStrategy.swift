#if Etcd
internal import Model
internal import Runtime

/// `etcd.stm`: software transactional memory of etcd's Go client, at its default isolation, serializable snapshot.
struct STMStrategy: Strategy, ~Copyable {
  static let documentation = Documentation(
    introduction: "software transactional memory of etcd's Go client, at its default isolation, serializable snapshot.",
    algorithm: """
      the first record is read with a range request, whose revision every further read asks for, one request per record:
      a snapshot. Decide; one transaction compares `MOD(key) == revision` for each record that was read, and puts the
      changed ones. If a comparison fails, its other branch reads all records again in the same request, and the next
      attempt begins with those: a `conflict` costs one round trip less than with `etcd.txn`. Operations that only read
      end without a transaction, for a snapshot needs no check.
      """,
    guarantees: """
      no lost update; several records change together; several values read belong to one moment, which is not before the
      operation began.
      """,
    doesNotGuarantee: """
      progress of one worker. The Go client tries again at once and for ever; here the scenario's retry policy decides,
      and values that were fetched before a long backoff are more often out of date: state `retry: {backoff: none}` for
      what the client does.
      """,
    failureWindow: "none; nothing is held. A lost answer to the transaction leaves the outcome `unknown`.",
    roundTrips: """
      0; a first attempt takes 1 per record and 1 to write, each further one 1. Requests are calls of gRPC, as those of
      etcd's own clients.
      """,
    source: """
      go.etcd.io/etcd/client/v3/concurrency, `NewSTM` with `SerializableSnapshot` (`stmSerializable` with `prefetch`).
      """)

  static let descriptor = StrategyDescriptor.etcd(
    "stm", "software transactional memory: reads of one snapshot, then a transaction that checks them", documentation)
  private let session: Session
  /// The steps of the operation whose records the last conflict has fetched into `fetched`: the next operation's steps
  /// are elsewhere.
  private var fetchedFor: UnsafePointer<Step>?
  private var fetched: [Int64] = []

  static func configure(_ environment: StrategyEnvironment) throws(SetupFailure) -> EtcdConfiguration {
    try EtcdConfiguration(environment)
  }

  static func open(
    _ configuration: EtcdConfiguration, _ worker: WorkerContext
  ) async throws(SetupFailure) -> STMStrategy {
    let session = Session(configuration, worker)
    try await session.open()
    return STMStrategy(session: session)
  }

  private init(session: Session) { self.session = session }

  mutating func perform(_ attempt: inout Attempt) async throws(AttemptFailure) -> AttemptResult {
    let operation = attempt.operation
    if fetchedFor == operation.steps {
      for index in 0..<operation.count { attempt.values[index] = fetched[index] }
    } else {
      try await session.readSnapshot(attempt)
    }
    fetchedFor = nil
    if operation.isReadOnly { return .committed }
    await attempt.hold()
    guard attempt.decide() == .write else { return .refused }
    if try await session.write(ifUnchanged: true, readsOtherwise: true, attempt) { return .committed }
    fetched = (0..<operation.count).map { attempt.values[$0] }
    fetchedFor = operation.steps
    throw .conflict
  }

  mutating func reopen() async throws(SetupFailure) {
    fetchedFor = nil
    try await session.reopen()
  }

  consuming func close() async { await session.close() }
}
#endif
