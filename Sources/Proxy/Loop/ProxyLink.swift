internal import Model
internal import Runtime

/// The way to one server: where clients connect, where that leads, and what is done to what passes.
final class ProxyLink {
  let target: [SocketAddress]
  let wire: WireProtocol?
  let listener: Socket
  /// To be removed when nobody listens there any more.
  let socketPath: String?
  /// How long a server that refuses is tried again, nanoseconds; a client that was refused would try again by itself,
  /// which one that was let in does not.
  let patience: Int64
  /// How long bytes travel, and how much that varies; nanoseconds of a round trip.
  var distance: Int64 = 0
  var jitter: Int64 = 0
  /// More of the same while it is disturbed.
  var extraDistance: Int64 = 0
  var extraJitter: Int64 = 0
  /// Nothing passes, and nobody is let in.
  var isHeld = false
  /// Of which connections nothing passes, by the port of the client and the one that it has connected to.
  var holds: (@Sendable (_ client: Int, _ server: Int) -> Bool)?
  /// Who comes is reset.
  var isRefusing = false
  /// How fast answers pass; nil for as fast as they can.
  var bytesPerSecond: Int?
  var cuts: [ArmedCut] = []
  /// When something was last delivered, to clients and to servers.
  private var lastDelivery: (client: Int64, server: Int64) = (0, 0)
  var connections: [ObjectIdentifier: Connection] = [:]
  private var random: RandomSource

  init(
    _ listener: Socket, socketPath: String?, to target: [SocketAddress], wire: WireProtocol?, patience: Int64,
    seed: UInt64
  ) {
    self.listener = listener
    self.patience = patience
    self.socketPath = socketPath
    self.target = target
    self.wire = wire
    random = RandomSource(seed: seed, stream: 12)
  }

  /// Whether nothing of a connection passes.
  func isHolding(_ client: Socket) -> Bool {
    holds.map { $0(client.remotePort, listener.localPort) } ?? false
  }

  /// How long something that is taken now travels in one direction.
  func delay(isRequests: Bool) -> Int64 {
    let roundTrip = distance &+ extraDistance
    if roundTrip == 0 { return 0 }
    let half = isRequests ? roundTrip / 2 : roundTrip - roundTrip / 2
    return varied(half, by: jitter &+ extraJitter)
  }

  /// Notes that something is delivered, and tells how long nothing was.
  func deliver(isRequests: Bool, at now: Int64) {
    if isRequests { lastDelivery.server = now } else { lastDelivery.client = now }
  }

  /// By how much the waking of a receiver takes longer than that of one that has hardly slept: nothing was delivered to
  /// any for so long. What takes a processor 10 us to wake up from after 100 us takes it 40 us after a millisecond.
  func drowsiness(isRequests: Bool, at moment: Int64, _ waking: Int64) -> Int64 {
    let last = isRequests ? lastDelivery.server : lastDelivery.client
    return waking &* min(1_000_000, max(0, moment &- last)) / 1_000_000
  }

  /// How long a request, or the answer to it, is kept when it is chosen.
  func sample(_ means: CutMeans) -> Int64 {
    guard case .delay(let delay, let jitter) = means else { return 0 }
    return varied(delay.nanoseconds, by: jitter.nanoseconds)
  }

  private func varied(_ value: Int64, by most: Int64) -> Int64 {
    most == 0 ? value : max(0, value &- most &+ Int64(random.below(UInt64(2 * most + 1))))
  }
}
