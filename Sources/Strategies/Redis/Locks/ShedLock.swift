public import Model
public import Runtime

/// `redis.shedlock`: ShedLock's lock for scheduled tasks: whoever does not get it leaves the work to the holder.
public struct ShedLock: LockClient, ~Copyable {
  static let documentation = Documentation(
    introduction: "ShedLock's lock for scheduled tasks: whoever does not get it leaves the work to the holder.",
    algorithm: """
      `SET key token NX PX lock-at-most-for`, once; when the key is taken, the attempt ends as `not-acquired` at once,
      and the scenario's retry policy decides, where a scheduler would skip the run. To release after
      `lock-at-least-for`, delete the key: with `safe-update` by the script of `redis.lock`, without it (ShedLock's
      default) by `UNLINK key` (its `DEL`, whose memory is freed later), whoever holds it. To release earlier, shorten
      the expiry to what is left of `lock-at-least-for`: with `safe-update` by a script that compares the token and runs
      `PEXPIRE`, without it by `SET key token XX PX rest`.

          if redis.call('GET', KEYS[1]) == ARGV[1] then return redis.call('DEL', KEYS[1]) else return 0 end
          if redis.call('GET', KEYS[1]) == ARGV[1] then return redis.call('PEXPIRE', KEYS[1], ARGV[2]) else return 0 end
      """,
    guarantees: """
      one holder at a time, as long as nobody holds longer than `lock-at-most-for` and the server keeps its data; at
      most one in `lock-at-least-for`.
      """,
    doesNotGuarantee: """
      that work is ever done by somebody who was refused; order. Beyond `lock-at-most-for`, without `safe-update`, a
      slow holder deletes the lock of its successor.
      """,
    failureWindow: """
      from the expiry until the holder notices. A lost answer to `SET` leaves the lock taken until the reconnect, at the
      latest until it expires.
      """,
    roundTrips: "those of the store (over Redis: 1 to read, 1 to write) and 1 to release.",
    source: "ShedLock, `RedisLockProvider`, `InternalRedisLockProvider`; its token is `ADDED:time@host:uuid`.")

  private var connection: RedisConnection
  private let settings: Settings
  private let deletion: Script
  private let shortening: Script
  private var holds: LockHolds
  /// Until when the locks of this worker must last, in nanoseconds of ``monotonicNow()``: one operation holds all.
  private var leastUntil: Int64 = 0

  static let shortenScript: StaticString =
    "if redis.call('GET', KEYS[1]) == ARGV[1] then return redis.call('PEXPIRE', KEYS[1], ARGV[2]) else return 0 end"

  /// What all workers of a process share.
  public struct Configuration: Sendable {
    let redis: RedisConfiguration
    let settings: Settings
  }

  /// The options.
  struct Settings: Sendable {
    let mostMilliseconds: Int64
    let leastNanoseconds: Int64
    let isSafe: Bool
  }

  /// Reads address and options.
  public static func configure(_ environment: StrategyEnvironment) throws(SetupFailure) -> Configuration {
    let options = environment.options
    return Configuration(
      redis: try RedisConfiguration(environment),
      settings: Settings(
        mostMilliseconds: LockOptions.milliseconds("lock-at-most-for", options),
        leastNanoseconds: options.duration("lock-at-least-for").nanoseconds, isSafe: options.flag("safe-update")))
  }

  /// Connects and makes the server keep the scripts.
  public static func open(
    _ configuration: Configuration, _ worker: WorkerContext
  ) async throws(SetupFailure) -> ShedLock {
    var lock = ShedLock(
      connection: try RedisConnection(configuration.redis, worker), settings: configuration.settings,
      deletion: Script(RedisLock.releaseScript), shortening: Script(shortenScript), holds: LockHolds(worker.random))
    try await lock.enter()
    return lock
  }

  private mutating func enter() async throws(SetupFailure) {
    try await connection.open()
    try await deletion.load(&connection)
    try await shortening.load(&connection)
  }

  /// One try.
  public mutating func acquire(_ key: Int32, shared: Bool, _ attempt: inout Attempt) async throws(AttemptFailure) {
    let hold = holds.add(key)
    connection.request.clear()
    connection.request.command(words: 6)
    connection.request.append("SET")
    connection.request.append(connection.configuration.locks, key)
    connection.request.append(holds.token(hold))
    connection.request.append("NX")
    connection.request.append("PX")
    connection.request.append(settings.mostMilliseconds)
    do throws(AttemptFailure) {
      try await connection.perform(1, decides: true, &attempt)
      guard connection.replies.kind == .status else { throw .notAcquired }
    } catch {
      // After `ambiguous` the key may be ours; the hold is kept until `reopen()` has released it.
      if error != .ambiguous { holds.remove(hold) }
      throw error
    }
    if settings.leastNanoseconds > 0 { leastUntil = monotonicNow() &+ settings.leastNanoseconds }
  }

  /// Deletes the key, or lets it live for the rest of `lock-at-least-for`.
  public mutating func release(_ key: Int32, shared: Bool, _ attempt: inout Attempt) async throws(AttemptFailure) {
    guard let hold = holds.find(key) else { return }
    let rest = settings.leastNanoseconds > 0 ? (leastUntil &- monotonicNow()) / 1_000_000 : 0
    do throws(AttemptFailure) {
      appendRelease(hold, rest: rest, withSource: false)
      try await connection.perform(1, decides: false, &attempt)
      if _slowPath(connection.replies.error == .missingScript) {
        appendRelease(hold, rest: rest, withSource: true)
        try await connection.perform(1, decides: false, &attempt)
      }
    } catch {
      // With a broken session the hold is kept for `reopen()`; otherwise only the expiry can help.
      if !error.breaksSession { holds.remove(hold) }
      throw error
    }
    holds.remove(hold)
    // `SET ... XX` answers nil, the others 0, when there was nothing of ours.
    if connection.replies.kind == .nothing || connection.replies.number(0) == 0 { attempt.count(.expiredHolds) }
  }

  /// - Parameter rest: milliseconds for which the lock must last yet.
  private mutating func appendRelease(_ hold: Int, rest: Int64, withSource: Bool) {
    connection.request.clear()
    let key = holds.key(hold)
    let locks = connection.configuration.locks
    if settings.isSafe {
      if rest > 0 {
        shortening.append(to: &connection.request, words: 4, withSource: withSource)
      } else {
        deletion.append(to: &connection.request, words: 3, withSource: withSource)
      }
      connection.request.append(1)
      connection.request.append(locks, key)
      connection.request.append(holds.token(hold))
      if rest > 0 { connection.request.append(rest) }
    } else if rest > 0 {
      connection.request.command(words: 6)
      connection.request.append("SET")
      connection.request.append(locks, key)
      connection.request.append(holds.token(hold))
      connection.request.append("XX")
      connection.request.append("PX")
      connection.request.append(rest)
    } else {
      connection.request.command(words: 2)
      connection.request.append("UNLINK")
      connection.request.append(locks, key)
    }
  }

  /// Connects again and releases, by token, what may still be ours.
  public mutating func reopen() async throws(SetupFailure) {
    try await enter()
    while let hold = holds.first {
      deletion.begin(&connection.request, words: 3, withSource: true)
      connection.request.append(1)
      connection.request.append(connection.configuration.locks, holds.key(hold))
      connection.request.append(holds.token(hold))
      try await connection.askOnce()
      holds.remove(hold)
    }
  }

  /// Closes the connection.
  public consuming func close() async {}
}

extension ShedLock {
  /// What it is over one of the stores that it composes with.
  static func descriptor(over store: String) -> StrategyDescriptor {
    .redisLock(
      "shedlock", "ShedLock: SET NX PX once, no waiting; the loser skips", documentation, over: store,
      options: [
        OptionSpecification(
          "lock-at-most-for", .duration(.milliseconds(1)...(.seconds(86400))), default: .duration(.seconds(30)),
          "How long the lock lasts if nobody releases it; ShedLock has no default of its own."),
        OptionSpecification(
          "lock-at-least-for", .duration(.zero...(.seconds(86400))), default: .duration(.zero),
          "How long the lock lasts at least, however soon the work is done."),
        OptionSpecification(
          "safe-update", .flag, default: .flag(false), "Whether the release makes sure that the lock is still ours."),
      ])
  }
}
