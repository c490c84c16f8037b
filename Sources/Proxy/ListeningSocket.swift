@preconcurrency internal import Glibc
internal import Model

/// Where a proxy takes clients of one server: beside its unix socket, or at a free port of the loopback interface.
struct ListeningSocket {
  /// Where clients connect.
  enum Place {
    case unix(path: String)
    case port(Int)
  }

  /// Belongs to the caller; does not block.
  let descriptor: Int32
  let place: Place

  /// To be removed at the end; nil for a port.
  var path: String? { if case .unix(let path) = place { path } else { nil } }

  private static let backlog: Int32 = 1024
  private static let secondAddress: in_addr_t = 0x7F00_0002

  init(before server: ServiceAddress.Server) throws(ProxyFailure) {
    if let path = server.unixPath {
      (descriptor, place) = try Self.beside(path)
    } else {
      (descriptor, place) = try Self.atPort(0, of: INADDR_LOOPBACK)
    }
    guard listen(descriptor, Self.backlog) == 0 else { throw Self.failure() }
  }

  /// At a port of 127.0.0.2, beside a server that has the same one of 127.0.0.1.
  init(besidePort port: Int) throws(ProxyFailure) {
    (descriptor, place) = try Self.atPort(port, of: Self.secondAddress)
    guard listen(descriptor, Self.backlog) == 0 else { throw Self.failure() }
  }

  private static func make(_ family: Int32) throws(ProxyFailure) -> Int32 {
    let kind = Int32(SOCK_STREAM.rawValue) | Int32(SOCK_CLOEXEC.rawValue) | Int32(SOCK_NONBLOCK.rawValue)
    let descriptor = socket(family, kind, 0)
    guard descriptor >= 0 else { throw failure() }
    return descriptor
  }

  private static func failure() -> ProxyFailure {
    ProxyFailure("a proxy cannot listen: \(String(cString: strerror(errno)))")
  }

  /// In the private directory of a server that we have started, which goes with the server whatever becomes of us.
  private static func beside(_ path: String) throws(ProxyFailure) -> (Int32, Place) {
    guard path.split(separator: "/").dropLast().last?.hasPrefix("contend-") == true else {
      throw ProxyFailure(
        "a proxy stands before a unix socket only where the server is managed; state the server's TCP address")
    }
    let descriptor = try make(AF_UNIX)
    for number in 1...999 {
      let candidate = name(number, beside: path)
      guard var address = unixAddress(candidate) else {
        close(descriptor)
        throw ProxyFailure("no name for a proxy's socket is short enough beside \(path); set TMPDIR to a shorter path")
      }
      let status = withUnsafePointer(to: &address) {
        $0.withMemoryRebound(to: sockaddr.self, capacity: 1) {
          bind(descriptor, $0, socklen_t(MemoryLayout<sockaddr_un>.size))
        }
      }
      if status == 0 { return (descriptor, .unix(path: candidate)) }
      if errno != EADDRINUSE { break }
    }
    defer { close(descriptor) }
    throw failure()
  }

  /// libpq finds a socket by the number at the end of its name.
  private static func name(_ number: Int, beside path: String) -> String {
    if let range = path.firstRange(of: ".s.PGSQL."), let port = Int(path[range.upperBound...]) {
      return path[..<range.upperBound] + "\(port + number)"
    }
    return "\(path).\(number)"
  }

  private static func unixAddress(_ path: String) -> sockaddr_un? {
    var address = sockaddr_un()
    address.sun_family = sa_family_t(AF_UNIX)
    let fits = withUnsafeMutableBytes(of: &address.sun_path) { bytes in
      guard path.utf8.count < bytes.count else { return false }
      bytes.copyBytes(from: path.utf8)
      return true
    }
    return fits ? address : nil
  }

  /// - Parameter port: 0 for a free one.
  private static func atPort(_ port: Int, of host: in_addr_t) throws(ProxyFailure) -> (Int32, Place) {
    let descriptor = try make(AF_INET)
    var address = sockaddr_in()
    address.sin_family = sa_family_t(AF_INET)
    address.sin_port = in_port_t(truncatingIfNeeded: port).bigEndian
    address.sin_addr.s_addr = host.bigEndian
    var size = socklen_t(MemoryLayout<sockaddr_in>.size)
    let status = withUnsafeMutablePointer(to: &address) {
      $0.withMemoryRebound(to: sockaddr.self, capacity: 1) { address in
        bind(descriptor, address, size) == 0 ? getsockname(descriptor, address, &size) : -1
      }
    }
    guard status == 0 else {
      defer { close(descriptor) }
      throw failure()
    }
    return (descriptor, .port(Int(UInt16(bigEndian: address.sin_port))))
  }
}
