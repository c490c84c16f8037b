import Glibc
import Model

/// A TCP port that passes everything on to another one, or to a unix socket, and can cut all connections at any moment.
final class CuttingProxy: @unchecked Sendable {  // because `open` is used under the mutex, the rest never changes
  let port: Int
  private let listener: Int32
  private let target: Target
  private let mutex = UnsafeMutablePointer<pthread_mutex_t>.allocate(capacity: 1)
  private var open: [Int32] = []

  private enum Target {
    case port(Int)
    case socket(String)
  }

  convenience init(to port: Int) throws { try self.init(.port(port)) }

  convenience init(toSocket path: String) throws { try self.init(.socket(path)) }

  private init(_ target: Target) throws {
    self.target = target
    pthread_mutex_init(mutex, nil)
    listener = socket(AF_INET, Int32(SOCK_STREAM.rawValue), 0)
    port = try FakeServer.unusedPort()
    guard Self.withAddress(port, { [listener] in bind(listener, $0, $1) }) == 0, listen(listener, 64) == 0 else {
      throw SetupFailure("cannot listen at port \(port)")
    }
    _ = try BackgroundThread { [self] in accept() }
  }

  private static func withAddress(_ port: Int, _ body: (UnsafePointer<sockaddr>, socklen_t) -> Int32) -> Int32 {
    var address = sockaddr_in()
    address.sin_family = sa_family_t(AF_INET)
    address.sin_port = in_port_t(port).bigEndian
    address.sin_addr.s_addr = in_addr_t(0x7F00_0001).bigEndian
    return withUnsafePointer(to: &address) {
      $0.withMemoryRebound(to: sockaddr.self, capacity: 1) { body($0, socklen_t(MemoryLayout<sockaddr_in>.size)) }
    }
  }

  /// Takes connections until the listener is shut down, then closes it. Nobody else may: the number would go to somebody
  /// else's socket while this thread still accepts there.
  private func accept() {
    defer { close(listener) }
    while true {
      let client = Glibc.accept(listener, nil, nil)
      guard client >= 0 else { return }
      guard let server = connectToTarget() else {
        close(client)
        continue
      }
      // Whole requests and answers are small; to wait for more would only add delay.
      var one: Int32 = 1
      for end in [client, server] {
        setsockopt(end, Int32(IPPROTO_TCP), TCP_NODELAY, &one, socklen_t(MemoryLayout<Int32>.size))
      }
      add([client, server])
      for (from, to) in [(client, server), (server, client)] {
        _ = try? BackgroundThread { Self.pass(from, to) }
      }
    }
  }

  private func connectToTarget() -> Int32? {
    let server: Int32
    let status: Int32
    switch target {
    case .port(let port):
      server = socket(AF_INET, Int32(SOCK_STREAM.rawValue), 0)
      status = Self.withAddress(port) { connect(server, $0, $1) }
    case .socket(let path):
      server = socket(AF_UNIX, Int32(SOCK_STREAM.rawValue), 0)
      var address = sockaddr_un()
      address.sun_family = sa_family_t(AF_UNIX)
      withUnsafeMutableBytes(of: &address.sun_path) { $0.copyBytes(from: path.utf8) }
      status = withUnsafePointer(to: &address) {
        $0.withMemoryRebound(to: sockaddr.self, capacity: 1) {
          connect(server, $0, socklen_t(MemoryLayout<sockaddr_un>.size))
        }
      }
    }
    if status == 0 { return server }
    close(server)
    return nil
  }

  private static func pass(_ from: Int32, _ to: Int32) {
    var buffer = [UInt8](repeating: 0, count: 65_536)
    while true {
      let count = recv(from, &buffer, buffer.count, 0)
      if count <= 0 || send(to, buffer, count, Int32(MSG_NOSIGNAL)) != count { break }
    }
    shutdown(from, Int32(SHUT_RDWR))
    shutdown(to, Int32(SHUT_RDWR))
  }

  private func add(_ ends: [Int32]) {
    pthread_mutex_lock(mutex)
    open += ends
    pthread_mutex_unlock(mutex)
  }

  /// Ends all connections in both directions at once; what is on its way is lost.
  func cut() {
    pthread_mutex_lock(mutex)
    for end in open { shutdown(end, Int32(SHUT_RDWR)) }
    open = []
    pthread_mutex_unlock(mutex)
  }

  /// Cuts everything and takes no more.
  func stop() {
    shutdown(listener, Int32(SHUT_RDWR))
    cut()
  }
}
