#if Memcached
@preconcurrency internal import Glibc
internal import Model

/// A blocking connection for the driver, outside measurements: sends lines, reads lines.
struct AdministrationConnection: ~Copyable {
  private let descriptor: Int32
  private let address: MemcachedAddress
  private var buffer: [UInt8] = []
  private var start = 0
  private static let patience = 5

  /// Connects; every wait is limited.
  init(_ address: MemcachedAddress) throws(SetupFailure) {
    self.address = address
    do throws(ConnectionProblem) {
      descriptor = try Self.connect(address.location)
    } catch {
      throw error.failure(address)
    }
  }

  private static func connect(_ location: MemcachedAddress.Location) throws(ConnectionProblem) -> Int32 {
    let descriptor = try Sockets.connect(location)
    var waiting = pollfd(fd: descriptor, events: Int16(POLLOUT), revents: 0)
    guard poll(&waiting, 1, Int32(patience * 1000)) > 0 else {
      close(descriptor)
      throw .silent(seconds: patience)
    }
    do throws(ConnectionProblem) { try Sockets.outcome(descriptor) } catch {
      close(descriptor)
      throw error
    }
    var limit = timeval(tv_sec: patience, tv_usec: 0)
    for option in [SO_RCVTIMEO, SO_SNDTIMEO] {
      setsockopt(descriptor, SOL_SOCKET, option, &limit, socklen_t(MemoryLayout<timeval>.size))
    }
    _ = fcntl(descriptor, F_SETFL, fcntl(descriptor, F_GETFL) & ~O_NONBLOCK)
    return descriptor
  }

  deinit { close(descriptor) }

  /// Sends text.
  func send(_ text: String) throws(SetupFailure) {
    let bytes = Array(text.utf8)
    var sent = 0
    while sent < bytes.count {
      let count = bytes.withUnsafeBytes { rest in
        Glibc.send(descriptor, rest.baseAddress.map { $0 + sent }, rest.count - sent, Int32(MSG_NOSIGNAL))
      }
      if count > 0 { sent += count } else if errno != EINTR { throw problem(errno).failure(address) }
    }
  }

  /// The next line, without its end.
  mutating func line() throws(SetupFailure) -> String {
    while true {
      if let end = buffer[start...].firstIndex(of: 10) {
        defer { start = end + 1 }
        let line = buffer[start..<end]
        return String(decoding: line.last == 13 ? line.dropLast() : line, as: UTF8.self)
      }
      buffer.removeFirst(start)
      start = 0
      var input = [UInt8](repeating: 0, count: 65536)
      let count = recv(descriptor, &input, input.count, 0)
      if count == 0 { throw ConnectionProblem.closed.failure(address) }
      if count > 0 { buffer += input[..<count] } else if errno != EINTR { throw problem(errno).failure(address) }
    }
  }

  /// Sends a command and reads lines up to `END`; `BUSY ...` is the only line when the server does not do it now.
  ///
  /// - Throws: when the server answers with an error.
  mutating func ask(_ command: String) throws(SetupFailure) -> [String] {
    try send(command + "\r\n")
    var lines: [String] = []
    while true {
      let line = try line()
      if line == "END" { return lines }
      if line.hasPrefix("BUSY") { return [line] }
      if line.hasPrefix("ERROR") || line.hasPrefix("CLIENT_ERROR") || line.hasPrefix("SERVER_ERROR") {
        throw SetupFailure("memcached at \(address) answered: \(line)")
      }
      lines.append(line)
    }
  }

  private func problem(_ code: Int32) -> ConnectionProblem {
    code == EAGAIN ? .silent(seconds: Self.patience) : .closed
  }
}
#endif
