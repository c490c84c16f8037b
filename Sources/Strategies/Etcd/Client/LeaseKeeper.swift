#if Etcd
internal import NetworkTransport
internal import Runtime

/// Keeps a lease alive by a call of its own connection that stays open, without waiting: each beat reads the answer to
/// the request before and adds the next one.
final class LeaseKeeper {
  private var endpoints: Endpoints
  private let lease: Int64
  private let lifetime: Int64
  /// When the server forgets the lease at the earliest.
  private var end: Int64
  private let transport = PollingTransport(application: "h2")
  private var session: GRPCSession?
  private var isLost = false
  private var isWaiting = false
  private var sentAt: Int64 = 0

  /// - Parameters:
  ///   - lifetime: nanoseconds that the server has granted.
  ///   - start: a moment before the lease was asked for.
  init(_ endpoints: Endpoints, lease: Int64, lifetime: Int64, start: Int64) {
    self.endpoints = endpoints
    self.lease = lease
    self.lifetime = lifetime
    end = start &+ lifetime
  }

  /// Whether the lease has expired, as far as can be known here.
  var isOver: Bool { isLost || monotonicNow() > end }

  /// Nanoseconds between two beats: a third of the life, as etcd's own client does, but not so many that a server might
  /// lose its patience between two steps of an agreement on TLS.
  var period: Int64 { min(lifetime / 3, 20_000_000_000) }

  func beat() {
    if let session {
      let isAlive = receive(session) && takeAnswers(session)
      // A connection that is still being made takes nothing yet; one that has the request and is silent is given up.
      if !isAlive || isWaiting && session.output.isEmpty { disconnect() }
    }
    guard let session = session ?? connect() else { return }
    if !isWaiting {
      session.send(LeaseKeepAliveRequest(lease: lease), isLast: false)
      sentAt = monotonicNow()
      isWaiting = true
    }
    if !sendOutput(of: session) { disconnect() }
  }

  /// Returns false when the call has ended.
  private func takeAnswers(_ session: GRPCSession) -> Bool {
    while let message = session.takeMessage() {
      guard case .success(let response) = Answer<LeaseKeepAliveResponse>(message: message) else { return false }
      isWaiting = false
      if response.seconds > 0 { end = sentAt &+ lifetime } else { isLost = true }
    }
    return !session.isEnded
  }

  // MARK: the connection

  private func connect() -> GRPCSession? {
    guard transport.begin(endpoints.current) else {
      endpoints.moveOn()
      return nil
    }
    let session = GRPCSession(to: endpoints.current)
    guard session.begin(LeaseKeepAliveRequest.method) else { return nil }
    self.session = session
    return session
  }

  /// Takes what has arrived. Returns false when the connection is lost.
  private func receive(_ session: GRPCSession) -> Bool {
    withUnsafeTemporaryAllocation(byteCount: 4096, alignment: 1) { buffer in
      while let count = transport.receive(into: buffer) {
        if count == 0 { return true }
        if !session.receive(UnsafeRawBufferPointer(rebasing: buffer[..<count])) { return false }
      }
      return false
    }
  }

  /// Sends what the connection takes; the next beat goes on. Returns false when it is lost.
  private func sendOutput(of session: GRPCSession) -> Bool {
    session.flush()
    while !session.output.isEmpty {
      guard let count = transport.send(session.output) else { return false }
      if count == 0 { return true }
      session.hasSent(count)
    }
    return true
  }

  /// The next connection goes to another member.
  private func disconnect() {
    transport.close()
    endpoints.moveOn()
    session = nil
    isWaiting = false
  }
}
#endif
