@preconcurrency internal import Glibc
package import Runtime

/// An HTTP/1.1 connection that is kept, on an event loop: one request at a time.
package final class HTTPConnection {
  package private(set) var endpoints: Endpoints
  private let loop: EventLoop
  private var descriptor: Int32 = -1
  private var readiness: Readiness?
  private var reader = ResponseReader()
  private let buffer = UnsafeMutableRawBufferPointer.allocate(byteCount: 16_384, alignment: 1)

  /// How long connecting may take, in nanoseconds.
  private static let patience: Int64 = 5_000_000_000

  package init(_ endpoints: Endpoints, _ loop: EventLoop) {
    self.endpoints = endpoints
    self.loop = loop
  }

  deinit {
    close()
    buffer.deallocate()
  }

  package var isOpen: Bool { descriptor >= 0 }

  package func close() {
    guard isOpen else { return }
    readiness?.deregister()
    readiness = nil
    Glibc.close(descriptor)
    descriptor = -1
  }

  /// Connects, if that has not been done, to the first server that takes us. Returns false when none can be reached.
  package func open() async -> Bool {
    for _ in 0..<endpoints.count {
      if await connect() { return true }
      endpoints.moveOn()
    }
    return false
  }

  private func connect() async -> Bool {
    if isOpen { return true }
    guard let made = endpoints.current.connectedSocket(blocking: false) else { return false }
    descriptor = made
    let readiness = loop.register(made)
    self.readiness = readiness
    let isReady = await loop.wait(for: readiness, writable: true, until: monotonicNow() &+ Self.patience)
    var problem: Int32 = 0
    var size = socklen_t(MemoryLayout<Int32>.size)
    getsockopt(made, SOL_SOCKET, SO_ERROR, &problem, &size)
    if !isReady || problem != 0 { close() }
    return isOpen
  }

  /// Sends a request and waits for the whole answer. A connection that is lost or late is closed: whatever the server
  /// still does, its answer cannot be taken for the next one's.
  ///
  /// - Parameter headers: further lines, each ended by CR and LF.
  package func ask(
    _ path: String, headers: String = "", _ body: String, until deadline: Int64 = .max
  ) async -> HTTPAnswer {
    guard await send(path, headers: headers, body) else { return .lost(wasSent: false) }
    while !reader.isComplete {
      switch await receive(until: deadline) {
      case .more: break
      case .late:
        close()
        return .late
      case .end:
        close()
        return .lost(wasSent: true)
      }
    }
    if reader.closes { close() }
    return .response(status: reader.status, body: reader.body)
  }

  /// Sends a request whose answer is a stream of lines.
  package func send(_ path: String, headers: String = "", _ body: String) async -> Bool {
    guard await open() else { return false }
    reader = ResponseReader()
    var rest = endpoints.current.request(path, headers: headers, body)[...]
    while !rest.isEmpty {
      let count = rest.withUnsafeBytes { Glibc.send(descriptor, $0.baseAddress, $0.count, Int32(MSG_NOSIGNAL)) }
      if count > 0 {
        rest = rest.dropFirst(count)
      } else if errno == EAGAIN {
        await readiness?.readableOrWritable()
      } else {
        close()
        return false
      }
    }
    return true
  }

  /// The next line of a stream; nil when it has ended, was lost, or the moment has passed: then the connection is closed.
  package func nextLine(until deadline: Int64) async -> JSONValue? {
    while true {
      if let line = reader.takeBodyLine() { return JSONValue(line) }
      guard !reader.isComplete, case .more = await receive(until: deadline) else {
        close()
        return nil
      }
    }
  }

  private enum Progress {
    case more, end, late
  }

  /// Reads what is there, or waits for more.
  private func receive(until deadline: Int64) async -> Progress {
    guard let readiness else { return .end }
    while true {
      let count = recv(descriptor, buffer.baseAddress, buffer.count, 0)
      if count > 0 { return reader.take(buffer[..<count]) ? .more : .end }
      guard count < 0, errno == EAGAIN else { return .end }
      if deadline == .max {
        await readiness.readable()
      } else if await !loop.wait(for: readiness, until: deadline) {
        return .late
      }
    }
  }
}
