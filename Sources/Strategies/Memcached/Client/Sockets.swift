#if Memcached
@preconcurrency internal import Glibc
internal import Model

/// Sockets to a server.
enum Sockets {
  /// Begins to connect without waiting.
  ///
  /// - Returns: a non-blocking descriptor, which belongs to the caller; with TCP it is connected when it is writable.
  /// - Throws: the number of the system's error; `EAGAIN` when the queue of a unix socket is full.
  static func connect(_ location: MemcachedAddress.Location) throws(ConnectionProblem) -> Int32 {
    switch location {
    case .socket(let path): try connect(path: path)
    case .network(let host, let port): try connect(host: host, port: port)
    }
  }

  private static let kind = Int32(SOCK_STREAM.rawValue) | Int32(SOCK_NONBLOCK.rawValue) | Int32(SOCK_CLOEXEC.rawValue)

  private static func connect(path: String) throws(ConnectionProblem) -> Int32 {
    var address = sockaddr_un()
    address.sun_family = sa_family_t(AF_UNIX)
    withUnsafeMutableBytes(of: &address.sun_path) { $0.copyBytes(from: path.utf8) }
    let descriptor = socket(AF_UNIX, kind, 0)
    guard descriptor >= 0 else { throw .unreachable(errno) }
    let status = withUnsafePointer(to: &address) {
      $0.withMemoryRebound(to: sockaddr.self, capacity: 1) {
        Glibc.connect(descriptor, $0, socklen_t(MemoryLayout<sockaddr_un>.size))
      }
    }
    return try checked(descriptor, status)
  }

  private static func connect(host: String, port: UInt16) throws(ConnectionProblem) -> Int32 {
    var hints = addrinfo()
    hints.ai_socktype = Int32(SOCK_STREAM.rawValue)
    var list: UnsafeMutablePointer<addrinfo>?
    guard getaddrinfo(host, String(port), &hints, &list) == 0, let first = list?.pointee else {
      throw .unknownHost(host)
    }
    defer { freeaddrinfo(list) }
    let descriptor = socket(first.ai_family, kind, 0)
    guard descriptor >= 0 else { throw .unreachable(errno) }
    var one: Int32 = 1
    setsockopt(descriptor, Int32(IPPROTO_TCP), TCP_NODELAY, &one, socklen_t(MemoryLayout<Int32>.size))
    return try checked(descriptor, Glibc.connect(descriptor, first.ai_addr, first.ai_addrlen))
  }

  private static func checked(_ descriptor: Int32, _ status: Int32) throws(ConnectionProblem) -> Int32 {
    let code = errno
    if status == 0 || code == EINPROGRESS { return descriptor }
    close(descriptor)
    throw .unreachable(code)
  }

  /// What became of a connection that was begun.
  static func outcome(_ descriptor: Int32) throws(ConnectionProblem) {
    var code: Int32 = 0
    var size = socklen_t(MemoryLayout<Int32>.size)
    getsockopt(descriptor, SOL_SOCKET, SO_ERROR, &code, &size)
    guard code == 0 else { throw .unreachable(code) }
  }
}

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
