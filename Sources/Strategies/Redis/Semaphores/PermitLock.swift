@preconcurrency internal import Glibc
internal import Model
internal import Runtime

/// One of a few permits: a member of a sorted set, which stands for its holder.
///
/// Between taking and giving back, the holder is at work and says so to the meter: who is at work at the same time is
/// counted there, whatever the sorted set says.
struct PermitLock<Form: PermitForm>: LockClient, ~Copyable {
  private var connection: RedisConnection
  private let settings: Settings
  private var holds: LockHolds
  private let meter: PermitMeter

  /// What all workers of a process share.
  struct Configuration: Sendable {
    let redis: RedisConfiguration
    let settings: Settings
  }

  /// The options.
  struct Settings: Sendable {
    let limit: Int64
    let ttlMilliseconds: Int64
    let polling: Polling
    /// The longest time between two requests of a form that makes two, in nanoseconds.
    let pause: Int64
  }

  static func configure(_ environment: StrategyEnvironment) throws(SetupFailure) -> Configuration {
    let options = environment.options
    let pause = Form.grant == .script ? 0 : options.duration("pause").nanoseconds
    return Configuration(
      redis: try RedisConfiguration(environment),
      settings: Settings(
        limit: Int64(options.integer("limit")), ttlMilliseconds: LockOptions.milliseconds("ttl", options),
        polling: Polling(options), pause: pause))
  }

  static func open(
    _ configuration: Configuration, _ worker: WorkerContext
  ) async throws(SetupFailure) -> PermitLock<Form> {
    var lock = PermitLock(
      connection: try RedisConnection(configuration.redis, worker), settings: configuration.settings,
      holds: LockHolds(worker.random), meter: PermitMeter(worker, configuration.redis))
    try await lock.connection.open()
    return lock
  }

  private init(
    connection: consuming RedisConnection, settings: Settings, holds: consuming LockHolds, meter: PermitMeter
  ) {
    self.connection = connection
    self.settings = settings
    self.holds = holds
    self.meter = meter
  }

  mutating func acquire(_ key: Int32, shared: Bool, _ attempt: inout Attempt) async throws(AttemptFailure) {
    let hold = holds.add(key)
    var deadline: Int64?
    do throws(AttemptFailure) {
      while try await !take(hold, &attempt) { try await settings.polling.wait(&deadline, &attempt) }
      meter.appendEntry(key, settings, to: &connection.request)
      try await connection.perform(1, decides: true, &attempt)
    } catch {
      // With a lost answer the permit may be ours; the hold is kept until `reopen()` has given it back.
      if !error.breaksSession { holds.remove(hold) }
      throw error
    }
  }

  private mutating func take(_ hold: Int, _ attempt: inout Attempt) async throws(AttemptFailure) -> Bool {
    switch Form.grant {
    case .script: try await runScript(hold, &attempt)
    case .countThenAdd: try await countThenAdd(hold, &attempt)
    case .rank: try await addThenRank(hold, &attempt)
    }
  }

  private mutating func runScript(_ hold: Int, _ attempt: inout Attempt) async throws(AttemptFailure) -> Bool {
    connection.request.clear()
    connection.request.command(words: 7)
    connection.request.append("EVAL")
    connection.request.append(PermitScripts.take)
    connection.request.append(1)
    connection.request.append(connection.configuration.permits, holds.key(hold))
    connection.request.append(settings.limit)
    connection.request.append(settings.ttlMilliseconds)
    connection.request.append(holds.token(hold))
    try await connection.perform(1, decides: true, &attempt)
    return connection.replies.number(0) == 1
  }

  private mutating func countThenAdd(_ hold: Int, _ attempt: inout Attempt) async throws(AttemptFailure) -> Bool {
    let now = Self.now
    connection.request.clear()
    appendRemoval(of: hold, before: now)
    connection.request.command(words: 2)
    connection.request.append("ZCARD")
    connection.request.append(connection.configuration.permits, holds.key(hold))
    try await connection.perform(2, counted: 0, decides: false, &attempt)
    guard let taken = connection.replies.number(1), taken < settings.limit else { return false }
    await pause(&attempt)
    connection.request.clear()
    appendAddition(of: hold, score: now &+ settings.ttlMilliseconds)
    try await connection.perform(1, counted: 0, decides: true, &attempt)
    return true
  }

  private mutating func addThenRank(_ hold: Int, _ attempt: inout Attempt) async throws(AttemptFailure) -> Bool {
    let now = Self.now
    await pause(&attempt)
    connection.request.clear()
    connection.request.command(words: 1)
    connection.request.append("MULTI")
    appendRemoval(of: hold, before: now &- settings.ttlMilliseconds)
    appendAddition(of: hold, score: now)
    connection.request.command(words: 3)
    connection.request.append("ZRANK")
    connection.request.append(connection.configuration.permits, holds.key(hold))
    connection.request.append(holds.token(hold))
    connection.request.command(words: 1)
    connection.request.append("EXEC")
    try await connection.perform(5, counted: 2, decides: true, &attempt)
    if let rank = connection.replies.number(2), rank < settings.limit { return true }
    connection.request.clear()
    appendReturn(of: hold)
    try await connection.perform(1, counted: 0, decides: false, &attempt)
    return false
  }

  private func pause(_ attempt: inout Attempt) async {
    guard settings.pause > 0 else { return }
    await attempt.sleep(nanoseconds: Int64(attempt.random.below(UInt64(settings.pause) &+ 1)))
  }

  /// Milliseconds since 1970 by this host's clock.
  private static var now: Int64 {
    var time = timespec()
    clock_gettime(CLOCK_REALTIME, &time)
    return Int64(time.tv_sec) * 1000 + Int64(time.tv_nsec) / 1_000_000
  }

  private mutating func appendRemoval(of hold: Int, before moment: Int64) {
    connection.request.command(words: 4)
    connection.request.append("ZREMRANGEBYSCORE")
    connection.request.append(connection.configuration.permits, holds.key(hold))
    connection.request.append("-inf")
    connection.request.append(moment)
  }

  private mutating func appendAddition(of hold: Int, score: Int64) {
    connection.request.command(words: 4)
    connection.request.append("ZADD")
    connection.request.append(connection.configuration.permits, holds.key(hold))
    connection.request.append(score)
    connection.request.append(holds.token(hold))
  }

  private mutating func appendReturn(of hold: Int) {
    connection.request.command(words: 3)
    connection.request.append("ZREM")
    connection.request.append(connection.configuration.permits, holds.key(hold))
    connection.request.append(holds.token(hold))
  }

  /// Is no longer at work, and gives the permit back. One that has expired is not there any more.
  mutating func release(_ key: Int32, shared: Bool, _ attempt: inout Attempt) async throws(AttemptFailure) {
    guard let hold = holds.find(key) else { return }
    appendEnd(of: hold)
    do throws(AttemptFailure) {
      try await connection.perform(2, counted: 0, decides: false, &attempt)
    } catch {
      // With a broken session the hold is kept for `reopen()`; otherwise only the expiry can help.
      if !error.breaksSession { holds.remove(hold) }
      throw error
    }
    holds.remove(hold)
    if connection.replies.number(1) == 0 { attempt.count(.expiredHolds) }
  }

  private mutating func appendEnd(of hold: Int) {
    connection.request.clear()
    meter.appendExit(holds.key(hold), to: &connection.request)
    appendReturn(of: hold)
  }

  /// Connects again and gives back what may still be ours.
  mutating func reopen() async throws(SetupFailure) {
    try await connection.open()
    while let hold = holds.first {
      appendEnd(of: hold)
      try await connection.askOnce(2, counted: 0)
      holds.remove(hold)
    }
  }

  consuming func close() async {}
}
