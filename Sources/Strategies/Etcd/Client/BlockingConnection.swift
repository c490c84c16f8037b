#if Etcd
@preconcurrency internal import Glibc
internal import Model

/// The driver's connection, which blocks.
final class BlockingConnection {
  private var endpoints: Endpoints
  private var descriptor: Int32 = -1

  /// How long to wait for an answer, in seconds.
  private static let patience = 10

  init(_ endpoints: Endpoints) { self.endpoints = endpoints }

  deinit { if descriptor >= 0 { close(descriptor) } }

  /// Sends a request and waits for its answer; connects again when the server has closed the connection meanwhile, and
  /// asks the other members when one does not answer.
  func ask(_ path: String, _ body: String) throws(SetupFailure) -> JSONValue {
    var answer = attempt(path, body)
    for _ in 0..<endpoints.count {
      guard case .lost = answer else { break }
      answer = attempt(path, body)
    }
    guard case .success(let value) = answer else {
      if case .lost = answer {
        throw SetupFailure("cannot reach etcd at \(endpoints): is it running there?", isTransient: true)
      }
      throw SetupFailure("etcd at \(endpoints): \(answer.text)")
    }
    return value
  }

  private func attempt(_ path: String, _ body: String) -> Answer {
    if descriptor < 0 {
      guard let made = endpoints.current.connectedSocket(blocking: true) else {
        endpoints.moveOn()
        return .lost(wasSent: false)
      }
      descriptor = made
      var patience = timeval(tv_sec: Self.patience, tv_usec: 0)
      for option in [SO_RCVTIMEO, SO_SNDTIMEO] {
        setsockopt(made, SOL_SOCKET, option, &patience, socklen_t(MemoryLayout<timeval>.size))
      }
    }
    let request = endpoints.current.request(path, body)
    var reader = ResponseReader()
    var buffer = [UInt8](repeating: 0, count: 65_536)
    var isAlive = send(descriptor, request, request.count, Int32(MSG_NOSIGNAL)) == request.count
    while isAlive && !reader.isComplete {
      let count = recv(descriptor, &buffer, buffer.count, 0)
      isAlive = count > 0 && reader.take(buffer[..<count])
    }
    if isAlive { return Answer(status: reader.status, body: reader.body) }
    close(descriptor)
    descriptor = -1
    endpoints.moveOn()
    return .lost(wasSent: true)
  }
}
#endif
