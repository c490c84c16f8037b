@preconcurrency internal import Glibc

/// Where a socket connects, as the system's calls take it.
public struct SocketAddress: Sendable, Equatable {
  /// AF_INET, AF_INET6 or AF_UNIX.
  public let family: Int32
  /// The `sockaddr` of the family.
  public let bytes: [UInt8]

  /// The addresses of a host in the order of the resolver (RFC 6724); none when the name leads nowhere. Blocks.
  ///
  /// - Parameters:
  ///   - host: a name or an address.
  ///   - port: a decimal number.
  public static func resolve(host: String, port: String) -> [SocketAddress] {
    var hints = addrinfo()
    hints.ai_socktype = Int32(SOCK_STREAM.rawValue)
    var list: UnsafeMutablePointer<addrinfo>?
    guard getaddrinfo(host, port, &hints, &list) == 0 else { return [] }
    defer { freeaddrinfo(list) }
    return sequence(first: list) { $0?.pointee.ai_next }.prefix { $0 != nil }.compactMap { entry in
      guard let entry = entry?.pointee else { return nil }
      let bytes = UnsafeRawBufferPointer(start: entry.ai_addr, count: Int(entry.ai_addrlen))
      return SocketAddress(family: entry.ai_family, bytes: Array(bytes))
    }
  }

  /// The address of a unix socket; of a path that is too long, what fits.
  public static func unix(path: String) -> SocketAddress {
    var address = sockaddr_un()
    address.sun_family = sa_family_t(AF_UNIX)
    withUnsafeMutableBytes(of: &address.sun_path) { $0.copyBytes(from: path.utf8.prefix($0.count - 1)) }
    return SocketAddress(family: AF_UNIX, bytes: withUnsafeBytes(of: address) { Array($0) })
  }

  /// Begins to connect a new socket that does not block.
  ///
  /// - Returns: the descriptor, which belongs to the caller, or -1; and the number of the error, 0 for none.
  func beginConnecting() -> (descriptor: Int32, error: Int32) {
    let kind = Int32(SOCK_STREAM.rawValue) | Int32(SOCK_CLOEXEC.rawValue) | Int32(SOCK_NONBLOCK.rawValue)
    let descriptor = socket(family, kind, 0)
    guard descriptor >= 0 else { return (-1, errno) }
    if family != AF_UNIX {
      var one: Int32 = 1
      setsockopt(descriptor, Int32(IPPROTO_TCP), TCP_NODELAY, &one, socklen_t(MemoryLayout<Int32>.size))
    }
    let status = bytes.withUnsafeBytes { raw in
      connect(descriptor, raw.baseAddress?.assumingMemoryBound(to: sockaddr.self), socklen_t(raw.count))
    }
    let error = status == 0 ? 0 : errno
    if error == 0 || error == EINPROGRESS { return (descriptor, 0) }
    close(descriptor)
    return (-1, error)
  }
}
