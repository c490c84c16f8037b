internal import Model
internal import Runtime

/// The channels on which locks announce that they are free, for the workers of one event loop: one connection for all
/// of them, as client libraries keep it once per process.
///
/// A channel is subscribed to while somebody waits for its lock. Each message releases one waiter of this loop, or else
/// the next one that will wait. When the connection is lost all waiters are released, for messages may be lost with it.
/// Source: Redis documentation, "Redis Pub/Sub"; Redisson, `LockPubSub` and `PublishSubscribe`.
final class Subscriptions: @unchecked Sendable {  // because it is used on the thread of its loop only
  private let configuration: RedisConfiguration
  private let worker: WorkerContext
  private var channels: [[UInt8]: Channel] = [:]
  private var connection: SubscriberConnection?
  private var users = 0
  private var isRunning = false

  /// - Parameter worker: the first one of the loop.
  init(_ configuration: RedisConfiguration, _ worker: WorkerContext) {
    self.configuration = configuration
    self.worker = worker
  }

  /// A worker's share in the subscriptions, which are kept as long as there is one.
  final class Share {
    private let subscriptions: Subscriptions

    init(_ subscriptions: Subscriptions) {
      self.subscriptions = subscriptions
      subscriptions.users += 1
    }

    deinit {
      subscriptions.users -= 1
      if subscriptions.users == 0 { subscriptions.connection?.readiness.signal() }
    }

    /// Begins to listen; ``Channel/confirmation(_:on:until:)`` tells from when on nothing is missed.
    func join(_ name: [UInt8]) -> Channel { subscriptions.join(name) }

    /// Ends what ``join(_:)`` began.
    func leave(_ channel: Channel) { subscriptions.leave(channel) }
  }

  private func join(_ name: [UInt8]) -> Channel {
    if let known = channels[name] {
      known.users += 1
      return known
    }
    let channel = Channel(name)
    channels[name] = channel
    if !isRunning {
      isRunning = true
      worker.loop.start { await self.run() }
    } else if connection?.post("SUBSCRIBE", name) == false {
      connection?.readiness.signal()
    }
    return channel
  }

  private func leave(_ channel: Channel) {
    channel.users -= 1
    if channel.users > 0 { return }
    channels[channel.name] = nil
    if connection?.post("UNSUBSCRIBE", channel.name) == false { connection?.readiness.signal() }
  }

  /// Listens, over one connection after the other, until the last worker has gone.
  private func run() async {
    var pause: Int64 = 5_000_000
    while users > 0 {
      if await connect() {
        pause = 5_000_000
        await listen()
        connection = nil
      }
      for channel in channels.values { channel.interrupt() }
      if users == 0 { break }
      worker.events.add(.reconnects)
      await worker.loop.sleep(nanoseconds: pause)
      pause = min(pause * 2, 500_000_000)
    }
    isRunning = false
  }

  private func connect() async -> Bool {
    do throws(SetupFailure) {
      var fresh = try RedisConnection(configuration, worker)
      try await fresh.open()
      connection = SubscriberConnection(fresh)
    } catch { return false }
    for channel in channels.values where connection?.post("SUBSCRIBE", channel.name) == false { return false }
    return connection != nil
  }

  private func listen() async {
    guard let readiness = connection?.readiness else { return }
    while users > 0 {
      await readiness.readable()
      let isOpen = connection?.receive { event, name in
        switch event {
        case .subscribed: channels[name]?.confirm()
        case .message: channels[name]?.release()
        }
      }
      if isOpen != true { return }
    }
  }
}

/// A channel that somebody listens to.
final class Channel {
  let name: [UInt8]
  fileprivate var users = 1
  private var isConfirmed = false
  /// Whether a message came that nobody has waited for yet.
  private var hasPermit = false
  private var waiters: [Readiness] = []

  fileprivate init(_ name: [UInt8]) { self.name = name }

  /// Suspends until the server has confirmed the subscription, but not beyond a moment of ``monotonicNow()``.
  func confirmation(_ signal: Readiness, on loop: EventLoop, until deadline: Int64) async {
    if !isConfirmed { await suspend(signal, on: loop, until: deadline) }
  }

  /// Suspends until a message releases this waiter, but not beyond a moment of ``monotonicNow()``.
  func message(_ signal: Readiness, on loop: EventLoop, until deadline: Int64) async {
    if hasPermit { hasPermit = false } else { await suspend(signal, on: loop, until: deadline) }
  }

  private func suspend(_ signal: Readiness, on loop: EventLoop, until deadline: Int64) async {
    waiters.append(signal)
    if await !loop.wait(for: signal, until: deadline) { waiters.removeAll { $0 === signal } }
  }

  fileprivate func confirm() {
    isConfirmed = true
    releaseAll()
  }

  fileprivate func release() {
    if waiters.isEmpty { hasPermit = true } else { waiters.removeFirst().signal() }
  }

  /// The connection was lost.
  fileprivate func interrupt() {
    isConfirmed = false
    releaseAll()
  }

  private func releaseAll() {
    for waiter in waiters { waiter.signal() }
    waiters = []
  }
}
