internal import Model
internal import Runtime

/// The scripts of a lock of Redisson's family: the lock is a hash of one field, the holder.
protocol HashLockKind: SendableMetatype {
  static var acquireScript: StaticString { get }
  static var releaseScript: StaticString { get }
  /// Leaves the queue; nil for a lock without one.
  static var giveUpScript: StaticString? { get }
  /// Asks for the lock.
  static func appendAcquire(_ script: borrowing Script, _ call: HashLockCall, to request: inout RequestBuffer)
  /// Gives the lock back.
  static func appendRelease(_ script: borrowing Script, _ call: HashLockCall, to request: inout RequestBuffer)
  /// Gives up waiting.
  static func appendGiveUp(_ script: borrowing Script, _ call: HashLockCall, to request: inout RequestBuffer)
  /// Whether each waiter has a channel of its own.
  static var hasPrivateChannels: Bool { get }
}

/// What a script is called with.
struct HashLockCall {
  let configuration: RedisConfiguration
  let settings: HashLockSettings
  let key: Int32
  let holder: UnsafeRawBufferPointer
  let withSource: Bool
}

/// The options of these locks.
struct HashLockSettings: Sendable {
  let leaseMilliseconds: Int64
  let timeoutNanoseconds: Int64
  /// How long a waiter keeps its place in the queue.
  let placeMilliseconds: Int64
  let renews: Bool

  /// - Parameter hasQueue: whether there is the option `fair-lock-wait-timeout`.
  init(_ options: Options, hasQueue: Bool) {
    renews = options.duration("lease-time") == .zero
    leaseMilliseconds = LockOptions.milliseconds(renews ? "lock-watchdog-timeout" : "lease-time", options)
    timeoutNanoseconds = options.duration("timeout").nanoseconds
    placeMilliseconds = hasQueue ? LockOptions.milliseconds("fair-lock-wait-timeout", options) : 0
  }

  static let options = [
    OptionSpecification(
      "lock-watchdog-timeout", .duration(.milliseconds(3)...(.seconds(3600))), default: .duration(.seconds(30)),
      "How long the lock lasts unless the watchdog renews it, which it does every third of this time."),
    OptionSpecification(
      "lease-time", .duration(.zero...(.seconds(3600))), default: .duration(.zero),
      "How long the lock lasts without a watchdog; 0s for the watchdog, as Redisson's -1."),
    LockOptions.timeout,
  ]
}

/// A lock of Redisson's family: a script that takes the hash or says how long it lasts, a message when it is free.
///
/// Who does not get the lock subscribes to the lock's channel, asks once more, then waits for a message or until the
/// lock would expire, and asks again, until `timeout`. All workers of a thread share one connection for messages and one
/// for the watchdog, as those of a process do in Redisson.
/// The holder is named by 20 random bytes, new for every acquisition, where Redisson names client and thread: no lock is
/// taken twice here, so that nothing is to be counted.
struct HashLock<Kind: HashLockKind>: LockClient, ~Copyable {
  private var connection: RedisConnection
  private let settings: HashLockSettings
  private let acquisition = Script(Kind.acquireScript)
  private let returning = Script(Kind.releaseScript)
  private let giveUp = Script(Kind.giveUpScript ?? "return 0")
  private var holds: LockHolds
  private let subscriptions: Subscriptions.Share
  private let watchdog: Watchdog.Share?
  private let signal: Readiness

  /// What all workers of a process share.
  struct Configuration: Sendable {
    let redis: RedisConfiguration
    let settings: HashLockSettings
    let subscriptions = LoopShared<Subscriptions>()
    let watchdogs = LoopShared<Watchdog>()
  }

  static func configure(_ environment: StrategyEnvironment) throws(SetupFailure) -> Configuration {
    let settings = HashLockSettings(environment.options, hasQueue: Kind.giveUpScript != nil)
    return Configuration(redis: try RedisConfiguration(environment), settings: settings)
  }

  static func open(_ configuration: Configuration, _ worker: WorkerContext) async throws(SetupFailure) -> HashLock {
    var lock = HashLock(
      connection: try RedisConnection(configuration.redis, worker), settings: configuration.settings,
      holds: LockHolds(worker.random),
      subscriptions: Subscriptions.Share(
        configuration.subscriptions.value(of: worker.loop) { Subscriptions(configuration.redis, worker) }),
      watchdog: configuration.settings.renews ? watchdog(configuration, worker) : nil,
      signal: worker.loop.makeSignal())
    try await lock.enter()
    return lock
  }

  private static func watchdog(_ configuration: Configuration, _ worker: WorkerContext) -> Watchdog.Share {
    Watchdog.Share(
      configuration.watchdogs.value(of: worker.loop) {
        Watchdog(
          configuration.redis, worker, renewing: HashLockScripts.renew,
          leaseMilliseconds: configuration.settings.leaseMilliseconds)
      })
  }

  private mutating func enter() async throws(SetupFailure) {
    try await connection.open()
    try await acquisition.load(&connection)
    try await returning.load(&connection)
    if Kind.giveUpScript != nil { try await giveUp.load(&connection) }
  }

  /// Asks, and waits for messages while the lock is taken.
  mutating func acquire(_ key: Int32, shared: Bool, _ attempt: inout Attempt) async throws(AttemptFailure) {
    let hold = holds.add(key)
    do throws(AttemptFailure) {
      if try await ask(hold, &attempt) != nil { try await waitFor(hold, &attempt) }
    } catch {
      // With a broken session the lock, or a place in its queue, may be ours; `reopen()` gives it back.
      if !error.breaksSession { holds.remove(hold) }
      throw error
    }
    watchdog?.watchdog.add(key, holds.token(hold))
  }

  /// Nil when the lock is ours; otherwise after how many milliseconds it is free although nobody says so.
  private mutating func ask(_ hold: Int, _ attempt: inout Attempt) async throws(AttemptFailure) -> Int64? {
    connection.request.clear()
    Kind.appendAcquire(acquisition, call(hold, withSource: false), to: &connection.request)
    try await connection.perform(1, decides: true, &attempt)
    if _slowPath(connection.replies.error == .missingScript) {
      connection.request.clear()
      Kind.appendAcquire(acquisition, call(hold, withSource: true), to: &connection.request)
      try await connection.perform(1, decides: true, &attempt)
    }
    if connection.replies.kind == .nothing { return nil }
    // A fenced lock answers with the remaining time, or -1, and the token.
    if connection.replies.elements == 2, connection.replies.number(0) == -1, let token = connection.replies.number(1) {
      attempt.granted(holds.key(hold), token: token)
      return nil
    }
    attempt.count(.polls)
    return connection.replies.number(0) ?? 0
  }

  private mutating func waitFor(_ hold: Int, _ attempt: inout Attempt) async throws(AttemptFailure) {
    let deadline = monotonicNow() &+ settings.timeoutNanoseconds
    let channel = subscriptions.join(channelName(hold))
    defer { subscriptions.leave(channel) }
    await channel.confirmation(signal, on: connection.loop, until: deadline)
    while let rest = try await ask(hold, &attempt) {
      let now = monotonicNow()
      if now >= deadline {
        try await leaveQueue(hold, &attempt)
        throw .notAcquired
      }
      // Less than a millisecond is 0. Less than nothing means that the lock is free and another one comes first.
      let expiry = now &+ (rest < 0 ? settings.leaseMilliseconds : max(1, rest)) &* 1_000_000
      await channel.message(signal, on: connection.loop, until: min(deadline, expiry))
    }
  }

  private mutating func leaveQueue(_ hold: Int, _ attempt: inout Attempt) async throws(AttemptFailure) {
    if Kind.giveUpScript == nil { return }
    connection.request.clear()
    Kind.appendGiveUp(giveUp, call(hold, withSource: true), to: &connection.request)
    try await connection.perform(1, decides: false, &attempt)
  }

  private func channelName(_ hold: Int) -> [UInt8] {
    var name = Array(connection.configuration.lockChannels.bytes) + Array(String(holds.key(hold)).utf8)
    if Kind.hasPrivateChannels { name += [UInt8(ascii: ":")] + Array(holds.token(hold)) }
    return name
  }

  private func call(_ hold: Int, withSource: Bool) -> HashLockCall {
    HashLockCall(
      configuration: connection.configuration, settings: settings, key: holds.key(hold), holder: holds.token(hold),
      withSource: withSource)
  }

  /// Gives the lock back and announces it, if it is still ours.
  mutating func release(_ key: Int32, shared: Bool, _ attempt: inout Attempt) async throws(AttemptFailure) {
    guard let hold = holds.find(key) else { return }
    watchdog?.watchdog.remove(key, holds.token(hold))
    do throws(AttemptFailure) {
      connection.request.clear()
      Kind.appendRelease(returning, call(hold, withSource: false), to: &connection.request)
      try await connection.perform(1, decides: false, &attempt)
      if _slowPath(connection.replies.error == .missingScript) {
        connection.request.clear()
        Kind.appendRelease(returning, call(hold, withSource: true), to: &connection.request)
        try await connection.perform(1, decides: false, &attempt)
      }
    } catch {
      // With a broken session the hold is kept for `reopen()`; otherwise only the expiry can help.
      if !error.breaksSession { holds.remove(hold) }
      throw error
    }
    holds.remove(hold)
    if connection.replies.kind == .nothing { attempt.count(.expiredHolds) }
  }

  /// Connects again and gives back what may still be ours.
  mutating func reopen() async throws(SetupFailure) {
    try await enter()
    while let hold = holds.first {
      connection.request.clear()
      Kind.appendRelease(returning, call(hold, withSource: true), to: &connection.request)
      try await connection.askOnce()
      if Kind.giveUpScript != nil {
        connection.request.clear()
        Kind.appendGiveUp(giveUp, call(hold, withSource: true), to: &connection.request)
        try await connection.askOnce()
      }
      holds.remove(hold)
    }
  }

  consuming func close() async {}
}

/// Only this script returns a token.
extension HashLock: FencingLockClient where Kind == FencedLock {}

/// Scripts that all of these locks have in common.
enum HashLockScripts {
  /// Of the key, the lease and the holder.
  static let renew: StaticString = """
    if redis.call('EXISTS', KEYS[1]) == 0 or redis.call('HEXISTS', KEYS[1], ARGV[2]) == 0 then return 0 end
    return redis.call('PEXPIRE', KEYS[1], ARGV[1])
    """
}
