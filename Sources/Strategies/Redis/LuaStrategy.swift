public import Model
public import Runtime

/// `redis.lua`: the whole operation in one script, which the server runs without anybody in between.
public struct LuaStrategy: Strategy, ~Copyable {
  static let documentation = Documentation(
    introduction: "the whole operation in one script, which the server runs without anybody in between.",
    algorithm: """
      `EVALSHA sha n keys changes-and-limits`; the script gets all values with one `MGET`, refuses when a value is
      outside its limits, and otherwise adds each change with `INCRBY`. A claim is "add the token if the value is 0 to
      0". When the server does not know the script (`NOSCRIPT`), its source is sent with `EVAL`, and the server keeps
      it. An operation that only reads sends `GET` or `MGET`.

      \("\(source)".split(separator: "\n").map { "    \($0)" }.joined(separator: "\n"))
      """,
    guarantees: """
      no lost update, no conflict, no retry; several records change together or not at all, and several values read
      belong to one moment.
      """,
    doesNotGuarantee: "values beyond 2^53, which Lua cannot tell apart; they end the attempt with an error.",
    failureWindow: """
      a connection that is lost after the request was sent leaves the outcome unknown. Everything acknowledged since the
      last save may be lost with the server (`appendonly`, `save`). A slow script stops everybody.
      """,
    roundTrips: "0; nothing is held. 1 per attempt.",
    source: #"Redis documentation, "Scripting with Lua"."#)

  /// What it is.
  public static let descriptor = StrategyDescriptor(
    id: "redis.lua", summary: "one script that checks and changes all records", documentation: documentation,
    needs: ["redis"], store: "redis", scope: .network, threading: .shared, returnsValues: true)
  private var connection: RedisConnection
  private let script: Script

  static let source: StaticString = """
    local values = redis.call('MGET', unpack(KEYS))
    for i, key in ipairs(KEYS) do
      local value = tonumber(values[i])
      if not value then return redis.error_reply('ERR record ' .. key .. ' is missing') end
      if math.abs(value) > 2^53 then return redis.error_reply('ERR record ' .. key .. ' exceeds 2^53') end
      local least, most = tonumber(ARGV[3 * i - 1]), tonumber(ARGV[3 * i])
      if (least and value < least) or (most and value > most) then return false end
      values[i] = value
    end
    for i, key in ipairs(KEYS) do
      local change = ARGV[3 * i - 2]
      if change ~= '0' then values[i] = redis.call('INCRBY', key, change) end
    end
    return values
    """

  /// Reads the address of the server.
  public static func configure(_ environment: StrategyEnvironment) throws(SetupFailure) -> RedisConfiguration {
    try RedisConfiguration(environment)
  }

  /// Connects and makes the server keep the script.
  public static func open(
    _ configuration: RedisConfiguration, _ worker: WorkerContext
  ) async throws(SetupFailure) -> LuaStrategy {
    var connection = try RedisConnection(configuration, worker)
    let script = Script(source)
    try await connection.open()
    try await script.load(&connection)
    return LuaStrategy(connection: connection, script: script)
  }

  /// Runs the script, or just reads.
  public mutating func perform(_ attempt: inout Attempt) async throws(AttemptFailure) -> AttemptResult {
    await attempt.hold()
    if attempt.operation.isReadOnly {
      connection.request.clear()
      connection.appendRead(attempt.operation)
      try await connection.perform(1, decides: false, &attempt)
      try connection.takeValues(&attempt, reply: 0)
      return .committed
    }
    try await runScript(&attempt)
    if connection.replies.kind == .nothing { return .refused }
    try connection.takeElements(&attempt)
    return .committed
  }

  private mutating func runScript(_ attempt: inout Attempt) async throws(AttemptFailure) {
    build(attempt.operation, withSource: false)
    try await connection.perform(1, decides: true, &attempt)
    if _slowPath(connection.replies.error == .missingScript) {
      build(attempt.operation, withSource: true)
      try await connection.perform(1, decides: true, &attempt)
    }
  }

  private mutating func build(_ operation: Operation, withSource: Bool) {
    script.begin(&connection.request, words: 1 + 4 * operation.count, withSource: withSource)
    connection.request.append(Int64(operation.count))
    for index in 0..<operation.count {
      connection.request.append(connection.configuration.records, operation[index].key)
    }
    for index in 0..<operation.count {
      let change = GuardedChange(operation[index], token: operation.token)
      connection.request.append(change.amount)
      connection.request.append(limit: change.least)
      connection.request.append(limit: change.most)
    }
  }

  /// Connects again, and makes sure of the script.
  public mutating func reopen() async throws(SetupFailure) {
    try await connection.open()
    try await script.load(&connection)
  }

  /// Closes the connection.
  public consuming func close() async {}
}

/// A step as the script sees it: add an amount if the value lies between two limits.
struct GuardedChange: Equatable {
  var amount: Int64 = 0
  /// The least value that allows the change; nil for any.
  var least: Int64?
  /// The greatest value that allows the change; nil for any.
  var most: Int64?

  init(_ step: Step, token: Int64) {
    switch step.effect {
    case .read: break
    case .add:
      amount = step.operand
      if step.bound != .min { least = Self.difference(step.bound, step.operand) }
    case .claim, .release, .requireFree:
      let expected = step.expected(token: token)
      amount = step.replacement(token: token) - expected
      least = expected
      most = expected
    }
  }

  /// `bound - operand`, or the limit of 64 bits that is nearest to it.
  private static func difference(_ bound: Int64, _ operand: Int64) -> Int64 {
    let (difference, hasOverflown) = bound.subtractingReportingOverflow(operand)
    return hasOverflown ? (operand < 0 ? .max : .min) : difference
  }
}

extension RequestBuffer {
  /// A limit, or an empty word for none.
  fileprivate mutating func append(limit: Int64?) {
    if let limit { append(limit) } else { append("") }
  }
}
