#if DynamoDB
internal import NetworkTransport

/// The driver's connection, which blocks.
final class BlockingHTTPConnection {
  private(set) var endpoints: Endpoints
  private let transport = BlockingTransport()
  /// Whether the last request was sent before, and its answer was lost: it may have been carried out twice.
  private(set) var hasRepeated = false

  init(_ endpoints: Endpoints) { self.endpoints = endpoints }

  /// Why nobody could be reached, when more is known than that nobody answers.
  var problem: String? { transport.problem }

  /// Sends a request and waits for its answer; connects again when the server has closed the connection meanwhile, and
  /// asks the other servers when one does not answer.
  ///
  /// - Parameter headers: further lines, each ended by CR and LF.
  func ask(_ path: String, headers: String = "", _ body: String) -> HTTPAnswer {
    hasRepeated = false
    var answer = attempt(path, headers, body)
    for _ in 0..<endpoints.count {
      guard case .lost(let wasSent) = answer else { break }
      if wasSent { hasRepeated = true }
      answer = attempt(path, headers, body)
    }
    return answer
  }

  func close() { transport.close() }

  private func attempt(_ path: String, _ headers: String, _ body: String) -> HTTPAnswer {
    guard transport.open(endpoints.current) else {
      endpoints.moveOn()
      return .lost(wasSent: false)
    }
    let request = endpoints.current.request(path, headers: headers, body)
    var reader = ResponseReader()
    var buffer = [UInt8](repeating: 0, count: 65_536)
    var isAlive = transport.send(request)
    while isAlive && !reader.isComplete {
      let count = buffer.withUnsafeMutableBytes { transport.receive(into: $0) }
      isAlive = count.map { reader.take(buffer[..<$0]) } ?? false
    }
    if !isAlive || reader.closes { transport.close() }
    if isAlive { return .response(status: reader.status, body: reader.body) }
    endpoints.moveOn()
    return .lost(wasSent: true)
  }
}
#endif
