#if Memcached
internal import Model
internal import Runtime

/// `floor.memcached-get`: what reading a record costs at least.
struct FloorStrategy: Strategy, ~Copyable {
  static let documentation = Documentation(
    floor: "what reading a record costs at least.",
    algorithm: "`get key` of the operation's first record. The records are not changed.",
    guarantees: "nothing; acknowledged operations have no effect, and checkers say so.",
    roundTrips: "0; 1 per operation.",
    source: #"memcached, `doc/protocol.txt`, "get"."#)

  static let descriptor = StrategyDescriptor(
    id: "floor.memcached-get", summary: "get of one key: the floor of every operation on memcached",
    documentation: documentation, needs: ["memcached"], store: "memcached", scope: .network, threading: .shared,
    grade: .interesting)
  private var connection: MemcachedConnection

  static func configure(_ environment: StrategyEnvironment) throws(SetupFailure) -> MemcachedConfiguration {
    try MemcachedConfiguration(environment)
  }

  static func open(
    _ configuration: MemcachedConfiguration, _ worker: WorkerContext
  ) async throws(SetupFailure) -> FloorStrategy {
    var connection = MemcachedConnection(configuration, worker)
    try await connection.open()
    return FloorStrategy(connection: connection)
  }

  mutating func perform(_ attempt: inout Attempt) async throws(AttemptFailure) -> AttemptResult {
    connection.request.clear()
    connection.appendGet(attempt.operation[0].key)
    try await connection.perform(1, decides: false, &attempt)
    return .committed
  }

  mutating func reopen() async throws(SetupFailure) { try await connection.open() }
  consuming func close() async {}
}
#endif
