#if Etcd
internal import NetworkTransport
internal import Runtime

/// A gRPC connection that is kept, on an event loop: one call at a time.
final class GRPCConnection {
  private(set) var endpoints: Endpoints
  private let transport: Transport
  private var session: GRPCSession?
  private let buffer = UnsafeMutableRawBufferPointer.allocate(byteCount: 16_384, alignment: 1)

  init(_ endpoints: Endpoints, _ loop: EventLoop) {
    self.endpoints = endpoints
    transport = Transport(loop, application: "h2")
  }

  deinit { buffer.deallocate() }

  /// Why nobody could be reached, when more is known than that nobody answers.
  var problem: String? { transport.problem }

  // MARK: calls

  /// Makes a call that is answered once. One that is late is cancelled; the connection is kept.
  func ask<Call: Request>(_ request: Call, until deadline: Int64 = .max) async -> Answer<Call.Response> {
    guard let session = await begin(request, isLast: true) else { return .lost(wasSent: false) }
    while !session.isEnded {
      switch await progress(session, until: deadline) {
      case .more: break
      case .late:
        session.cancel()
        if await !sendOutput(of: session) { close() }
        return .late
      case .end:
        close()
        return .lost(wasSent: true)
      }
    }
    return Answer(session)
  }

  /// Begins a call that is answered by a stream of messages, up to the next call, which cancels it.
  func openStream(_ request: some Request) async -> Bool { await begin(request, isLast: false) != nil }

  /// The next message of a call that was begun with ``openStream(_:)``.
  func next<Response: DecodableMessage>(_: Response.Type, until deadline: Int64) async -> Answer<Response> {
    guard let session else { return .lost(wasSent: true) }
    while true {
      if let message = session.takeMessage() { return Answer(message: message) }
      if session.isEnded { return Answer(session) }
      switch await progress(session, until: deadline) {
      case .more: break
      case .late: return .late
      case .end:
        close()
        return .lost(wasSent: true)
      }
    }
  }

  private func begin(_ request: some Request, isLast: Bool) async -> GRPCSession? {
    // What the server has ended while it was idle is lost: nothing of this is sent, and who asks decides what follows.
    if session != nil && !transport.isOpen {
      close()
      return nil
    }
    guard await open(), let session, session.begin(type(of: request).method) else {
      close()
      return nil
    }
    session.send(request, isLast: isLast)
    if await sendOutput(of: session) { return session }
    close()
    return nil
  }

  private enum Progress {
    case more, late, end
  }

  /// Answers what the server has asked for (settings, pings, windows), and takes what comes next.
  private func progress(_ session: GRPCSession, until deadline: Int64) async -> Progress {
    guard await sendOutput(of: session), session.isAlive else { return .end }
    switch await transport.receive(into: buffer, until: deadline) {
    case .bytes(let count): return session.receive(UnsafeRawBufferPointer(rebasing: buffer[..<count])) ? .more : .end
    case .late: return .late
    case .end: return .end
    }
  }

  private func sendOutput(of session: GRPCSession) async -> Bool {
    session.flush()
    guard await transport.send(session.output) else { return false }
    session.hasSent(session.output.count)
    return true
  }

  // MARK: the connection

  func close() {
    session = nil
    transport.close()
  }

  /// Connects, if that has not been done or the server is about to close, to the first server that takes us. Returns
  /// false when none can be reached.
  func open() async -> Bool {
    if let session, !session.takesCalls { close() }
    for _ in 0..<endpoints.count {
      if await connect() { return true }
      endpoints.moveOn()
    }
    return false
  }

  private func connect() async -> Bool {
    if session != nil && transport.isOpen { return true }
    session = nil
    guard await transport.open(endpoints.current) else { return false }
    session = GRPCSession(to: endpoints.current)
    return true
  }
}
#endif
