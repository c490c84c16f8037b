internal import CLinux
@preconcurrency internal import Glibc

/// A descriptor in the loop's epoll, and who is told of it.
final class Socket {
  /// -1 when it is closed.
  private(set) var descriptor: Int32
  /// May hold something to read, as far as is known.
  var isReadable = false
  /// May take something, as far as is known.
  var isWritable = false
  /// The other side has said that nothing more comes, or the connection is broken.
  var hasHungUp = false
  /// Its place among the loop's sockets.
  var slot = -1

  enum Owner {
    case link(ProxyLink)
    case connection(Connection)
    case nobody
  }
  var owner = Owner.nobody

  init(_ descriptor: Int32) { self.descriptor = descriptor }

  deinit { close() }

  var isOpen: Bool { descriptor >= 0 }

  /// Its own port; 0 for a unix socket.
  var localPort: Int { port(getsockname) }
  /// The port of the other side; 0 for a unix socket.
  var remotePort: Int { port(getpeername) }

  private func port(
    _ name: (Int32, UnsafeMutablePointer<sockaddr>, UnsafeMutablePointer<socklen_t>) -> Int32
  ) -> Int {
    var address = sockaddr_in()
    var size = socklen_t(MemoryLayout<sockaddr_in>.size)
    let status = withUnsafeMutablePointer(to: &address) {
      $0.withMemoryRebound(to: sockaddr.self, capacity: 1) { name(descriptor, $0, &size) }
    }
    return status == 0 && address.sin_family == sa_family_t(AF_INET) ? Int(UInt16(bigEndian: address.sin_port)) : 0
  }

  func close() {
    guard descriptor >= 0 else { return }
    Glibc.close(descriptor)
    descriptor = -1
  }

  /// Closes it so that the other side is told that the connection is broken, if it is TCP.
  func reset() {
    guard descriptor >= 0 else { return }
    var linger = linger(l_onoff: 1, l_linger: 0)
    setsockopt(descriptor, SOL_SOCKET, SO_LINGER, &linger, socklen_t(MemoryLayout<Glibc.linger>.size))
    close()
  }

  /// Tells the other side that nothing more will come.
  func finish() { if descriptor >= 0 { shutdown(descriptor, Int32(SHUT_WR)) } }
}
