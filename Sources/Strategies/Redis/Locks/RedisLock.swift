public import Model
public import Runtime

/// `redis.lock`: one key per record, set only if it is free, with an owner and an expiry.
public struct RedisLock: LeaseClient, FencingLockClient, ~Copyable {
  static let documentation = Documentation(
    introduction: "one key per record, set only if it is free, with an owner and an expiry.",
    algorithm: """
      `SET key token NX PX ttl`, where the token is 20 random bytes in hexadecimal, new for every acquisition. When the
      key is taken (nil), sleep for `poll` times 0.5 to 1.5 and try again, until `timeout`. To release, `EVALSHA` of a
      script that deletes the key only if it still holds our token; `EVAL` with the source when the server does not know
      the script (`NOSCRIPT`).

          if redis.call('GET', KEYS[1]) == ARGV[1] then return redis.call('DEL', KEYS[1]) else return 0 end

      With `renew`, every third of `ttl` another script gives the locks that are held their whole `ttl` again, over a
      connection that all workers of a thread share.

          if redis.call('GET', KEYS[1]) == ARGV[2] then return redis.call('PEXPIRE', KEYS[1], ARGV[1]) else return 0 end

      With a `fence`, a script takes the key and counts the grants of the lock; the count is the fencing token.

          if redis.call('EXISTS', KEYS[1]) == 1 then return false end
          redis.call('PSETEX', KEYS[1], ARGV[1], ARGV[2])
          return redis.call('INCR', KEYS[2])

      In an election the leader holds it for its whole term and gives it its `ttl` again before every effect, with the
      script of the watchdog; candidates poll.
      """,
    guarantees: """
      one holder at a time, on any host, as long as nobody holds longer than `ttl` (with `renew`: is held up for longer)
      and the server keeps its data. A holder that dies blocks others for `ttl` at most.
      """,
    doesNotGuarantee: """
      mutual exclusion beyond `ttl`: a holder that is slow or paused goes on while the next one holds the lock, and
      nothing stops its writes unless `fence` does. A release that finds another token is counted as an expired hold.
      No order among those who wait.
      """,
    failureWindow: """
      from the expiry until the holder notices. A server that fails over or restarts without `appendonly` and
      `appendfsync always` forgets locks, and counts their grants anew: records that have seen more then refuse everybody. A
      lost answer to `SET` may leave the lock taken: after the reconnect the
      release script clears it, at the latest the expiry does.
      """,
    roundTrips: "those of the store (over Redis: 1 to read, 1 to write) and 1 to release.",
    source: """
      Redis documentation, "Distributed locks with Redis", section "Correct implementation with a single instance".
      """)

  private var connection: RedisConnection
  /// How the server is found that is the primary of others; nil where there is only one.
  private let primary: PrimarySearch?
  private let settings: Settings
  private let script = Script(releaseScript)
  private let renewal = Script(renewScript)
  private let counting = Script(countingScript)
  private var holds: LockHolds
  private let watchdog: Watchdog.Share?

  static let releaseScript: StaticString =
    "if redis.call('GET', KEYS[1]) == ARGV[1] then return redis.call('DEL', KEYS[1]) else return 0 end"
  static let renewScript: StaticString =
    "if redis.call('GET', KEYS[1]) == ARGV[2] then return redis.call('PEXPIRE', KEYS[1], ARGV[1]) else return 0 end"
  static let countingScript: StaticString = """
    if redis.call('EXISTS', KEYS[1]) == 1 then return false end
    redis.call('PSETEX', KEYS[1], ARGV[1], ARGV[2])
    return redis.call('INCR', KEYS[2])
    """

  /// What all workers of a process share.
  public struct Configuration: Sendable {
    let redis: RedisConfiguration
    let settings: Settings
    /// How the server is found that is the primary of others; nil where there is only one.
    var primary: PrimarySearch?
    /// How long to wait for an answer, in nanoseconds; nil for as long as it takes.
    var answerLimit: Int64?
    let watchdogs = LoopShared<Watchdog>()
  }

  /// The options.
  struct Settings: Sendable {
    /// Nil for a lock that never expires.
    let ttlMilliseconds: Int64?
    let polling: Polling
    let renews: Bool
    /// Whether grants are counted, for their tokens.
    let countsGrants: Bool
  }

  /// Reads address and options.
  public static func configure(_ environment: StrategyEnvironment) throws(SetupFailure) -> Configuration {
    let options = environment.options
    let settings = Settings(
      ttlMilliseconds: LockOptions.milliseconds("ttl", options), polling: Polling(options),
      renews: options.flag("renew"), countsGrants: environment.fence != .none)
    return Configuration(redis: try RedisConfiguration(environment), settings: settings)
  }

  /// Connects and makes the server keep the script.
  public static func open(
    _ configuration: Configuration, _ worker: WorkerContext
  ) async throws(SetupFailure) -> RedisLock {
    var lock = RedisLock(
      connection: try RedisConnection(configuration.redis, worker),
      primary: configuration.primary, settings: configuration.settings,
      holds: LockHolds(worker.random), watchdog: watchdog(configuration, worker))
    lock.connection.answerLimit = configuration.answerLimit
    try await lock.enter()
    return lock
  }

  private mutating func enter() async throws(SetupFailure) {
    if let primary { try await connection.open(primary) } else { try await connection.open() }
    try await script.load(&connection)
    if settings.countsGrants { try await counting.load(&connection) }
  }

  private static func watchdog(_ configuration: Configuration, _ worker: WorkerContext) -> Watchdog.Share? {
    guard configuration.settings.renews, let ttl = configuration.settings.ttlMilliseconds else { return nil }
    return Watchdog.Share(
      configuration.watchdogs.value(of: worker.loop) {
        Watchdog(configuration.redis, worker, renewing: renewScript, leaseMilliseconds: ttl)
      })
  }

  /// Polls until the key is ours. Redis locks know no sharing.
  public mutating func acquire(_ key: Int32, shared: Bool, _ attempt: inout Attempt) async throws(AttemptFailure) {
    let hold = holds.add(key)
    var deadline: Int64?
    do throws(AttemptFailure) {
      while try await !set(key, hold, &attempt) { try await settings.polling.wait(&deadline, &attempt) }
      watchdog?.watchdog.add(key, holds.token(hold))
    } catch {
      // After `ambiguous` the key may be ours; the hold is kept until `reopen()` has released it.
      if error != .ambiguous { holds.remove(hold) }
      throw error
    }
  }

  /// Whether the key was free and is ours now.
  private mutating func set(_ key: Int32, _ hold: Int, _ attempt: inout Attempt) async throws(AttemptFailure) -> Bool {
    if settings.countsGrants { return try await setAndCount(key, hold, &attempt) }
    connection.request.clear()
    connection.request.command(words: settings.ttlMilliseconds == nil ? 4 : 6)
    connection.request.append("SET")
    connection.request.append(connection.configuration.locks, key)
    connection.request.append(holds.token(hold))
    connection.request.append("NX")
    if let ttl = settings.ttlMilliseconds {
      connection.request.append("PX")
      connection.request.append(ttl)
    }
    try await connection.perform(1, decides: true, &attempt)
    return connection.replies.kind == .status
  }

  /// The same; hands over the fencing token.
  private mutating func setAndCount(
    _ key: Int32, _ hold: Int, _ attempt: inout Attempt
  ) async throws(AttemptFailure) -> Bool {
    appendCounting(key, hold, withSource: false)
    try await connection.perform(1, decides: true, &attempt)
    if _slowPath(connection.replies.error == .missingScript) {
      appendCounting(key, hold, withSource: true)
      try await connection.perform(1, decides: true, &attempt)
    }
    guard let token = connection.replies.number(0) else { return false }
    attempt.granted(key, token: token)
    return true
  }

  private mutating func appendCounting(_ key: Int32, _ hold: Int, withSource: Bool) {
    counting.begin(&connection.request, words: 5, withSource: withSource)
    connection.request.append(2)
    connection.request.append(connection.configuration.locks, key)
    connection.request.append(connection.configuration.lockTokens, key)
    connection.request.append(settings.ttlMilliseconds ?? 0)
    connection.request.append(holds.token(hold))
  }

  /// Deletes the key if it still holds our token.
  public mutating func release(_ key: Int32, shared: Bool, _ attempt: inout Attempt) async throws(AttemptFailure) {
    guard let hold = holds.find(key) else { return }
    watchdog?.watchdog.remove(key, holds.token(hold))
    do throws(AttemptFailure) {
      try await runRelease(hold, &attempt)
    } catch {
      // With a broken session the hold is kept for `reopen()`; otherwise only the expiry can help.
      if !error.breaksSession { holds.remove(hold) }
      throw error
    }
    holds.remove(hold)
    if connection.replies.number(0) == 0 { attempt.count(.expiredHolds) }
  }

  private mutating func runRelease(_ hold: Int, _ attempt: inout Attempt) async throws(AttemptFailure) {
    appendRelease(hold, withSource: false)
    try await connection.perform(1, decides: false, &attempt)
    if _slowPath(connection.replies.error == .missingScript) {
      appendRelease(hold, withSource: true)
      try await connection.perform(1, decides: false, &attempt)
    }
  }

  private mutating func appendRelease(_ hold: Int, withSource: Bool) {
    script.begin(&connection.request, words: 3, withSource: withSource)
    connection.request.append(1)
    connection.request.append(connection.configuration.locks, holds.key(hold))
    connection.request.append(holds.token(hold))
  }

  /// Sets the expiry anew if the key still holds our token.
  public mutating func renew(_ key: Int32, _ attempt: inout Attempt) async throws(AttemptFailure) {
    // A lock that never expires needs no renewal.
    guard let ttl = settings.ttlMilliseconds else { return }
    guard let hold = holds.find(key) else { throw .leaseLost }
    appendRenewal(hold, ttl, withSource: false)
    try await connection.perform(1, decides: false, &attempt)
    if _slowPath(connection.replies.error == .missingScript) {
      appendRenewal(hold, ttl, withSource: true)
      try await connection.perform(1, decides: false, &attempt)
    }
    if connection.replies.number(0) == 0 {
      watchdog?.watchdog.remove(key, holds.token(hold))
      holds.remove(hold)
      attempt.count(.expiredHolds)
      throw .leaseLost
    }
  }

  private mutating func appendRenewal(_ hold: Int, _ ttl: Int64, withSource: Bool) {
    renewal.begin(&connection.request, words: 4, withSource: withSource)
    connection.request.append(1)
    connection.request.append(connection.configuration.locks, holds.key(hold))
    connection.request.append(ttl)
    connection.request.append(holds.token(hold))
  }

  /// Connects again and releases what may still be ours: between attempts nothing is held on purpose.
  public mutating func reopen() async throws(SetupFailure) {
    try await enter()
    while let hold = holds.first {
      appendRelease(hold, withSource: true)
      try await connection.askOnce()
      holds.remove(hold)
    }
  }

  /// Gives back what is held over many operations, and closes the connection.
  public consuming func close() async {
    while let hold = holds.first {
      watchdog?.watchdog.remove(holds.key(hold), holds.token(hold))
      appendRelease(hold, withSource: true)
      // What cannot be given back ends by itself.
      try? await connection.askOnce()
      holds.remove(hold)
    }
  }

  /// How many replicas have what this session has written, asked for so long at most.
  mutating func acknowledgements(
    of replicas: Int64, within milliseconds: Int64, _ attempt: inout Attempt
  ) async throws(AttemptFailure) -> Int64 {
    connection.request.clear()
    connection.request.command(words: 3)
    connection.request.append("WAIT")
    connection.request.append(replicas)
    connection.request.append(milliseconds)
    // The server looks at the time ten times a second.
    let patience = (milliseconds &+ 200) &* 1_000_000 &+ (connection.answerLimit ?? 0)
    try await connection.perform(1, decides: false, until: monotonicNow() &+ patience, &attempt)
    return connection.replies.number(0) ?? 0
  }
}

extension RedisLock {
  /// What it is over one of the stores that it composes with.
  public static func descriptor(over store: String) -> StrategyDescriptor {
    .redisLock(
      "lock", aliases: ["redis-lock"], "SET NX PX with an owner token, around a read and a write", documentation,
      over: store, options: options)
  }

  static let options =
    [LockOptions.ttl] + Polling.options + [
      OptionSpecification(
        "renew", .flag, default: .flag(false),
        "Whether a watchdog renews the lock every third of its ttl, as long as its holder lives.")
    ]
}
