internal import Model
internal import Runtime

/// `redis.fenced-lock`: Redisson's fenced lock, over a store that checks the fencing token.
enum FencedLock: HashLockKind {
  static let documentation = Documentation(
    introduction: "Redisson's fenced lock, over a store that checks the fencing token.",
    algorithm: """
      the lock of `redis.redisson-lock`, whose script also counts its grants with `INCR` and returns the count: the
      fencing token. The records are read and written by scripts that get the token along: they refuse when the record
      has seen a greater one, and otherwise remember ours. A refusal ends the attempt as `lease-lost`.

          local found = redis.call('MGET', unpack(KEYS))       -- values, then the greatest token that each has seen
          for i = 1, #KEYS / 2 do
            if tonumber(found[#KEYS / 2 + i] or 0) > tonumber(ARGV[i]) then return false end
          end
          for i = 1, #KEYS / 2 do redis.call('GETSET', KEYS[#KEYS / 2 + i], ARGV[i]) end
          return found                                         -- or, to write: GETSET of each value
      """,
    guarantees: """
      no lost update, also when a holder is paused beyond its lease: its writes are refused once its successor has read.
      Reads carry the token, too: a store that checks only writes still takes a late write between the successor's read
      and its write.
      """,
    doesNotGuarantee: """
      one holder at a time beyond the lease; order among those who wait. The counter must outlive the locks: a server
      that fails over or restarts may count backwards.
      """,
    failureWindow: """
      none for the records while the server keeps its data. A lost answer to the write leaves the outcome unknown.
      """,
    roundTrips: "1 to read, 1 to write, 1 to release.",
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
}

/// The lock around records whose store checks its tokens.
struct FencedLockStrategy: Strategy, ~Copyable {
  static let descriptor = StrategyDescriptor(
    id: "redis.fenced-lock", summary: "Redisson's fenced lock: the store refuses holders whose lease is over",
    documentation: FencedLock.documentation, needs: ["redis"], store: "redis", options: HashLockSettings.options,
    scope: .network, threading: .shared, returnsValues: true, roundTripsUnderLock: 3)
  private var lock: HashLock<FencedLock>
  private var records: FencedRecords

  static func configure(_ environment: StrategyEnvironment) throws(SetupFailure) -> HashLock<FencedLock>.Configuration {
    try HashLock<FencedLock>.configure(environment)
  }

  static func open(
    _ configuration: HashLock<FencedLock>.Configuration, _ worker: WorkerContext
  ) async throws(SetupFailure) -> FencedLockStrategy {
    let lock = try await HashLock<FencedLock>.open(configuration, worker)
    let records = try await FencedRecords.open(configuration.redis, worker)
    return FencedLockStrategy(lock: lock, records: records)
  }

  /// Takes the locks in the order of the steps, works with their tokens, gives them back.
  mutating func perform(_ attempt: inout Attempt) async throws(AttemptFailure) -> AttemptResult {
    var held = 0
    do throws(AttemptFailure) {
      while held < attempt.operation.count {
        try await lock.acquire(attempt.operation[held].key, shared: false, &attempt)
        records.tokens[held] = lock.fence
        held &+= 1
      }
    } catch {
      await release(held, &attempt)
      throw error == .ambiguous ? .connectionLost : error
    }
    attempt.enter()
    do throws(AttemptFailure) {
      let result = try await work(&attempt)
      attempt.leave()
      await release(held, &attempt)
      return result
    } catch {
      attempt.leave()
      await release(held, &attempt)
      throw error
    }
  }

  private mutating func work(_ attempt: inout Attempt) async throws(AttemptFailure) -> AttemptResult {
    try await records.read(&attempt)
    await attempt.hold()
    switch attempt.decide() {
    case .refuse: return .refused
    case .readOnly: return .committed
    case .write:
      try await records.write(&attempt)
      return .committed
    }
  }

  /// What was written stays written, so a release that fails is no failure of the attempt; the session of the lock
  /// reports itself as lost at the next one.
  private mutating func release(_ held: Int, _ attempt: inout Attempt) async {
    for index in (0..<held).reversed() {
      do throws(AttemptFailure) {
        try await lock.release(attempt.operation[index].key, shared: false, &attempt)
      } catch { continue }
    }
  }

  mutating func reopen() async throws(SetupFailure) {
    try await lock.reopen()
    try await records.connect()
  }

  consuming func close() async {}
}
