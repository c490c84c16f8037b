internal import Model
internal import Runtime

/// Records in Redis that know the greatest fencing token they have seen, and refuse lesser ones.
struct FencedRecords: ~Copyable {
  private var connection: RedisConnection
  private let reading = Script(readScript)
  private let writing = Script(writeScript)
  /// The token of each step's lock.
  let tokens = UnsafeMutablePointer<Int64>.allocate(capacity: Operation.maximumSteps)

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

  static func open(
    _ configuration: RedisConfiguration, _ worker: WorkerContext
  ) async throws(SetupFailure) -> FencedRecords {
    var records = FencedRecords(connection: try RedisConnection(configuration, worker))
    try await records.connect()
    return records
  }

  private init(connection: consuming RedisConnection) { self.connection = connection }

  deinit { tokens.deallocate() }

  /// Connects, or connects again.
  mutating func connect() async throws(SetupFailure) {
    try await connection.open()
    try await reading.load(&connection)
    try await writing.load(&connection)
  }

  /// Reads the value of each step.
  ///
  /// - Throws: `lease-lost` when a record has seen a greater token.
  mutating func read(_ attempt: inout Attempt) async throws(AttemptFailure) {
    append(attempt, writes: false, withSource: false)
    try await connection.perform(1, decides: false, &attempt)
    if _slowPath(connection.replies.error == .missingScript) {
      append(attempt, writes: false, withSource: true)
      try await connection.perform(1, decides: false, &attempt)
    }
    if connection.replies.kind == .nothing { throw .leaseLost }
    try connection.takeElements(&attempt)
  }

  /// Writes the value of each step that changes something, all or none.
  ///
  /// - Throws: `lease-lost` when a record has seen a greater token.
  mutating func write(_ attempt: inout Attempt) async throws(AttemptFailure) {
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
    for index in 0..<operation.count { connection.request.append(tokens[index]) }
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
