import Glibc
import Model

/// A TCP port that sends back what it gets, and remembers it.
final class EchoServer: @unchecked Sendable {  // because the bytes are used under the mutex, the rest never changes
  let port: Int
  private let listener: Int32
  private let mutex = UnsafeMutablePointer<pthread_mutex_t>.allocate(capacity: 1)
  private var bytes: [UInt8] = []
  private var ended = 0

  init() throws {
    pthread_mutex_init(mutex, nil)
    listener = socket(AF_INET, Int32(SOCK_STREAM.rawValue), 0)
    port = try FakeServer.unusedPort()
    guard Self.withAddress(port, { [listener] in bind(listener, $0, $1) }) == 0, listen(listener, 64) == 0 else {
      throw SetupFailure("cannot listen at port \(port)")
    }
    _ = try BackgroundThread { [self] in
      while true {
        let client = accept(listener, nil, nil)
        guard client >= 0 else { return }
        _ = try? BackgroundThread { [self] in serve(client) }
      }
    }
  }

  /// What has arrived, of all clients.
  var received: [UInt8] { locked { bytes } }
  /// How many clients have said goodbye.
  var departures: Int { locked { ended } }

  private func locked<Result>(_ body: () -> Result) -> Result {
    pthread_mutex_lock(mutex)
    defer { pthread_mutex_unlock(mutex) }
    return body()
  }

  private func serve(_ client: Int32) {
    var buffer = [UInt8](repeating: 0, count: 65_536)
    while true {
      let count = recv(client, &buffer, buffer.count, 0)
      if count <= 0 { break }
      locked { bytes += buffer[..<count] }
      if send(client, buffer, count, Int32(MSG_NOSIGNAL)) != count { break }
    }
    locked { ended += 1 }
    close(client)
  }

  func stop() { shutdown(listener, Int32(SHUT_RDWR)) }

  static func withAddress(_ port: Int, _ body: (UnsafePointer<sockaddr>, socklen_t) -> Int32) -> Int32 {
    var address = sockaddr_in()
    address.sin_family = sa_family_t(AF_INET)
    address.sin_port = in_port_t(port).bigEndian
    address.sin_addr.s_addr = in_addr_t(0x7F00_0001).bigEndian
    return withUnsafePointer(to: &address) {
      $0.withMemoryRebound(to: sockaddr.self, capacity: 1) { body($0, socklen_t(MemoryLayout<sockaddr_in>.size)) }
    }
  }
}

/// A client of the tests, which blocks, for five seconds at most.
final class TestClient: Sendable {
  private let descriptor: Int32

  init(port: Int) throws {
    descriptor = socket(AF_INET, Int32(SOCK_STREAM.rawValue), 0)
    // Seconds and microseconds of a timeval.
    var limit = [5, 0]
    setsockopt(descriptor, SOL_SOCKET, SO_RCVTIMEO, &limit, 16)
    guard EchoServer.withAddress(port, { [descriptor] in connect(descriptor, $0, $1) }) == 0 else {
      throw SetupFailure("cannot connect to port \(port)")
    }
  }

  deinit { close(descriptor) }

  func send(_ text: String) { _ = Glibc.send(descriptor, text, text.utf8.count, Int32(MSG_NOSIGNAL)) }

  /// What arrives until there are so many bytes; less when the connection ends.
  func receive(_ count: Int) -> String {
    var bytes: [UInt8] = []
    var buffer = [UInt8](repeating: 0, count: count)
    while bytes.count < count {
      let length = recv(descriptor, &buffer, count - bytes.count, 0)
      if length <= 0 { break }
      bytes += buffer[..<length]
    }
    return String(decoding: bytes, as: UTF8.self)
  }

  /// Whether nothing arrives for so long, and the connection lasts.
  func hearsNothing(milliseconds: Int32) -> Bool {
    var polled = pollfd(fd: descriptor, events: Int16(POLLIN), revents: 0)
    return poll(&polled, 1, milliseconds) == 0
  }
}
