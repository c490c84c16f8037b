public import Model
public import Runtime

/// `redis.lock-no-ttl`: one key per record with an owner, and no expiry.
public struct NoExpiryLock: LockClient, ~Copyable {
  static let documentation = Documentation(
    introduction: "one key per record with an owner, and no expiry. A trap.",
    algorithm: """
      as `redis.lock`, but `SET key token NX`, without `PX`; `redis-py` locks so unless it is told a `timeout`.
      """,
    guarantees: "one holder at a time, on any host, however long it holds, while the server keeps its data.",
    doesNotGuarantee: """
      that there is ever another holder: when one dies, or loses its server for longer than it waits, its lock stays
      until somebody deletes the key by hand, and all others run into their `timeout`.
      """,
    failureWindow: """
      from the `SET` to the release. A lost answer to `SET` may leave the lock taken: after the reconnect the release
      script clears it, if the holder lives.
      """,
    roundTrips: "those of the store (over Redis: 1 to read, 1 to write) and 1 to release.",
    source: #"Redis documentation, "Distributed locks with Redis", on deadlocks; redis-py, `redis.lock.Lock`."#)

  private var lock: RedisLock

  /// Reads address and options.
  public static func configure(_ environment: StrategyEnvironment) throws(SetupFailure) -> RedisLock.Configuration {
    let settings = RedisLock.Settings(
      ttlMilliseconds: nil, polling: Polling(environment.options), renews: false, countsGrants: false)
    return RedisLock.Configuration(redis: try RedisConfiguration(environment), settings: settings)
  }

  /// Connects and makes the server keep the script.
  public static func open(
    _ configuration: RedisLock.Configuration, _ worker: WorkerContext
  ) async throws(SetupFailure) -> NoExpiryLock {
    NoExpiryLock(lock: try await RedisLock.open(configuration, worker))
  }

  /// Polls until the key is ours.
  public mutating func acquire(_ key: Int32, shared: Bool, _ attempt: inout Attempt) async throws(AttemptFailure) {
    try await lock.acquire(key, shared: shared, &attempt)
  }

  /// Deletes the key if it still holds our token.
  public mutating func release(_ key: Int32, shared: Bool, _ attempt: inout Attempt) async throws(AttemptFailure) {
    try await lock.release(key, shared: shared, &attempt)
  }

  /// Connects again and releases what may still be ours.
  public mutating func reopen() async throws(SetupFailure) { try await lock.reopen() }

  /// Closes the connection.
  public consuming func close() async {}
}

extension NoExpiryLock {
  /// What it is over one of the stores that it composes with.
  static func descriptor(over store: String) -> StrategyDescriptor {
    .redisLock(
      "lock-no-ttl", "SET NX without an expiry: a holder that dies keeps the lock for ever (trap)", documentation,
      over: store, options: Polling.options)
  }
}
