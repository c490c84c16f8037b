package import Runtime

/// A connection to an endpoint on an event loop, with TLS when the endpoint asks for it.
package final class Transport {
  private let loop: EventLoop
  private let application: String?
  private var wire: Wire?
  private var readiness: Readiness?
  /// Why the last connection could not be made or has ended, when more is known than that nobody answers.
  package private(set) var problem: String?

  /// How long connecting may take, in nanoseconds.
  private static let patience: Int64 = 5_000_000_000

  /// Connects to nobody yet.
  ///
  /// - Parameter application: the protocol that is to be spoken over TLS, as in ALPN (RFC 7301).
  package init(_ loop: EventLoop, application: String? = nil) {
    self.loop = loop
    self.application = application
  }

  deinit { close() }

  /// Whether there is a connection, and the server has not ended it while it was idle.
  package var isOpen: Bool { readiness.map { !$0.hasHungUp } ?? false }

  /// Ends the connection; another one can be opened.
  package func close() {
    readiness?.deregister()
    readiness = nil
    wire = nil
  }

  /// Connects, if that has not been done. Returns whether it is connected.
  package func open(_ endpoint: Endpoint) async -> Bool {
    if isOpen { return true }
    close()
    problem = nil
    let deadline = monotonicNow() &+ Self.patience
    guard let socket = try? await loop.connect(to: endpoint.addresses, until: deadline),
      let made = Wire(socket, to: endpoint, application: application)
    else { return false }
    let readiness = loop.register(socket)
    wire = made
    self.readiness = readiness
    while true {
      let isReady: Bool
      switch made.shakeHands() {
      case .bytes: return true
      case .wantsInput: isReady = await loop.wait(for: readiness, until: deadline)
      case .wantsRoom: isReady = await loop.wait(for: readiness, writable: true, until: deadline)
      case .end(let reason):
        end(reason)
        return false
      }
      if !isReady {
        end("TLS: no agreement in time")
        return false
      }
    }
  }

  private func end(_ reason: String?) {
    problem = reason
    close()
  }

  /// Sends all of the bytes. Returns false when the connection was lost, and is closed.
  package func send(_ bytes: [UInt8]) async -> Bool {
    var sent = 0
    while let wire, let readiness, sent < bytes.count {
      switch wire.write(bytes, from: sent) {
      case .bytes(let count): sent += count
      case .wantsInput: await readiness.readable()
      case .wantsRoom: await readiness.readableOrWritable()
      case .end(let reason): end(reason)
      }
    }
    return wire != nil
  }

  /// What came of waiting for bytes.
  package enum Arrival {
    case bytes(Int)
    /// The moment has passed; the connection is still open.
    case late
    /// The connection was lost, and is closed.
    case end
  }

  /// Reads what is there, or waits for more.
  ///
  /// - Parameter deadline: a moment of `monotonicNow()`; `Int64.max` for none.
  package func receive(into buffer: UnsafeMutableRawBufferPointer, until deadline: Int64 = .max) async -> Arrival {
    while let wire, let readiness {
      switch wire.read(into: buffer) {
      case .bytes(let count): return .bytes(count)
      case .end(let reason): end(reason)
      case .wantsRoom: await readiness.readableOrWritable()
      case .wantsInput where deadline == .max: await readiness.readable()
      case .wantsInput:
        if await !loop.wait(for: readiness, until: deadline) { return .late }
      }
    }
    return .end
  }
}
