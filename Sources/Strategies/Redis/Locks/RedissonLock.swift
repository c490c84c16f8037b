internal import Model
internal import Runtime

/// `redis.redisson-lock`: Redisson's `RLock`: waiters are told when the lock is free, and a watchdog renews it.
enum RedissonLock: HashLockKind {
  static let documentation = Documentation(
    introduction: "Redisson's `RLock`: waiters are told when the lock is free, and a watchdog renews it.",
    algorithm: """
      `EVALSHA` of the first script; nil means that the lock is ours. Otherwise `SUBSCRIBE` to the lock's channel over a
      connection that all workers of a thread share, run the script again, then wait for a message or for the time that
      the script returned, and so on, until `timeout`; `UNSUBSCRIBE` when nobody of the thread waits any more. A message
      wakes one waiter of each thread, and these race. Release is the second script. Every third of
      `lock-watchdog-timeout` a third script renews every lock that is held; not with a `lease-time`.

          if redis.call('EXISTS', KEYS[1]) == 0 or redis.call('HEXISTS', KEYS[1], ARGV[2]) == 1 then
            redis.call('HINCRBY', KEYS[1], ARGV[2], 1)
            redis.call('PEXPIRE', KEYS[1], ARGV[1])
            return nil
          end
          return redis.call('PTTL', KEYS[1])

          if redis.call('EXISTS', KEYS[1]) == 0 or redis.call('HEXISTS', KEYS[1], ARGV[1]) == 0 then return nil end
          redis.call('DEL', KEYS[1])
          redis.call('PUBLISH', KEYS[2], 0)
          return 1
      """,
    guarantees: """
      one holder at a time, on any host, as long as no holder is held up for longer than `lock-watchdog-timeout` (or
      holds longer than `lease-time`) and the server keeps its data.
      """,
    doesNotGuarantee: """
      order among those who wait. The watchdog does not tell a holder that the lock was lost, and nothing stops its
      writes.
      """,
    failureWindow: """
      from the expiry until the holder notices; a holder that dies blocks others for the rest of its lease. A server
      that fails over or restarts forgets locks. Left out: the key that keeps the answer of a release, by which Redisson
      can send it again (here the holder's name is used once, so a release that comes twice does no harm), and `WAIT`
      for replicas.
      """,
    roundTrips: "those of the store (over Redis: 1 to read, 1 to write) and 1 to release.",
    source: "Redisson, `RedissonLock`, `RedissonBaseLock`, `LockPubSub`, `renewal`.")

  static let acquireScript: StaticString = """
    if redis.call('EXISTS', KEYS[1]) == 0 or redis.call('HEXISTS', KEYS[1], ARGV[2]) == 1 then
      redis.call('HINCRBY', KEYS[1], ARGV[2], 1)
      redis.call('PEXPIRE', KEYS[1], ARGV[1])
      return nil
    end
    return redis.call('PTTL', KEYS[1])
    """

  static let releaseScript: StaticString = """
    if redis.call('EXISTS', KEYS[1]) == 0 or redis.call('HEXISTS', KEYS[1], ARGV[1]) == 0 then return nil end
    redis.call('DEL', KEYS[1])
    redis.call('PUBLISH', KEYS[2], 0)
    return 1
    """

  static let giveUpScript: StaticString? = nil
  static let hasPrivateChannels = false

  static func appendAcquire(_ script: borrowing Script, _ call: HashLockCall, to request: inout RequestBuffer) {
    script.append(to: &request, words: 4, withSource: call.withSource)
    request.append(1)
    request.append(call.configuration.locks, call.key)
    request.append(call.settings.leaseMilliseconds)
    request.append(call.holder)
  }

  static func appendRelease(_ script: borrowing Script, _ call: HashLockCall, to request: inout RequestBuffer) {
    script.append(to: &request, words: 4, withSource: call.withSource)
    request.append(2)
    request.append(call.configuration.locks, call.key)
    request.append(call.configuration.lockChannels, call.key)
    request.append(call.holder)
  }

  static func appendGiveUp(_ script: borrowing Script, _ call: HashLockCall, to request: inout RequestBuffer) {}

  /// What it is over one of the stores that it composes with.
  static func descriptor(over store: String) -> StrategyDescriptor {
    .redisLock(
      "redisson-lock", "Redisson's RLock: hash, message when it is free, watchdog", documentation, over: store,
      options: HashLockSettings.options)
  }
}
