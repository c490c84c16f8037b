@preconcurrency internal import Glibc

/// The two addresses of a connection, as numbers.
enum SocketName {
  /// The address of our end; nil for a socket that has none.
  static func own(of descriptor: Int32) -> HostAddress? { read { getsockname(descriptor, $0, $1) } }

  /// The address of the other end; nil when it has gone.
  static func peer(of descriptor: Int32) -> HostAddress? { read { getpeername(descriptor, $0, $1) } }

  private static func read(
    _ ask: (UnsafeMutablePointer<sockaddr>, UnsafeMutablePointer<socklen_t>) -> Int32
  ) -> HostAddress? {
    var storage = sockaddr_storage()
    var size = socklen_t(MemoryLayout<sockaddr_storage>.size)
    var host = [CChar](repeating: 0, count: 64)
    var port = [CChar](repeating: 0, count: 8)
    let isKnown = withUnsafeMutablePointer(to: &storage) { storage in
      storage.withMemoryRebound(to: sockaddr.self, capacity: 1) { address in
        ask(address, &size) == 0
          && getnameinfo(
            address, size, &host, socklen_t(host.count), &port, socklen_t(port.count), NI_NUMERICHOST | NI_NUMERICSERV)
            == 0
      }
    }
    guard isKnown, let number = UInt16(text(port)) else { return nil }
    return HostAddress(host: text(host), port: number)
  }

  private static func text(_ characters: [CChar]) -> String {
    String(decoding: characters.prefix { $0 != 0 }.map { UInt8(bitPattern: $0) }, as: UTF8.self)
  }
}
