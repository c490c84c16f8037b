public import Model
public import Runtime

/// `redis.none`: no protection at all.
public struct NoneStrategy: Strategy, ~Copyable {
  static let documentation = Documentation(
    introduction: "no protection at all. A planted control: the checkers must catch it.",
    algorithm: """
      `GET key` for each record, decide, `SET key value` for each that changes; one round trip each, as naive code does
      it.
      """,
    guarantees: "nothing. Every command is atomic by itself, so that no value is ever half written.",
    doesNotGuarantee: "that any acknowledged update stays, or that several values read belong together.",
    failureWindow: "from the first `GET` to the last `SET`; several records may be left half changed.",
    roundTrips: "0; nothing is held.",
    source: #"the lost update P4 of Berenson et al. 1995, "A Critique of ANSI SQL Isolation Levels"."#)

  /// What it is.
  public static let descriptor = StrategyDescriptor(
    id: "redis.none", summary: "GET, decide, SET without protection: the control that must lose updates",
    documentation: documentation, needs: ["redis"], store: "redis", scope: .network, threading: .shared,
    grade: .required, returnsValues: true)
  private var connection: RedisConnection

  /// Reads the address of the server.
  public static func configure(_ environment: StrategyEnvironment) throws(SetupFailure) -> RedisConfiguration {
    try RedisConfiguration(environment)
  }

  /// Connects.
  public static func open(
    _ configuration: RedisConfiguration, _ worker: WorkerContext
  ) async throws(SetupFailure) -> NoneStrategy {
    var connection = try RedisConnection(configuration, worker)
    try await connection.open()
    return NoneStrategy(connection: connection)
  }

  /// Believes to be alone, as the witness shows.
  public mutating func perform(_ attempt: inout Attempt) async throws(AttemptFailure) -> AttemptResult {
    attempt.enter()
    try await read(&attempt)
    await attempt.hold()
    let decision = attempt.decide()
    if decision == .write { try await write(&attempt) }
    attempt.leave()
    return decision == .refuse ? .refused : .committed
  }

  private mutating func read(_ attempt: inout Attempt) async throws(AttemptFailure) {
    for index in 0..<attempt.operation.count {
      connection.request.clear()
      connection.request.command(words: 2)
      connection.request.append("GET")
      connection.request.append(connection.configuration.records, attempt.operation[index].key)
      try await connection.perform(1, decides: false, &attempt)
      try connection.takeValue(&attempt, step: index, reply: 0)
    }
  }

  private mutating func write(_ attempt: inout Attempt) async throws(AttemptFailure) {
    var hasWritten = false
    for index in 0..<attempt.operation.count where attempt.operation[index].writes {
      connection.request.clear()
      connection.request.command(words: 3)
      connection.request.append("SET")
      connection.request.append(connection.configuration.records, attempt.operation[index].key)
      connection.request.append(attempt.values[index])
      do throws(AttemptFailure) {
        try await connection.perform(1, decides: true, &attempt)
      } catch {
        // A part of the operation is in the store and stays there.
        throw hasWritten ? .ambiguous : error
      }
      hasWritten = true
    }
  }

  /// Connects again.
  public mutating func reopen() async throws(SetupFailure) { try await connection.open() }

  /// Closes the connection.
  public consuming func close() async {}
}
