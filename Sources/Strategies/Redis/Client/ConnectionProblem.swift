internal import CHiredis
@preconcurrency internal import Glibc
internal import Model
internal import Runtime

/// Why there is no session with a server.
enum ConnectionProblem: Error {
  /// The system refused to connect; the number of the error, 0 for none, and a text for it.
  case unreachable(code: Int32, text: String)
  /// Nothing came in time.
  case silent(seconds: Int)
  /// The server closed the connection, or the network lost it.
  case closed
  /// What came is no reply of Redis.
  case notRedis
  /// The server answered a command of the opening with an error.
  case refused(String)
  /// No memory for the connection.
  case noMemory

  /// What the system says about a connection that could not be made.
  init(_ failure: ConnectFailure, seconds: Int) {
    self =
      switch failure {
      case .unknownHost: .unreachable(code: 0, text: "there is no host of this name")
      case .system(let code): .unreachable(code: code, text: String(cString: strerror(code)))
      case .late: .silent(seconds: seconds)
      }
  }

  /// One sentence for the user, without credentials.
  func failure(_ address: RedisAddress) -> SetupFailure {
    switch self {
    case .unreachable(let code, let text): Self.unreachable(address, code, text)
    case .silent(let seconds):
      SetupFailure("Redis at \(address) did not answer within \(seconds) s; is the server stopped?")
    case .closed:
      SetupFailure(
        "Redis at \(address) closed the connection; it may be stopping or have reached its maxclients")
    case .notRedis:
      SetupFailure("what answers at \(address) is not Redis; check the address of services.redis")
    case .refused(let text): Self.refused(address, text)
    case .noMemory: SetupFailure("there is no memory for a connection to Redis at \(address)")
    }
  }

  private static func unreachable(_ address: RedisAddress, _ code: Int32, _ text: String) -> SetupFailure {
    switch (address.location, code) {
    case (.socket(let path), ENOENT):
      SetupFailure(
        "there is no unix socket \(path); start Redis with 'unixsocket \(path)' or correct services.redis")
    case (.socket(let path), EACCES):
      SetupFailure("this user may not open the unix socket \(path) of Redis; check 'unixsocketperm'")
    case (_, ECONNREFUSED):
      SetupFailure("nothing accepts connections at \(address); is Redis running there?")
    default:
      SetupFailure("cannot connect to Redis at \(address): \(text)")
    }
  }

  private static func refused(_ address: RedisAddress, _ text: String) -> SetupFailure {
    let code = text.prefix { $0 != " " }
    if code == "NOAUTH" {
      return SetupFailure("Redis at \(address) asks for a password; put it into the URL as redis://:PASSWORD@host")
    }
    if code == "WRONGPASS" || text.contains("invalid password") {
      return SetupFailure("Redis at \(address) does not accept the user or password of the URL")
    }
    if text.contains("without any password configured") {
      return SetupFailure("Redis at \(address) has no password, but the URL states one; leave it out")
    }
    if text.contains("DB index is out of range") {
      return SetupFailure("Redis at \(address) does not have the database that the URL names")
    }
    if text.contains("max number of clients") {
      return SetupFailure("Redis at \(address) has no room for another client; raise its maxclients")
    }
    return SetupFailure("Redis at \(address) answered: \(text)")
  }
}

extension UnsafeMutablePointer<redisContext> {
  /// Why this context is of no use; call at once, before `errno` changes.
  var problem: ConnectionProblem {
    let code = pointee.err == REDIS_ERR_IO ? errno : 0
    let text = withUnsafeBytes(of: &pointee.errstr) { String(decoding: $0.prefix { $0 != 0 }, as: UTF8.self) }
    switch pointee.err {
    case REDIS_ERR_EOF: return .closed
    case REDIS_ERR_PROTOCOL: return .notRedis
    case REDIS_ERR_OOM: return .noMemory
    default: return .unreachable(code: code, text: text)
    }
  }
}
