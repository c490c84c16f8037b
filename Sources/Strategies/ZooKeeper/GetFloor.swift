#if ZooKeeper
internal import Model
internal import Runtime

/// `floor.zookeeper-get`: what any request to ZooKeeper costs at least.
struct GetFloor: Strategy, ~Copyable {
  static let documentation = Documentation(
    floor: "what any request to ZooKeeper costs at least.",
    algorithm: """
      `getData` of the operation's first record, whatever the operation asks for. Answered from memory by the server at
      hand, so it is no floor for writes, which are synced to disk.
      """,
    guarantees: "nothing, and changes nothing: a measure for the others.",
    roundTrips: "0; nothing is held. 1 per operation.",
    source: #"ZooKeeper Programmer's Guide, "Guide to ZooKeeper Operations"."#)

  static let descriptor = StrategyDescriptor.zookeeperFloor(
    "get", "getData of one record: the floor of every request", documentation)
  private let session: Session

  static func configure(_ environment: StrategyEnvironment) throws(SetupFailure) -> ZooKeeperConfiguration {
    try ZooKeeperConfiguration(environment)
  }

  static func open(
    _ configuration: ZooKeeperConfiguration, _ worker: WorkerContext
  ) async throws(SetupFailure) -> GetFloor {
    let session = Session(configuration, worker)
    try await session.open()
    return GetFloor(session: session)
  }

  mutating func perform(_ attempt: inout Attempt) async throws(AttemptFailure) -> AttemptResult {
    _ = try await session.read(0, attempt)
    return .committed
  }

  mutating func reopen() async throws(SetupFailure) { try await session.reopen() }
  consuming func close() async { session.close() }
}
#endif
