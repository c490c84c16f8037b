internal import Model
internal import Runtime

/// `redis.fenced-lock`: Redisson's fenced lock, which numbers its holders.
enum FencedLock: HashLockKind {
  static let documentation = Documentation(
    introduction: "Redisson's fenced lock, which numbers its holders, around records that compare the numbers.",
    algorithm: """
      the lock of `redis.redisson-lock`, whose script also counts its grants with `INCR` and returns the count: the
      fencing token. The records get the token along. In Redis scripts read and write them: they refuse when the record
      has seen a greater one, and otherwise remember ours.

          local found = redis.call('MGET', unpack(KEYS))       -- values, then the greatest token that each has seen
          for i = 1, #KEYS / 2 do
            if tonumber(found[#KEYS / 2 + i] or 0) > tonumber(ARGV[i]) then return false end
          end
          for i = 1, #KEYS / 2 do redis.call('GETSET', KEYS[#KEYS / 2 + i], ARGV[i]) end
          return found                                         -- or, to write: GETSET of each value
      """,
    guarantees: """
      with `fence: read-and-write`, its default, no lost update, also when a holder is paused beyond its lease: its writes
      are refused once its successor has read.
      """,
    doesNotGuarantee: """
      one holder at a time beyond the lease; order among those who wait. The counter must outlive the locks: a server
      that fails over or restarts may count backwards, and then records refuse everybody.
      """,
    failureWindow: """
      none for the records while the server keeps its data. A lost answer to the write leaves the outcome unknown.
      """,
    roundTrips: "those of the store (over Redis: 1 to read, 1 to write) and 1 to release.",
    source: #"Redisson, `RedissonFencedLock`; Kleppmann 2016, "How to do distributed locking", on fencing tokens."#)

  static let acquireScript: StaticString = """
    if redis.call('EXISTS', KEYS[1]) == 0 or redis.call('HEXISTS', KEYS[1], ARGV[2]) == 1 then
      local token = redis.call('INCR', KEYS[2])
      redis.call('HINCRBY', KEYS[1], ARGV[2], 1)
      redis.call('PEXPIRE', KEYS[1], ARGV[1])
      return {-1, token}
    end
    return {redis.call('PTTL', KEYS[1]), -1}
    """

  static let releaseScript = RedissonLock.releaseScript
  static let giveUpScript: StaticString? = nil
  static let hasPrivateChannels = false

  static func appendAcquire(_ script: borrowing Script, _ call: HashLockCall, to request: inout RequestBuffer) {
    script.append(to: &request, words: 5, withSource: call.withSource)
    request.append(2)
    request.append(call.configuration.locks, call.key)
    request.append(call.configuration.lockTokens, call.key)
    request.append(call.settings.leaseMilliseconds)
    request.append(call.holder)
  }

  static func appendRelease(_ script: borrowing Script, _ call: HashLockCall, to request: inout RequestBuffer) {
    RedissonLock.appendRelease(script, call, to: &request)
  }

  static func appendGiveUp(_ script: borrowing Script, _ call: HashLockCall, to request: inout RequestBuffer) {}

  /// What it is over one of the stores that it composes with.
  static func descriptor(over store: String) -> StrategyDescriptor {
    .redisLock(
      "fenced-lock", "Redisson's fenced lock: each holder has a number, and the records refuse late ones",
      documentation, over: store, options: HashLockSettings.options)
  }
}
