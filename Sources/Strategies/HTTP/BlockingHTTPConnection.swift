@preconcurrency internal import Glibc

/// The driver's connection, which blocks.
package final class BlockingHTTPConnection {
  package private(set) var endpoints: Endpoints
  private var descriptor: Int32 = -1

  /// How long to wait for an answer, in seconds.
  private static let patience = 10

  package init(_ endpoints: Endpoints) { self.endpoints = endpoints }

  deinit { disconnect() }

  /// Sends a request and waits for its answer; connects again when the server has closed the connection meanwhile, and
  /// asks the other servers when one does not answer.
  ///
  /// - Parameter headers: further lines, each ended by CR and LF.
  package func ask(_ path: String, headers: String = "", _ body: String) -> HTTPAnswer {
    var answer = attempt(path, headers, body)
    for _ in 0..<endpoints.count {
      guard case .lost = answer else { break }
      answer = attempt(path, headers, body)
    }
    return answer
  }

  private func attempt(_ path: String, _ headers: String, _ body: String) -> HTTPAnswer {
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
    let request = endpoints.current.request(path, headers: headers, body)
    var reader = ResponseReader()
    var buffer = [UInt8](repeating: 0, count: 65_536)
    var isAlive = send(descriptor, request, request.count, Int32(MSG_NOSIGNAL)) == request.count
    while isAlive && !reader.isComplete {
      let count = recv(descriptor, &buffer, buffer.count, 0)
      isAlive = count > 0 && reader.take(buffer[..<count])
    }
    if !isAlive || reader.closes { disconnect() }
    if isAlive { return .response(status: reader.status, body: reader.body) }
    endpoints.moveOn()
    return .lost(wasSent: true)
  }

  private func disconnect() {
    if descriptor >= 0 { close(descriptor) }
    descriptor = -1
  }
}
