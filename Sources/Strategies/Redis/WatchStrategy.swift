public import Model
public import Runtime

/// `redis.watch`: optimistic transactions of Redis: read under `WATCH`, write only if nobody has written meanwhile.
public struct WatchStrategy: Strategy, ~Copyable {
  static let documentation = Documentation(
    introduction: "optimistic transactions of Redis: read under `WATCH`, write only if nobody has written meanwhile.",
    algorithm: """
      `WATCH keys` and `GET key` (`MGET keys` for several) in one round trip; decide; `MULTI`, `SET key value` (`MSET`
      for several) and `EXEC` in another. `EXEC` answers nil when a watched key was written since: the attempt ends as a
      conflict, and the scenario's retry policy decides about the next. An operation that the rule refuses sends
      `UNWATCH`; one that only reads sends just its `GET` or `MGET`.
      """,
    guarantees: "no lost update; several records change together; several values read belong to one moment.",
    doesNotGuarantee: "progress of a worker: under contention all but one of those that read the same state fail.",
    failureWindow: """
      a connection that is lost after `EXEC` was sent leaves the outcome unknown; lost earlier, nothing is stored.
      Everything acknowledged since the last save may be lost with the server (`appendonly`, `save`).
      """,
    roundTrips: "0; nothing is held. 2 per attempt.",
    source: #"Redis documentation, "Transactions", section "Optimistic locking using check-and-set"."#)

  /// What it is.
  public static let descriptor = StrategyDescriptor(
    id: "redis.watch", summary: "WATCH, GET, MULTI, SET, EXEC: fails when somebody else wrote",
    documentation: documentation, needs: ["redis"], store: "redis", scope: .network, threading: .shared,
    returnsValues: true)
  private var connection: RedisConnection

  /// Reads the address of the server.
  public static func configure(_ environment: StrategyEnvironment) throws(SetupFailure) -> RedisConfiguration {
    try RedisConfiguration(environment)
  }

  /// Connects.
  public static func open(
    _ configuration: RedisConfiguration, _ worker: WorkerContext
  ) async throws(SetupFailure) -> WatchStrategy {
    var connection = try RedisConnection(configuration, worker)
    try await connection.open()
    return WatchStrategy(connection: connection)
  }

  /// Reads, decides, writes unless somebody else has.
  public mutating func perform(_ attempt: inout Attempt) async throws(AttemptFailure) -> AttemptResult {
    try await read(&attempt)
    await attempt.hold()
    switch attempt.decide() {
    case .readOnly: return .committed
    case .refuse:
      try await unwatch(&attempt)
      return .refused
    case .write:
      try await execute(&attempt)
      return .committed
    }
  }

  private mutating func read(_ attempt: inout Attempt) async throws(AttemptFailure) {
    let operation = attempt.operation
    let watches = operation.isReadOnly ? 0 : 1
    connection.request.clear()
    if watches == 1 {
      connection.request.command(words: 1 + operation.count)
      connection.request.append("WATCH")
      for index in 0..<operation.count {
        connection.request.append(connection.configuration.records, operation[index].key)
      }
    }
    connection.appendRead(operation)
    try await connection.perform(watches + 1, decides: false, &attempt)
    try connection.takeValues(&attempt, reply: watches)
  }

  private mutating func unwatch(_ attempt: inout Attempt) async throws(AttemptFailure) {
    connection.request.clear()
    connection.request.command(words: 1)
    connection.request.append("UNWATCH")
    try await connection.perform(1, decides: false, &attempt)
  }

  private mutating func execute(_ attempt: inout Attempt) async throws(AttemptFailure) {
    connection.request.clear()
    connection.request.command(words: 1)
    connection.request.append("MULTI")
    connection.appendWrite(attempt)
    connection.request.command(words: 1)
    connection.request.append("EXEC")
    try await connection.perform(3, decides: true, &attempt)
    if connection.replies.kind == .nothing {
      // The queued command never ran, and the server counts commands when they run.
      connection.count(commands: -1)
      throw .conflict
    }
  }

  /// Connects again; the server has forgotten what was watched.
  public mutating func reopen() async throws(SetupFailure) { try await connection.open() }

  /// Closes the connection.
  public consuming func close() async {}
}
