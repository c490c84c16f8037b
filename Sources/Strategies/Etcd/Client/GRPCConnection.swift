#if Etcd
@preconcurrency internal import Glibc
internal import HTTPClient
internal import Runtime

/// A gRPC connection that is kept, on an event loop: one call at a time.
final class GRPCConnection {
  private(set) var endpoints: Endpoints
  private let loop: EventLoop
  private var descriptor: Int32 = -1
  private var readiness: Readiness?
  private var session: GRPCSession?
  private let buffer = UnsafeMutableRawBufferPointer.allocate(byteCount: 16_384, alignment: 1)

  /// How long connecting may take, in nanoseconds.
  private static let patience: Int64 = 5_000_000_000

  init(_ endpoints: Endpoints, _ loop: EventLoop) {
    self.endpoints = endpoints
    self.loop = loop
  }

  deinit {
    close()
    buffer.deallocate()
  }

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
    switch await receive(until: deadline) {
    case .bytes(let count): return session.receive(UnsafeRawBufferPointer(rebasing: buffer[..<count])) ? .more : .end
    case .late: return .late
    case .end: return .end
    }
  }

  private func sendOutput(of session: GRPCSession) async -> Bool {
    session.flush()
    while !session.output.isEmpty {
      let count = await send(session.output)
      if count <= 0 { return false }
      session.hasSent(count)
    }
    return true
  }

  // MARK: the socket

  private var isOpen: Bool { descriptor >= 0 }

  func close() {
    guard isOpen else { return }
    readiness?.deregister()
    readiness = nil
    session = nil
    Glibc.close(descriptor)
    descriptor = -1
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
    if isOpen { return true }
    guard let made = endpoints.current.connectedSocket(blocking: false) else { return false }
    descriptor = made
    let readiness = loop.register(made)
    self.readiness = readiness
    let isReady = await loop.wait(for: readiness, writable: true, until: monotonicNow() &+ Self.patience)
    var problem: Int32 = 0
    var size = socklen_t(MemoryLayout<Int32>.size)
    getsockopt(made, SOL_SOCKET, SO_ERROR, &problem, &size)
    if !isReady || problem != 0 { close() } else { session = GRPCSession(authority: endpoints.current.description) }
    return isOpen
  }

  /// Sends some of the bytes, at least one. Returns less than 1 when the connection is lost.
  private func send(_ bytes: [UInt8]) async -> Int {
    while true {
      let count = Glibc.send(descriptor, bytes, bytes.count, Int32(MSG_NOSIGNAL))
      if count >= 0 || errno != EAGAIN { return count }
      await readiness?.readableOrWritable()
    }
  }

  private enum Arrival {
    case bytes(Int)
    case late, end
  }

  /// Reads what is there into the buffer, or waits for it.
  private func receive(until deadline: Int64) async -> Arrival {
    guard let readiness else { return .end }
    while true {
      let count = recv(descriptor, buffer.baseAddress, buffer.count, 0)
      if count > 0 { return .bytes(count) }
      guard count < 0, errno == EAGAIN else { return .end }
      if deadline == .max {
        await readiness.readable()
      } else if await !loop.wait(for: readiness, until: deadline) {
        return .late
      }
    }
  }
}
#endif
