internal import Model
internal import Runtime

/// `redis.spring-lock`: the lock registry of Spring Integration: a lock inside the process in front of one in Redis.
struct SpringLock: LockClient, ~Copyable {
  static let documentation = Documentation(
    introduction: "the lock registry of Spring Integration: a lock inside the process in front of one in Redis.",
    algorithm: """
      wait for the lock of this thread's registry first, then run the first script with the registry's name, which all
      workers of a thread share, and `expire-after`. When the key belongs to somebody else, `lock-type: spin` sleeps for
      `idle-between-tries` and asks again; `pub-sub` subscribes to the lock's channel and waits for a message, or for
      `expire-after`. Release is the second script (with `pub-sub` the third), then the lock inside the process.

          local owner = redis.call('GET', KEYS[1])
          if owner == ARGV[1] then return redis.call('PEXPIRE', KEYS[1], ARGV[2]) end
          if owner then return 0 end
          redis.call('PSETEX', KEYS[1], ARGV[2], ARGV[1])
          return 1

          if redis.call('GET', KEYS[1]) ~= ARGV[1] then return 0 end
          return redis.call('DEL', KEYS[1])

          if redis.call('GET', KEYS[1]) ~= ARGV[1] then return 0 end
          redis.call('DEL', KEYS[1])
          redis.call('PUBLISH', KEYS[2], 0)
          return 1
      """,
    guarantees: """
      one holder at a time, on any host, as long as nobody holds longer than `expire-after` and the server keeps its
      data. Workers of one thread never contend on the server.
      """,
    doesNotGuarantee: """
      mutual exclusion beyond `expire-after`, and there is no fencing. Order among processes: with `spin` the process
      that has just released asks again long before the others wake.
      """,
    failureWindow: """
      from the expiry until the holder notices, which its release does. A holder that dies blocks others for the rest of
      `expire-after`.
      """,
    roundTrips: "those of the store (over Redis: 1 to read, 1 to write) and 1 to release.",
    source: """
      Spring Integration, `RedisLockRegistry`. Spring has one registry per process and one channel per registry, here it
      is one registry per thread of workers and one channel per lock; renewal by a scheduler is left out.
      """)

  private var connection: RedisConnection
  private let settings: Settings
  private let obtaining = Script(obtainScript)
  private let releasing: Script
  private let local: LocalLocks.Member
  private let subscriptions: Subscriptions.Share?
  private let signal: Readiness

  static let obtainScript: StaticString = """
    local owner = redis.call('GET', KEYS[1])
    if owner == ARGV[1] then return redis.call('PEXPIRE', KEYS[1], ARGV[2]) end
    if owner then return 0 end
    redis.call('PSETEX', KEYS[1], ARGV[2], ARGV[1])
    return 1
    """
  static let releaseScript: StaticString = """
    if redis.call('GET', KEYS[1]) ~= ARGV[1] then return 0 end
    return redis.call('DEL', KEYS[1])
    """
  static let announceScript: StaticString = """
    if redis.call('GET', KEYS[1]) ~= ARGV[1] then return 0 end
    redis.call('DEL', KEYS[1])
    redis.call('PUBLISH', KEYS[2], 0)
    return 1
    """

  /// What all workers of a process share.
  struct Configuration: Sendable {
    let redis: RedisConfiguration
    let settings: Settings
    let locals = LoopShared<LocalLocks>()
    let subscriptions = LoopShared<Subscriptions>()
  }

  /// The options.
  struct Settings: Sendable {
    let expireMilliseconds: Int64
    let idleNanoseconds: Int64
    let timeoutNanoseconds: Int64
    let isAnnounced: Bool
  }

  static func configure(_ environment: StrategyEnvironment) throws(SetupFailure) -> Configuration {
    let options = environment.options
    return Configuration(
      redis: try RedisConfiguration(environment),
      settings: Settings(
        expireMilliseconds: LockOptions.milliseconds("expire-after", options),
        idleNanoseconds: options.duration("idle-between-tries").nanoseconds,
        timeoutNanoseconds: options.duration("timeout").nanoseconds,
        isAnnounced: options.word("lock-type") == "pub-sub"))
  }

  static func open(_ configuration: Configuration, _ worker: WorkerContext) async throws(SetupFailure) -> SpringLock {
    let isAnnounced = configuration.settings.isAnnounced
    var lock = SpringLock(
      connection: try RedisConnection(configuration.redis, worker), settings: configuration.settings,
      releasing: Script(isAnnounced ? announceScript : releaseScript),
      local: LocalLocks.Member(configuration.locals.value(of: worker.loop) { LocalLocks(worker) }),
      subscriptions: isAnnounced ? share(configuration, worker) : nil, signal: worker.loop.makeSignal())
    try await lock.enter()
    return lock
  }

  private static func share(_ configuration: Configuration, _ worker: WorkerContext) -> Subscriptions.Share {
    Subscriptions.Share(
      configuration.subscriptions.value(of: worker.loop) { Subscriptions(configuration.redis, worker) })
  }

  private mutating func enter() async throws(SetupFailure) {
    try await connection.open()
    try await obtaining.load(&connection)
    try await releasing.load(&connection)
  }

  /// Waits inside the process, then on the server.
  mutating func acquire(_ key: Int32, shared: Bool, _ attempt: inout Attempt) async throws(AttemptFailure) {
    let deadline = monotonicNow() &+ settings.timeoutNanoseconds
    guard await local.lock(key, until: deadline) else { throw .notAcquired }
    do throws(AttemptFailure) {
      if try await obtain(key, &attempt) { return }
      if let subscriptions {
        let channel = subscriptions.join(channelName(key))
        defer { subscriptions.leave(channel) }
        await channel.confirmation(signal, on: connection.loop, until: deadline)
        while try await !obtain(key, &attempt) {
          let expiry = monotonicNow() &+ settings.expireMilliseconds &* 1_000_000
          try check(deadline)
          await channel.message(signal, on: connection.loop, until: min(deadline, expiry))
        }
      } else {
        repeat {
          try check(deadline)
          await attempt.sleep(nanoseconds: settings.idleNanoseconds)
        } while try await !obtain(key, &attempt)
      }
    } catch {
      // With a broken session the key may be the registry's: nobody of it may take it before `reopen()` has released it.
      if !error.breaksSession { local.unlock(key) }
      throw error
    }
  }

  private func check(_ deadline: Int64) throws(AttemptFailure) {
    if monotonicNow() >= deadline { throw .notAcquired }
  }

  private mutating func obtain(_ key: Int32, _ attempt: inout Attempt) async throws(AttemptFailure) -> Bool {
    appendObtain(key, withSource: false)
    try await connection.perform(1, decides: true, &attempt)
    if _slowPath(connection.replies.error == .missingScript) {
      appendObtain(key, withSource: true)
      try await connection.perform(1, decides: true, &attempt)
    }
    if connection.replies.number(0) == 1 { return true }
    attempt.count(.polls)
    return false
  }

  private mutating func appendObtain(_ key: Int32, withSource: Bool) {
    obtaining.begin(&connection.request, words: 4, withSource: withSource)
    connection.request.append(1)
    connection.request.append(connection.configuration.locks, key)
    local.locks.registry.withUnsafeBytes { connection.request.append($0) }
    connection.request.append(settings.expireMilliseconds)
  }

  private mutating func appendRelease(_ key: Int32, withSource: Bool) {
    releasing.begin(&connection.request, words: settings.isAnnounced ? 4 : 3, withSource: withSource)
    connection.request.append(settings.isAnnounced ? 2 : 1)
    connection.request.append(connection.configuration.locks, key)
    if settings.isAnnounced { connection.request.append(connection.configuration.lockChannels, key) }
    local.locks.registry.withUnsafeBytes { connection.request.append($0) }
  }

  private func channelName(_ key: Int32) -> [UInt8] {
    Array(connection.configuration.lockChannels.bytes) + Array(String(key).utf8)
  }

  /// Deletes the key if it is still the registry's, then lets others of this thread in.
  mutating func release(_ key: Int32, shared: Bool, _ attempt: inout Attempt) async throws(AttemptFailure) {
    do throws(AttemptFailure) {
      appendRelease(key, withSource: false)
      try await connection.perform(1, decides: false, &attempt)
      if _slowPath(connection.replies.error == .missingScript) {
        appendRelease(key, withSource: true)
        try await connection.perform(1, decides: false, &attempt)
      }
    } catch {
      if !error.breaksSession { local.unlock(key) }
      throw error
    }
    if connection.replies.number(0) == 0 { attempt.count(.expiredHolds) }
    local.unlock(key)
  }

  /// Connects again and releases what may still be the registry's because of us.
  mutating func reopen() async throws(SetupFailure) {
    try await enter()
    while let key = local.first {
      appendRelease(key, withSource: true)
      try await connection.askOnce()
      local.unlock(key)
    }
  }

  consuming func close() async {}

  /// What it is over one of the stores that it composes with.
  static func descriptor(over store: String) -> StrategyDescriptor {
    .redisLock(
      "spring-lock", "Spring Integration's registry: a local lock, then one in Redis", documentation, over: store,
      options: [
        OptionSpecification(
          "expire-after", .duration(.milliseconds(1)...(.seconds(3600))), default: .duration(.seconds(60)),
          "How long the lock lasts if nobody releases it; whole milliseconds."),
        OptionSpecification(
          "lock-type", .word(["spin", "pub-sub"]), default: .word("spin"),
          "How a lock that another process holds is waited for: by asking again, or for a message."),
        OptionSpecification(
          "idle-between-tries", .duration(.microseconds(100)...(.seconds(60))), default: .duration(.milliseconds(100)),
          "With spin: time between two tries."),
        LockOptions.timeout,
      ])
  }
}
