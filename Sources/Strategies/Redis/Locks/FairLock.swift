internal import Glibc
internal import Model
internal import Runtime

/// `redis.fair-lock`: Redisson's fair lock: those who wait queue up, and only the first one is told.
enum FairLock: HashLockKind {
  static let documentation = Documentation(
    introduction: "Redisson's fair lock: those who wait queue up, and only the first one is told.",
    algorithm: """
      as `redis.redisson-lock`, with a queue of waiters (a list) and the moment until which each keeps its place (a
      sorted set). The script that asks for the lock first removes waiters at the head whose time is up; it grants the
      lock only when nobody waits or we are the first, and then takes `fair-lock-wait-timeout` off the time of all
      others; otherwise it adds us at the end, with the time of the one before us (or the rest of the lock's own) and
      `fair-lock-wait-timeout` on top. Each waiter listens to a channel of its own; a release publishes to the first
      waiter's. Whoever gives up leaves the queue by a third script, which shortens the time of those behind.
      """,
    guarantees: "as `redis.redisson-lock`, and the lock is granted in the order in which it was asked for.",
    doesNotGuarantee: """
      that a dead waiter does no harm: at the head of the queue it blocks everybody until its time is up, five minutes
      by Redisson's default. The times are those of the clients' clocks, so skew between hosts shortens or prolongs
      them. Every hand-over costs a message, a wake-up and a round trip: throughput is lower than without order.
      """,
    failureWindow: "as `redis.redisson-lock`.",
    roundTrips: "those of the store (over Redis: 1 to read, 1 to write) and 1 to release.",
    source: "Redisson, `RedissonFairLock`.")

  static let acquireScript: StaticString = """
    local now, place = tonumber(ARGV[4]), tonumber(ARGV[3])
    while true do
      local head = redis.call('LINDEX', KEYS[2], 0)
      if not head then break end
      local limit = redis.call('ZSCORE', KEYS[3], head)
      if not limit or tonumber(limit) > now then break end
      redis.call('ZREM', KEYS[3], head)
      redis.call('LPOP', KEYS[2])
    end
    local head = redis.call('LINDEX', KEYS[2], 0)
    if redis.call('EXISTS', KEYS[1]) == 0 and (not head or head == ARGV[2]) then
      redis.call('LPOP', KEYS[2])
      redis.call('ZREM', KEYS[3], ARGV[2])
      for _, waiter in ipairs(redis.call('ZRANGE', KEYS[3], 0, -1)) do
        redis.call('ZINCRBY', KEYS[3], -place, waiter)
      end
      redis.call('HSET', KEYS[1], ARGV[2], 1)
      redis.call('PEXPIRE', KEYS[1], ARGV[1])
      return nil
    end
    local rest = redis.call('PTTL', KEYS[1])
    if redis.call('ZSCORE', KEYS[3], ARGV[2]) then return rest end
    local last = redis.call('LINDEX', KEYS[2], -1)
    local limit = last and redis.call('ZSCORE', KEYS[3], last)
    if limit then rest = tonumber(limit) - now end
    redis.call('ZADD', KEYS[3], now + math.max(rest, 0) + place, ARGV[2])
    redis.call('RPUSH', KEYS[2], ARGV[2])
    return rest
    """

  static let releaseScript: StaticString = """
    local now = tonumber(ARGV[3])
    while true do
      local head = redis.call('LINDEX', KEYS[2], 0)
      if not head then break end
      local limit = redis.call('ZSCORE', KEYS[3], head)
      if not limit or tonumber(limit) > now then break end
      redis.call('ZREM', KEYS[3], head)
      redis.call('LPOP', KEYS[2])
    end
    local free = redis.call('EXISTS', KEYS[1]) == 0
    if not free and redis.call('HEXISTS', KEYS[1], ARGV[1]) == 0 then return nil end
    redis.call('DEL', KEYS[1])
    local head = redis.call('LINDEX', KEYS[2], 0)
    if head then redis.call('PUBLISH', ARGV[2] .. ':' .. head, 0) end
    if free then return nil end
    return 1
    """

  static let giveUpScript: StaticString? = """
    if redis.call('EXISTS', KEYS[1]) == 0 then return 0 end
    local behind = false
    for _, waiter in ipairs(redis.call('LRANGE', KEYS[1], 0, -1)) do
      if behind then redis.call('ZINCRBY', KEYS[2], -tonumber(ARGV[2]), waiter) end
      if waiter == ARGV[1] then behind = true end
    end
    redis.call('ZREM', KEYS[2], ARGV[1])
    return redis.call('LREM', KEYS[1], 0, ARGV[1])
    """

  static let hasPrivateChannels = true

  static func appendAcquire(_ script: borrowing Script, _ call: HashLockCall, to request: inout RequestBuffer) {
    script.append(to: &request, words: 8, withSource: call.withSource)
    appendKeys(call, to: &request)
    request.append(call.settings.leaseMilliseconds)
    request.append(call.holder)
    request.append(call.settings.placeMilliseconds)
    request.append(now)
  }

  static func appendRelease(_ script: borrowing Script, _ call: HashLockCall, to request: inout RequestBuffer) {
    script.append(to: &request, words: 7, withSource: call.withSource)
    appendKeys(call, to: &request)
    request.append(call.holder)
    request.append(call.configuration.lockChannels, call.key)
    request.append(now)
  }

  static func appendGiveUp(_ script: borrowing Script, _ call: HashLockCall, to request: inout RequestBuffer) {
    script.append(to: &request, words: 5, withSource: call.withSource)
    request.append(2)
    request.append(call.configuration.lockQueues, call.key)
    request.append(call.configuration.lockPlaces, call.key)
    request.append(call.holder)
    request.append(call.settings.placeMilliseconds)
  }

  private static func appendKeys(_ call: HashLockCall, to request: inout RequestBuffer) {
    request.append(3)
    request.append(call.configuration.locks, call.key)
    request.append(call.configuration.lockQueues, call.key)
    request.append(call.configuration.lockPlaces, call.key)
  }

  /// Milliseconds since 1970 by this host's clock, as Redisson does it: `PTTL` and this must not drift apart.
  private static var now: Int64 {
    var time = timespec()
    clock_gettime(CLOCK_REALTIME, &time)
    return Int64(time.tv_sec) * 1000 + Int64(time.tv_nsec) / 1_000_000
  }

  /// What it is over one of the stores that it composes with.
  static func descriptor(over store: String) -> StrategyDescriptor {
    .redisLock(
      "fair-lock", "Redisson's fair lock: a queue, and a message to the first", documentation, over: store,
      options: HashLockSettings.options + [
        OptionSpecification(
          "fair-lock-wait-timeout", .duration(.milliseconds(1)...(.seconds(3600))), default: .duration(.seconds(300)),
          "How long a waiter keeps its place at the head of the queue when it does not take the lock.")
      ])
  }
}
