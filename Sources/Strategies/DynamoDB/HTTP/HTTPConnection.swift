#if DynamoDB
internal import NetworkTransport
internal import Runtime

/// An HTTP/1.1 connection that is kept, on an event loop: one request at a time.
///
/// Not libcurl: it derives the key of a signature anew for every request, with which a request takes twice the
/// instructions that all of this client does; and it sends a POST again by itself when a connection that was kept is
/// lost before the answer, whether or not the server has carried it out.
final class HTTPConnection {
  private(set) var endpoints: Endpoints
  private let transport: Transport
  private var reader = ResponseReader()
  private let buffer = UnsafeMutableRawBufferPointer.allocate(byteCount: 16_384, alignment: 1)

  init(_ endpoints: Endpoints, _ loop: EventLoop) {
    self.endpoints = endpoints
    transport = Transport(loop)
  }

  deinit { buffer.deallocate() }

  var isOpen: Bool { transport.isOpen }

  /// Why nobody could be reached, when more is known than that nobody answers.
  var problem: String? { transport.problem }

  func close() { transport.close() }

  /// Connects, if that has not been done, to the first server that takes us. Returns false when none can be reached.
  func open() async -> Bool {
    for _ in 0..<endpoints.count {
      if await transport.open(endpoints.current) { return true }
      endpoints.moveOn()
    }
    return false
  }

  /// Sends a request and waits for the whole answer. A connection that is lost or late is closed: whatever the server
  /// still does, its answer cannot be taken for the next one's.
  ///
  /// - Parameter headers: further lines, each ended by CR and LF.
  func ask(
    _ path: String, headers: String = "", _ body: String, until deadline: Int64 = .max
  ) async -> HTTPAnswer {
    guard await send(path, headers: headers, body) else { return .lost(wasSent: false) }
    while !reader.isComplete {
      switch await transport.receive(into: buffer, until: deadline) {
      case .bytes(let count) where reader.take(buffer[..<count]): break
      case .late:
        close()
        return .late
      case .bytes, .end:
        close()
        return .lost(wasSent: true)
      }
    }
    if reader.closes { close() }
    return .response(status: reader.status, body: reader.body)
  }

  private func send(_ path: String, headers: String = "", _ body: String) async -> Bool {
    guard await open() else { return false }
    reader = ResponseReader()
    return await transport.send(endpoints.current.request(path, headers: headers, body))
  }
}
#endif
