internal import CHiredis
internal import Runtime

/// A session in which the server speaks unasked: requests are posted, and what comes is read by hiredis' reader.
struct SubscriberConnection: ~Copyable {
  /// What came for a channel.
  enum Event {
    /// The server confirms the subscription.
    case subscribed
    /// Somebody published a message.
    case message
  }

  private var connection: RedisConnection
  private let reader: UnsafeMutablePointer<redisReader>
  let readiness: Readiness

  /// Takes over an open connection; nil when it is none, or when there is no memory.
  init?(_ connection: consuming RedisConnection) {
    guard let readiness = connection.readiness, let reader = redisReaderCreate() else { return nil }
    self.readiness = readiness
    self.reader = reader
    self.connection = connection
  }

  deinit { redisReaderFree(reader) }

  /// Sends `SUBSCRIBE` or `UNSUBSCRIBE` of one channel.
  ///
  /// - Returns: false when the connection is lost.
  mutating func post(_ command: StaticString, _ channel: [UInt8]) -> Bool {
    connection.request.clear()
    connection.request.command(words: 2)
    connection.request.append(command)
    channel.withUnsafeBytes { connection.request.append($0) }
    connection.count(commands: 1)
    return connection.post()
  }

  /// Reads what has come, until nothing is left.
  ///
  /// - Returns: false when the connection is lost.
  mutating func receive(_ body: (Event, [UInt8]) -> Void) -> Bool {
    while true {
      switch connection.receiveBytes({ redisReaderFeed(reader, $0, $1) == REDIS_OK }) {
      case .nothing: return true
      case .lost: return false
      case .some: guard drain(body) else { return false }
      }
    }
  }

  private func drain(_ body: (Event, [UInt8]) -> Void) -> Bool {
    while true {
      var object: UnsafeMutableRawPointer?
      guard redisReaderGetReply(reader, &object) == REDIS_OK else { return false }
      guard let object else { return true }
      defer { freeReplyObject(object) }
      let reply = object.assumingMemoryBound(to: redisReply.self).pointee
      guard reply.type == REDIS_REPLY_ARRAY, reply.elements == 3, let kind = reply.element[0],
        let channel = reply.element[1]
      else { return false }
      switch bytes(kind.pointee) {
      case Array("subscribe".utf8): body(.subscribed, bytes(channel.pointee))
      case Array("message".utf8): body(.message, bytes(channel.pointee))
      default: continue
      }
    }
  }

  private func bytes(_ reply: redisReply) -> [UInt8] {
    Array(UnsafeRawBufferPointer(start: reply.str, count: reply.len))
  }
}
