internal import CHiredis
internal import Model
internal import Runtime

/// A session whose replies hold messages: whole replies, as hiredis builds them. Not for operations that count
/// allocations.
struct StreamConnection: ~Copyable {
  /// Where a request is built.
  var connection: RedisConnection
  private var reader: UnsafeMutablePointer<redisReader>?
  /// The text of the last error that is no part of the game.
  private(set) var errorText: String?

  init(_ configuration: RedisConfiguration, _ worker: WorkerContext) throws(SetupFailure) {
    connection = try RedisConnection(configuration, worker)
  }

  deinit {
    if let reader { redisReaderFree(reader) }
  }

  /// Connects, or connects again.
  mutating func open() async throws(SetupFailure) {
    dropReader()
    try await connection.open()
    reader = redisReaderCreate()
  }

  /// The last error was one that is part of the game.
  mutating func forgetError() { errorText = nil }

  /// Closes the connection.
  mutating func close() {
    connection.drop()
    dropReader()
  }

  private mutating func dropReader() {
    if let reader { redisReaderFree(reader) }
    reader = nil
  }

  /// Sends the request and waits for its replies.
  ///
  /// - Parameters:
  ///   - commands: how many replies there are.
  ///   - deadline: a moment of ``monotonicNow()`` after which the server is given up.
  ///   - body: is given the last reply.
  /// - Throws: ``AttemptFailure/ambiguous`` when the connection was lost before all replies had come, and
  ///   ``AttemptFailure/connectionLost`` when nothing was sent, or the group of receivers is gone.
  mutating func ask<Result>(
    _ commands: Int, until deadline: Int64, _ body: (redisReply) -> Result
  ) async throws(AttemptFailure) -> Result {
    guard let readiness = connection.readiness, reader != nil else { throw .connectionLost }
    connection.count(commands: commands)
    guard connection.post() else { throw lose(.connectionLost) }
    var left = commands
    while true {
      while let reply = try nextReply() {
        defer { freeReplyObject(reply) }
        if let failure = failure(of: reply.pointee) { throw left > 1 ? lose(failure) : failure }
        left -= 1
        if left == 0 { return body(reply.pointee) }
      }
      guard await connection.loop.wait(for: readiness, until: deadline) else { throw lose(.ambiguous) }
      try receive()
    }
  }

  private mutating func nextReply() throws(AttemptFailure) -> UnsafeMutablePointer<redisReply>? {
    var object: UnsafeMutableRawPointer?
    guard redisReaderGetReply(reader, &object) == REDIS_OK else { throw lose(.ambiguous) }
    return object?.assumingMemoryBound(to: redisReply.self)
  }

  private mutating func receive() throws(AttemptFailure) {
    while true {
      let reader = reader
      switch connection.receiveBytes({ redisReaderFeed(reader, $0, $1) == REDIS_OK }) {
      case .some: continue
      case .nothing: return
      case .lost: throw lose(.ambiguous)
      }
    }
  }

  private mutating func lose(_ failure: AttemptFailure) -> AttemptFailure {
    close()
    return failure
  }

  /// What an error reply means; nil when it is none.
  private mutating func failure(of reply: redisReply) -> AttemptFailure? {
    guard reply.type == REDIS_REPLY_ERROR else { return nil }
    let bytes = UnsafeRawBufferPointer(start: reply.str, count: reply.len)
    let text = String(decoding: bytes, as: UTF8.self)
    // The server has lost what it held: opening makes the group again.
    if text.hasPrefix("NOGROUP") { return lose(.connectionLost) }
    let failure = ErrorReply(bytes).failure
    if failure.breaksSession { return lose(failure) }
    errorText = "Redis answered: \(text)"
    return failure
  }
}

extension redisReply {
  /// An element of an array; nil when there is none, or when it is null.
  func element(_ index: Int) -> redisReply? {
    guard type == REDIS_REPLY_ARRAY, index < elements, let element = element[index]?.pointee,
      element.type != REDIS_REPLY_NIL
    else { return nil }
    return element
  }

  /// The bytes of a text; none for anything else.
  var bytes: UnsafeRawBufferPointer {
    UnsafeRawBufferPointer(start: str, count: type == REDIS_REPLY_STRING ? len : 0)
  }
}
