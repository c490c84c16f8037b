@preconcurrency internal import Glibc

/// A connection between a driver and a host: frames both ways, none of which is lost, doubled or in another order; only
/// pings and pongs pass those that wait. Sending and receiving never block.
///
/// Used by one thread at a time. Programs that use one must ignore SIGPIPE.
public final class Channel {
  /// The other side, as `10.77.0.11:40112`.
  public let peer: String
  /// Our own address of this connection; `localhost` within one host.
  public let localHost: String
  private var stream: SecureStream?
  private var outbox = Outbox()
  private var decoder: FrameDecoder
  /// What was received and given back.
  private var returned: [ChannelFrame] = []
  private var failure: HostFailure?
  private var buffer = [UInt8](repeating: 0, count: 64 << 10)

  /// Why the connection ended, for a message: `the connection was reset`. Nil while it lives.
  public private(set) var ending: String?

  /// Takes over one end of a connected pair of sockets within one host: no TLS.
  ///
  /// - Parameters:
  ///   - descriptor: belongs to the channel from now on.
  ///   - peer: the name of the other side in messages.
  public init(plain descriptor: Int32, peer: String) {
    self.peer = peer
    localHost = "localhost"
    decoder = FrameDecoder(peer: peer)
    stream = SecureStream(plain: descriptor)
  }

  /// Takes over a connection whose handshake is done.
  init(_ stream: SecureStream, peer: String) {
    self.peer = peer
    localHost = SocketName.own(of: stream.descriptor)?.host ?? "localhost"
    decoder = FrameDecoder(peer: peer)
    self.stream = stream
  }

  /// For poll; -1 once it is closed.
  public var descriptor: Int32 { stream?.descriptor ?? -1 }
  /// Whether ``receive()`` has something of which poll would not tell.
  public var hasPending: Bool { !returned.isEmpty || stream?.hasPending ?? false }
  /// Whether something waits for room: the other side is slow to read.
  public var hasUnsent: Bool { !outbox.isEmpty }
  /// How many bytes wait for room, headers left out.
  public var unsentBytes: Int { outbox.count }

  /// Queues a frame and writes what goes without blocking.
  ///
  /// - Throws: when the frame is too long, or the connection is lost or closed.
  public func send(_ frame: ChannelFrame) throws(HostFailure) {
    guard frame.payload.count <= frame.kind.limit else {
      throw HostFailure(
        .usage,
        "a message of \(frame.payload.count) bytes to \(peer) is too long: lower the number of records or workers")
    }
    outbox.append(frame)
    try flush()
  }

  /// Writes what goes now.
  ///
  /// - Throws: when the connection is lost or closed. What has arrived can still be received.
  public func flush() throws(HostFailure) {
    try outbox.write { bytes throws(HostFailure) in
      guard let stream else { throw HostFailure(.unavailable, "the connection with \(peer) is closed") }
      switch stream.write(bytes) {
      case .bytes(let count): return count
      case .wantsInput, .wantsRoom: return 0
      case let end:
        // What has arrived before can still be read: it may say why the other side has closed.
        throw HostFailure(.unavailable, "the connection with \(peer) is lost: \(reason(of: end))")
      }
    }
  }

  /// Takes what has arrived, at most some 1 MiB at a time so that others have their turn.
  ///
  /// - Returns: frames that are complete, maybe none; nil when the other side has closed or the connection is lost, as
  ///   ``ending`` tells.
  /// - Throws: when what has arrived was damaged or cut off, exceeds a limit or is foreign; the same from then on.
  public func receive() throws(HostFailure) -> [ChannelFrame]? {
    if let failure { throw failure }
    var frames = returned
    returned = []
    var total = 0
    while let stream, ending == nil, total < 1 << 20 {
      let progress = buffer.withUnsafeMutableBytes { stream.read(into: $0) }
      switch progress {
      case .bytes(let count):
        total += count
        buffer.withUnsafeBytes { decoder.append(UnsafeRawBufferPointer(rebasing: $0[..<count])) }
        do {
          while let frame = try decoder.next() { frames.append(frame) }
        } catch {
          return try fail(error, after: frames)
        }
        continue
      case .wantsInput, .wantsRoom: return frames
      case .foreign, .stranger:
        return try fail(
          HostFailure(.damaged, "what \(peer) has sent was changed on its way: look at the network of the hosts"),
          after: frames)
      case .closed, .lost:
        ending = reason(of: progress)
        if !decoder.isBetweenFrames {
          return try fail(
            HostFailure(.damaged, "the connection with \(peer) has ended in the middle of a message"), after: frames)
        }
      }
    }
    return frames.isEmpty && (ending != nil || stream == nil) ? nil : frames
  }

  /// Frames that were complete before count; the failure comes with the next call then.
  private func fail(_ reason: HostFailure, after frames: [ChannelFrame]) throws(HostFailure) -> [ChannelFrame] {
    failure = reason
    if ending == nil { ending = reason.message }
    if frames.isEmpty { throw reason }
    return frames
  }

  private func reason(of progress: SecureStream.Progress) -> String {
    switch progress {
    case .lost(ETIMEDOUT): "nothing has come through for 15 s"
    case .lost(let number): systemErrorText(number)
    default: "the other side has closed it"
    }
  }

  /// Lets the next ``receive()`` return frames again.
  func giveBack(_ frames: [ChannelFrame]) { returned = frames + returned }

  /// Ends the connection; what has not been sent is dropped, and nothing more is received.
  public func close() {
    stream = nil
    if ending == nil { ending = "we have closed it" }
  }
}
