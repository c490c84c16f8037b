internal import CHiredis
@preconcurrency internal import Glibc
internal import Model
internal import Runtime

/// A reply as the administration uses it.
enum AdministrationReply: Equatable {
  case text(String)
  case integer(Int64)
  case nothing
  case array([AdministrationReply])

  /// The text of a status or string; nil for anything else.
  var text: String? {
    guard case .text(let text) = self else { return nil }
    return text
  }

  /// The elements of an array; none for anything else.
  var elements: [AdministrationReply] {
    guard case .array(let elements) = self else { return [] }
    return elements
  }
}

/// A blocking connection for the driver, outside measurements: one command, one reply.
final class AdministrationConnection: DriverSession {
  private let context: UnsafeMutablePointer<redisContext>
  private let address: RedisAddress
  /// An error or a silence, after which replies may be on their way.
  private var isOutOfStep = false
  private static let patience = 5

  /// Connects and enters; every wait is limited.
  static func open(_ address: RedisAddress) throws(SetupFailure) -> AdministrationConnection {
    let connection = AdministrationConnection(context: try connect(address), address: address)
    for words in address.openingCommands { _ = try connection.command(words) }
    return connection
  }

  private init(context: UnsafeMutablePointer<redisContext>, address: RedisAddress) {
    self.context = context
    self.address = address
  }

  private static func connect(_ address: RedisAddress) throws(SetupFailure) -> UnsafeMutablePointer<redisContext> {
    let descriptor: Int32
    do throws(ConnectFailure) {
      let deadline = monotonicNow() &+ Int64(patience) * 1_000_000_000
      descriptor = try connectBlocking(to: address.sockets, until: deadline)
    } catch {
      throw ConnectionProblem(error, seconds: patience).failure(address)
    }
    guard let context = redisConnectFd(descriptor) else {
      close(descriptor)
      throw ConnectionProblem.noMemory.failure(address)
    }
    redisSetTimeout(context, timeval(tv_sec: patience, tv_usec: 0))
    return context
  }

  deinit { redisFree(context) }

  var isLost: Bool { isOutOfStep || hasPeerEnded(context.pointee.fd) }

  /// The server does not count `ECHO` among the commands of workers.
  func isAnswered() -> Bool {
    do throws(SetupFailure) {
      return try command(["ECHO", "contend"]).text == "contend"
    } catch {
      return false
    }
  }

  /// Sends a command and waits for its reply.
  ///
  /// - Throws: when the server answers with an error, or does not answer; then the connection is of no more use.
  func command(_ words: [String]) throws(SetupFailure) -> AdministrationReply {
    do throws(ConnectionProblem) {
      try send(words)
      let reply = try receive()
      defer { freeReplyObject(reply) }
      return try Self.value(reply.pointee)
    } catch {
      isOutOfStep = true
      throw error.failure(address)
    }
  }

  private func send(_ words: [String]) throws(ConnectionProblem) {
    // With send instead of hiredis' write, a server that has gone ends the command, not the process (SIGPIPE).
    var request = RequestBuffer()
    request.command(words: words.count)
    for word in words { request.append(text: word) }
    while request.count > 0 {
      let sent = Glibc.send(context.pointee.fd, request.bytes, request.count, Int32(MSG_NOSIGNAL))
      if sent >= 0 {
        request.removeFirst(sent)
      } else if errno == EAGAIN {
        throw .silent(seconds: Self.patience)
      } else if errno != EINTR {
        throw .closed
      }
    }
  }

  private func receive() throws(ConnectionProblem) -> UnsafeMutablePointer<redisReply> {
    var reply: UnsafeMutableRawPointer?
    while true {
      guard redisGetReplyFromReader(context, &reply) == REDIS_OK else { throw context.problem }
      if let reply { return reply.assumingMemoryBound(to: redisReply.self) }
      guard redisBufferRead(context) == REDIS_OK else {
        let isTimeout = context.pointee.err == REDIS_ERR_IO && errno == EAGAIN
        throw isTimeout ? .silent(seconds: Self.patience) : .closed
      }
    }
  }

  private static func value(_ reply: redisReply) throws(ConnectionProblem) -> AdministrationReply {
    switch reply.type {
    case REDIS_REPLY_INTEGER: return .integer(reply.integer)
    case REDIS_REPLY_NIL: return .nothing
    case REDIS_REPLY_ARRAY:
      var elements: [AdministrationReply] = []
      for index in 0..<reply.elements {
        if let element = reply.element[index] { elements.append(try value(element.pointee)) }
      }
      return .array(elements)
    default:
      let text = String(decoding: UnsafeRawBufferPointer(start: reply.str, count: reply.len), as: UTF8.self)
      if reply.type == REDIS_REPLY_ERROR { throw .refused(text) }
      return .text(text)
    }
  }
}
