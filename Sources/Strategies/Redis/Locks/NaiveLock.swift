public import Model
public import Runtime

/// `redis.lock-naive`: one key per record without an owner, with an expiry set afterwards.
public struct NaiveLock: LockClient, ~Copyable {
  static let documentation = Documentation(
    introduction: "one key per record without an owner, with an expiry set afterwards. A trap.",
    algorithm: """
      `SETNX key 1`; when it was set, `EXPIRE key ttl`. When the key is taken, sleep for `poll` times 0.5 to 1.5 and try
      again, until `timeout`. To release, `UNLINK key` (`DEL` whose memory is freed later), whoever holds it.
      """,
    guarantees: "one holder at a time, as long as nobody ever holds longer than `ttl`.",
    doesNotGuarantee: """
      anything after the first hold beyond `ttl`: its release deletes the key of its successor, whose own release
      deletes that of the next one, and so on, long after all of them are quick again. A holder that dies, or is
      refused, between the two commands leaves a lock that never expires.
      """,
    failureWindow: "between `SETNX` and `EXPIRE`; and from the first expiry for as long as there is contention.",
    roundTrips: "1 for `EXPIRE`, those of the store (over Redis: 1 to read, 1 to write) and 1 to release.",
    source: """
      Redis documentation, `SETNX`, "Design pattern: Locking with SETNX", and "Distributed locks with Redis", on
      removing a lock that was created by another client.
      """)

  private var connection: RedisConnection
  private let settings: Settings

  /// What all workers of a process share.
  public struct Configuration: Sendable {
    let redis: RedisConfiguration
    let settings: Settings
  }

  /// The options.
  struct Settings: Sendable {
    let ttlSeconds: Int64
    let polling: Polling
  }

  /// Reads address and options.
  public static func configure(_ environment: StrategyEnvironment) throws(SetupFailure) -> Configuration {
    let options = environment.options
    return Configuration(
      redis: try RedisConfiguration(environment),
      settings: Settings(ttlSeconds: LockOptions.milliseconds("ttl", options) / 1000, polling: Polling(options)))
  }

  /// Connects.
  public static func open(
    _ configuration: Configuration, _ worker: WorkerContext
  ) async throws(SetupFailure) -> NaiveLock {
    var connection = try RedisConnection(configuration.redis, worker)
    try await connection.open()
    return NaiveLock(connection: connection, settings: configuration.settings)
  }

  /// Polls until the key is ours, then sets its expiry. A failure in between leaves the key as it is.
  public mutating func acquire(_ key: Int32, shared: Bool, _ attempt: inout Attempt) async throws(AttemptFailure) {
    var deadline: Int64?
    while try await !set(key, &attempt) { try await settings.polling.wait(&deadline, &attempt) }
    connection.request.clear()
    connection.request.command(words: 3)
    connection.request.append("EXPIRE")
    connection.request.append(connection.configuration.locks, key)
    connection.request.append(settings.ttlSeconds)
    try await connection.perform(1, decides: true, &attempt)
  }

  /// Whether the key was free.
  private mutating func set(_ key: Int32, _ attempt: inout Attempt) async throws(AttemptFailure) -> Bool {
    connection.request.clear()
    connection.request.command(words: 3)
    connection.request.append("SETNX")
    connection.request.append(connection.configuration.locks, key)
    connection.request.append(1)
    try await connection.perform(1, decides: true, &attempt)
    return connection.replies.number(0) == 1
  }

  /// Deletes the key, whoever holds it. That there was none is all that shows of an expiry.
  public mutating func release(_ key: Int32, shared: Bool, _ attempt: inout Attempt) async throws(AttemptFailure) {
    connection.request.clear()
    connection.request.command(words: 2)
    connection.request.append("UNLINK")
    connection.request.append(connection.configuration.locks, key)
    try await connection.perform(1, decides: false, &attempt)
    if connection.replies.number(0) == 0 { attempt.count(.expiredHolds) }
  }

  /// Connects again. What was held is forgotten, and ends with its expiry if it has one.
  public mutating func reopen() async throws(SetupFailure) { try await connection.open() }

  /// Closes the connection.
  public consuming func close() async {}
}

extension NaiveLock {
  /// What it is over one of the stores that it composes with.
  static func descriptor(over store: String) -> StrategyDescriptor {
    .redisLock(
      "lock-naive", "SETNX, then EXPIRE; DEL whoever holds it (trap)", documentation, over: store,
      options: [
        OptionSpecification(
          "ttl", .duration(.seconds(1)...(.seconds(3600))), default: .duration(.seconds(30)),
          "How long the lock lasts if nobody releases it; whole seconds.")
      ] + Polling.options, grade: .interesting, roundTripsUnderLock: store == "memory" ? 2 : 4)
  }
}
