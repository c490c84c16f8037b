#if Memcached
@preconcurrency internal import Glibc
internal import Model
internal import Runtime

/// A blocking connection for the driver, outside measurements: sends lines, reads lines.
final class AdministrationConnection: DriverSession {
  private let descriptor: Int32
  private let address: MemcachedAddress
  private var buffer: [UInt8] = []
  private var start = 0
  /// What was thrown while an answer was on its way leaves the connection out of step.
  private var isOutOfStep = false
  private static let patience = 5

  /// Connects; every wait is limited.
  init(_ address: MemcachedAddress) throws(SetupFailure) {
    self.address = address
    do throws(ConnectFailure) {
      let deadline = monotonicNow() &+ Int64(Self.patience) * 1_000_000_000
      descriptor = try connectBlocking(to: address.sockets, until: deadline)
    } catch {
      throw ConnectionProblem(error, address, seconds: Self.patience).failure(address)
    }
    var limit = timeval(tv_sec: Self.patience, tv_usec: 0)
    for option in [SO_RCVTIMEO, SO_SNDTIMEO] {
      setsockopt(descriptor, SOL_SOCKET, option, &limit, socklen_t(MemoryLayout<timeval>.size))
    }
  }

  deinit { close(descriptor) }

  var isLost: Bool { isOutOfStep || hasPeerEnded(descriptor) }

  func isAnswered() -> Bool {
    do throws(SetupFailure) {
      try send("mn\r\n")
      return try line() == "MN"
    } catch {
      return false
    }
  }

  /// Sends text.
  func send(_ text: String) throws(SetupFailure) {
    let bytes = Array(text.utf8)
    var sent = 0
    while sent < bytes.count {
      let count = bytes.withUnsafeBytes { rest in
        Glibc.send(descriptor, rest.baseAddress.map { $0 + sent }, rest.count - sent, Int32(MSG_NOSIGNAL))
      }
      if count > 0 { sent += count } else if errno != EINTR { throw loss(errno) }
    }
  }

  /// The next line, without its end.
  func line() throws(SetupFailure) -> String {
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
      if count == 0 { throw loss(EPIPE) }
      if count > 0 { buffer += input[..<count] } else if errno != EINTR { throw loss(errno) }
    }
  }

  /// Sends a command and reads lines up to `END`; `BUSY ...` is the only line when the server does not do it now.
  ///
  /// - Throws: when the server answers with an error.
  func ask(_ command: String) throws(SetupFailure) -> [String] {
    try send(command + "\r\n")
    var lines: [String] = []
    while true {
      let line = try line()
      if line == "END" { return lines }
      if line.hasPrefix("BUSY") { return [line] }
      if line.hasPrefix("ERROR") || line.hasPrefix("CLIENT_ERROR") || line.hasPrefix("SERVER_ERROR") {
        isOutOfStep = true
        throw SetupFailure("memcached at \(address) answered: \(line)")
      }
      lines.append(line)
    }
  }

  private func loss(_ code: Int32) -> SetupFailure {
    isOutOfStep = true
    return (code == EAGAIN ? ConnectionProblem.silent(seconds: Self.patience) : .closed).failure(address)
  }
}
#endif
