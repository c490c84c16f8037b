#if Memcached
@preconcurrency internal import Glibc
internal import Model
internal import Runtime

/// Why there is no session with a server.
enum ConnectionProblem: Error {
  /// The system refused to connect; the number of its error.
  case unreachable(Int32)
  /// The name of the host leads nowhere.
  case unknownHost(String)
  /// Nothing came in time.
  case silent(seconds: Int)
  /// The server closed the connection, or the network lost it.
  case closed
  /// What came is no answer of memcached.
  case notMemcached

  /// What the system says about a connection that could not be made.
  init(_ failure: ConnectFailure, _ address: MemcachedAddress, seconds: Int) {
    self =
      switch failure {
      case .unknownHost: .unknownHost("\(address)")
      case .system(let code): .unreachable(code)
      case .late: .silent(seconds: seconds)
      }
  }

  /// One sentence for the user.
  func failure(_ address: MemcachedAddress) -> SetupFailure {
    switch self {
    case .unreachable(let code): Self.unreachable(address, code)
    case .unknownHost(let host): SetupFailure("there is no host '\(host)'; check the address of services.memcached")
    case .silent(let seconds):
      SetupFailure(
        "memcached at \(address) did not answer within \(seconds) s; is the server stopped?")
    case .closed:
      SetupFailure(
        "memcached at \(address) closed the connection; it may be stopping or have reached its limit of connections")
    case .notMemcached:
      SetupFailure("what answers at \(address) is not memcached; check the address of services.memcached")
    }
  }

  private static func unreachable(_ address: MemcachedAddress, _ code: Int32) -> SetupFailure {
    switch (address.location, code) {
    case (.socket(let path), ENOENT):
      SetupFailure(
        "there is no unix socket \(path); start memcached with '-s \(path)' or correct services.memcached")
    case (.socket(let path), EACCES):
      SetupFailure("this user may not open the unix socket \(path) of memcached; check its option -a")
    case (_, ECONNREFUSED):
      SetupFailure("nothing accepts connections at \(address); is memcached running there?")
    default:
      SetupFailure(
        "cannot connect to memcached at \(address): \(String(cString: strerror(code)))")
    }
  }
}
#endif
