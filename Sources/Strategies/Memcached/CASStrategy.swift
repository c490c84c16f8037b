#if Memcached
internal import Model
internal import Runtime

/// `memcached.cas`: optimistic: store the new value only if nobody has stored one since we read.
struct CASStrategy: Strategy, ~Copyable {
  static let documentation = Documentation(
    introduction: "optimistic: store the new value only if nobody has stored one since we read.",
    algorithm: """
      `gets key`, which also returns the item's version (a 64-bit "cas unique"); decide; `cas key 0 0 length version`
      with the new value. `EXISTS` means that somebody else was faster: the attempt ends as a conflict, and the
      scenario's retry policy decides about the next.
      """,
    guarantees: "no lost update of one record, also against `set`, `incr` and whatever else changes the item.",
    doesNotGuarantee: """
      anything about several records: each has its own version. Progress of a worker. That the record is still there:
      memcached evicts items when its memory is full, and keeps nothing over a restart.
      """,
    failureWindow: "a connection that is lost after `cas` was sent leaves the outcome unknown.",
    roundTrips: "0; nothing is held. 2 per attempt.",
    source: #"memcached, `doc/protocol.txt`, "cas"."#)

  static let descriptor = StrategyDescriptor.memcached(
    "cas", "gets, decide, cas: fails when somebody else stored", documentation, applicability: .singleKey)
  private var connection: MemcachedConnection

  static func configure(_ environment: StrategyEnvironment) throws(SetupFailure) -> MemcachedConfiguration {
    try MemcachedConfiguration(environment)
  }

  static func open(
    _ configuration: MemcachedConfiguration, _ worker: WorkerContext
  ) async throws(SetupFailure) -> CASStrategy {
    var connection = MemcachedConnection(configuration, worker)
    try await connection.open()
    return CASStrategy(connection: connection)
  }

  mutating func perform(_ attempt: inout Attempt) async throws(AttemptFailure) -> AttemptResult {
    let key = attempt.operation[0].key
    connection.request.clear()
    connection.request.append("gets ")
    connection.request.append(connection.configuration.records, key)
    connection.request.append("\r\n")
    try await connection.perform(1, decides: false, &attempt)
    try connection.takeValue(&attempt, step: 0)
    let version = connection.replies.version(0)
    await attempt.hold()
    switch attempt.decide() {
    case .readOnly: return .committed
    case .refuse: return .refused
    case .write: try await store(key, version, &attempt)
    }
    return .committed
  }

  private mutating func store(
    _ key: Int32, _ version: Int64, _ attempt: inout Attempt
  ) async throws(AttemptFailure) {
    let value = attempt.values[0]
    connection.request.clear()
    connection.request.append("cas ")
    connection.request.append(connection.configuration.records, key)
    connection.request.append(" 0 0 ")
    connection.request.append(Int64(value.decimalLength))
    connection.request.append(" ")
    connection.request.append(version)
    connection.request.append("\r\n")
    connection.request.append(value)
    connection.request.append("\r\n")
    try await connection.perform(1, decides: true, &attempt)
    switch connection.replies.kind(0) {
    case .stored: return
    case .exists: throw .conflict
    default: throw connection.missing(key, attempt)
    }
  }

  mutating func reopen() async throws(SetupFailure) { try await connection.open() }
  consuming func close() async {}
}
#endif
