@preconcurrency internal import Glibc
internal import Runtime

/// The driver's connection to an endpoint, which blocks; with TLS when the endpoint asks for it.
package final class BlockingTransport {
  private let application: String?
  private var wire: Wire?
  /// Why the last connection could not be made or has ended, when more is known than that nobody answers.
  package private(set) var problem: String?

  /// How long to wait for each answer, in seconds.
  private static let patience = 10

  /// Connects to nobody yet.
  ///
  /// - Parameter application: the protocol that is to be spoken over TLS, as in ALPN (RFC 7301).
  package init(application: String? = nil) { self.application = application }

  /// Whether there is a connection, and the server has not ended it while it was idle.
  package var isOpen: Bool { wire.map { !hasPeerEnded($0.descriptor) } ?? false }

  /// Ends the connection; another one can be opened.
  package func close() { wire = nil }

  /// Connects, if that has not been done. Returns whether it is connected.
  package func open(_ endpoint: Endpoint) -> Bool {
    if isOpen { return true }
    close()
    problem = nil
    let deadline = monotonicNow() &+ Int64(Self.patience) * 1_000_000_000
    guard let socket = try? connectBlocking(to: endpoint.addresses, until: deadline),
      let made = Wire(socket, to: endpoint, application: application)
    else { return false }
    var patience = timeval(tv_sec: Self.patience, tv_usec: 0)
    for option in [SO_RCVTIMEO, SO_SNDTIMEO] {
      setsockopt(made.descriptor, SOL_SOCKET, option, &patience, socklen_t(MemoryLayout<timeval>.size))
    }
    switch made.shakeHands() {
    case .bytes: wire = made
    case .end(let reason): problem = reason
    case .wantsInput, .wantsRoom: problem = "TLS: no agreement in time"
    }
    return wire != nil
  }

  /// Sends all of the bytes. Returns false when the connection was lost or nothing went for long, and is closed.
  package func send(_ bytes: [UInt8]) -> Bool {
    var sent = 0
    while let wire, sent < bytes.count {
      if case .bytes(let count) = wire.write(bytes, from: sent) { sent += count } else { close() }
    }
    return wire != nil
  }

  /// Waits for bytes; nil when the connection was lost or nothing came for long: then it is closed.
  package func receive(into buffer: UnsafeMutableRawBufferPointer) -> Int? {
    if let wire, case .bytes(let count) = wire.read(into: buffer) { return count }
    close()
    return nil
  }
}
