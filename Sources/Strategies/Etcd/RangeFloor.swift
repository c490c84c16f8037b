#if Etcd
internal import Model
internal import Runtime

/// `floor.etcd-range`: what any request to etcd costs at least.
struct RangeFloor: Strategy, ~Copyable {
  static let documentation = Documentation(
    floor: "what any request to etcd costs at least.",
    algorithm: """
      one serializable `Range` of the operation's first record, answered by the server at hand from its memory.
      """,
    guarantees: "nothing, and changes nothing: a measure for the others.",
    roundTrips: "0; nothing is held. 1 per operation, a call of gRPC.",
    source: #"etcd v3 API, "Range"."#)

  static let descriptor = StrategyDescriptor(
    id: "floor.etcd-range", summary: "serializable range of one record: the floor of every request",
    documentation: documentation, needs: ["etcd"], store: "etcd", options: EtcdConfiguration.options, scope: .network,
    threading: .shared, grade: .interesting)
  private let session: Session

  static func configure(_ environment: StrategyEnvironment) throws(SetupFailure) -> EtcdConfiguration {
    try EtcdConfiguration(environment)
  }

  static func open(
    _ configuration: EtcdConfiguration, _ worker: WorkerContext
  ) async throws(SetupFailure) -> RangeFloor {
    let session = Session(configuration, worker)
    try await session.open()
    return RangeFloor(session: session)
  }

  mutating func perform(_ attempt: inout Attempt) async throws(AttemptFailure) -> AttemptResult {
    let key = session.configuration.keys.record(attempt.operation[0].key)
    _ = try await session.perform(RangeRequest(keys: .one(key), isSerializable: true), attempt)
    return .committed
  }

  mutating func reopen() async throws(SetupFailure) { try await session.reopen() }
  consuming func close() async { await session.close() }
}
#endif
