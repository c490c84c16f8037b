internal import Runtime

/// A connection to an endpoint for whoever looks at it now and then and never waits; with TLS when the endpoint asks for
/// it, on which both sides agree in the course of the first looks.
package final class PollingTransport {
  private let application: String?
  /// Until one of the addresses of the endpoint has accepted.
  private var pending: PendingConnection?
  private var endpoint: Endpoint?
  private var wire: Wire?
  private var isAgreed = false

  /// Connects to nobody yet.
  ///
  /// - Parameter application: the protocol that is to be spoken over TLS, as in ALPN (RFC 7301).
  package init(application: String? = nil) { self.application = application }

  package var isOpen: Bool { wire != nil || pending != nil }

  /// Ends the connection; another one can be begun.
  package func close() {
    wire = nil
    pending = nil
  }

  /// Begins to connect. Returns false when the host is not known or refuses.
  package func begin(_ endpoint: Endpoint) -> Bool {
    close()
    self.endpoint = endpoint
    isAgreed = !endpoint.isSecure
    pending = PendingConnection(endpoint.addresses)
    return connect()
  }

  /// Goes on connecting. Returns false when nobody has accepted.
  private func connect() -> Bool {
    guard let pending, let endpoint else { return wire != nil }
    switch pending.advance() {
    case .waiting: return true
    case .failed: self.pending = nil
    case .connected:
      self.pending = nil
      wire = Wire(pending.take(), to: endpoint, application: application)
    }
    return wire != nil
  }

  /// Sends what can be sent now: maybe nothing. Returns nil when the connection was lost, and is closed.
  package func send(_ bytes: [UInt8]) -> Int? {
    look { $0.write(bytes) }
  }

  /// Reads what is there: maybe nothing. Returns nil when the connection was lost, and is closed.
  package func receive(into buffer: UnsafeMutableRawBufferPointer) -> Int? {
    look { $0.read(into: buffer) }
  }

  private func look(_ body: (Wire) -> Wire.Progress) -> Int? {
    guard connect() else { return nil }
    guard let wire else { return 0 }
    if !isAgreed {
      switch wire.shakeHands() {
      case .bytes: isAgreed = true
      case .wantsInput, .wantsRoom: return 0
      case .end:
        close()
        return nil
      }
    }
    switch body(wire) {
    case .bytes(let count): return count
    case .wantsInput, .wantsRoom: return 0
    case .end:
      close()
      return nil
    }
  }
}
