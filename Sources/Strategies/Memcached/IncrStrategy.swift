#if Memcached
internal import Model
internal import Runtime

/// `memcached.incr`: the server adds.
struct IncrStrategy: Strategy, ~Copyable {
  static let documentation = Documentation(
    introduction: "the server adds.",
    algorithm: """
      `incr key amount`, or `decr key amount` for a negative one; the answer is the new value. Reads are `get`.
      """,
    guarantees: "no lost update of one record; no conflict, no retry.",
    doesNotGuarantee: """
      values below 0, which do not exist here: `decr` stops at 0 and says so to nobody. Values are 64-bit and unsigned;
      beyond 2^63 - 1 they end the attempt with an error here. That the record is still there: memcached evicts items
      when its memory is full, and keeps nothing over a restart.
      """,
    failureWindow: "a connection that is lost after the request was sent leaves the outcome unknown.",
    roundTrips: "0; nothing is held. 1 per attempt.",
    source: #"memcached, `doc/protocol.txt`, "Increment/Decrement"."#)

  static let descriptor = StrategyDescriptor.memcached(
    "incr", "incr: the server adds to one record", documentation, applicability: .unguardedAdd)
  private var connection: MemcachedConnection

  static func configure(_ environment: StrategyEnvironment) throws(SetupFailure) -> MemcachedConfiguration {
    try MemcachedConfiguration(environment)
  }

  static func open(
    _ configuration: MemcachedConfiguration, _ worker: WorkerContext
  ) async throws(SetupFailure) -> IncrStrategy {
    var connection = MemcachedConnection(configuration, worker)
    try await connection.open()
    return IncrStrategy(connection: connection)
  }

  mutating func perform(_ attempt: inout Attempt) async throws(AttemptFailure) -> AttemptResult {
    let step = attempt.operation[0]
    await attempt.hold()
    connection.request.clear()
    if step.effect == .read {
      connection.appendGet(step.key)
    } else {
      connection.request.append(step.operand < 0 ? "decr " : "incr ")
      connection.request.append(connection.configuration.records, step.key)
      connection.request.append(" ")
      connection.request.append(Int64(clamping: step.operand.magnitude))
      connection.request.append("\r\n")
    }
    try await connection.perform(1, decides: step.effect != .read, &attempt)
    try connection.takeValue(&attempt, step: 0)
    return .committed
  }

  mutating func reopen() async throws(SetupFailure) { try await connection.open() }
  consuming func close() async {}
}
#endif
