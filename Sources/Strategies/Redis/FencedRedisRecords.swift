public import Model
public import Runtime

/// The records in Redis with a fence: a key beside each record keeps the highest token that it has seen.
///
/// Scripts compare the tokens of all records, leave ours, and read or write; else they do nothing. Each way is one round
/// trip.
public struct FencedRedisRecords: FencedStoreClient, ~Copyable {
  private var connection: RedisConnection
  private let reading = Script(readScript)
  private let writing = Script(writeScript)

  /// Keys: the records, then their tokens. Arguments: our tokens.
  static let readScript: StaticString = """
    local count = #KEYS / 2
    local found = redis.call('MGET', unpack(KEYS))
    for i = 1, count do
      if tonumber(found[count + i] or 0) > tonumber(ARGV[i]) then return false end
    end
    for i = 1, count do redis.call('GETSET', KEYS[count + i], ARGV[i]) end
    return found
    """

  /// The same, followed by what to write: an empty text leaves the record alone.
  static let writeScript: StaticString = """
    local count = #KEYS / 2
    local found = redis.call('MGET', unpack(KEYS))
    for i = 1, count do
      if tonumber(found[count + i] or 0) > tonumber(ARGV[i]) then return false end
    end
    for i = 1, count do
      redis.call('GETSET', KEYS[count + i], ARGV[i])
      if ARGV[count + i] ~= '' then redis.call('GETSET', KEYS[i], ARGV[count + i]) end
    end
    return 1
    """

  /// Reads the address of the server.
  public static func configure(_ environment: StrategyEnvironment) throws(SetupFailure) -> RedisConfiguration {
    try RedisConfiguration(environment)
  }

  /// Connects and makes the server keep the scripts.
  public static func open(
    _ configuration: RedisConfiguration, _ worker: WorkerContext
  ) async throws(SetupFailure) -> FencedRedisRecords {
    var records = FencedRedisRecords(connection: try RedisConnection(configuration, worker))
    try await records.reopen()
    return records
  }

  private init(connection: consuming RedisConnection) { self.connection = connection }

  /// Connects, or connects again.
  public mutating func reopen() async throws(SetupFailure) {
    try await connection.open()
    try await reading.load(&connection)
    try await writing.load(&connection)
  }

  /// Closes the connection.
  public consuming func close() async {}

  /// Reads the value of each step.
  public mutating func read(_ attempt: inout Attempt) async throws(AttemptFailure) {
    connection.request.clear()
    connection.appendRead(attempt.operation)
    try await connection.perform(1, decides: false, &attempt)
    try connection.takeValues(&attempt, reply: 0)
  }

  /// Reads the value of each step, and leaves the tokens.
  public mutating func readRegistering(_ attempt: inout Attempt) async throws(AttemptFailure) {
    append(attempt, writes: false, withSource: false)
    try await connection.perform(1, decides: false, &attempt)
    if _slowPath(connection.replies.error == .missingScript) {
      append(attempt, writes: false, withSource: true)
      try await connection.perform(1, decides: false, &attempt)
    }
    if connection.replies.kind == .nothing { throw .leaseLost }
    try connection.takeElements(&attempt)
  }

  /// Writes the value of each step that changes something, and leaves the tokens of all.
  public mutating func writeChecking(_ attempt: inout Attempt) async throws(AttemptFailure) {
    append(attempt, writes: true, withSource: false)
    try await connection.perform(1, decides: true, &attempt)
    if _slowPath(connection.replies.error == .missingScript) {
      append(attempt, writes: true, withSource: true)
      try await connection.perform(1, decides: true, &attempt)
    }
    if connection.replies.kind == .nothing { throw .leaseLost }
  }

  private mutating func append(_ attempt: Attempt, writes: Bool, withSource: Bool) {
    let operation = attempt.operation
    let words = 1 + (writes ? 4 : 3) * operation.count
    if writes {
      writing.begin(&connection.request, words: words, withSource: withSource)
    } else {
      reading.begin(&connection.request, words: words, withSource: withSource)
    }
    connection.request.append(Int64(2 * operation.count))
    for index in 0..<operation.count {
      connection.request.append(connection.configuration.records, operation[index].key)
    }
    for index in 0..<operation.count {
      connection.request.append(connection.configuration.fences, operation[index].key)
    }
    for index in 0..<operation.count { connection.request.append(attempt.token(index)) }
    if !writes { return }
    for index in 0..<operation.count {
      if !operation[index].writes {
        connection.request.append("")
      } else {
        connection.request.append(attempt.values[index])
      }
    }
  }
}
