internal import Model
internal import Runtime

/// `redis-replicas.lock`: the lock of `redis.lock` on the primary of several servers, whichever that is.
struct ReplicatedLock: LeaseClient, ~Copyable {
  static let documentation = Documentation(
    introduction: """
      the lock of `redis.lock` on the primary of several servers (the service `redis-replicas`), whichever that is.
      """,
    algorithm: """
      `SET key token NX PX ttl` on the primary, tried again until `timeout`, and a script that deletes the key only if it
      still holds our token, as in `redis.lock`. A client looks for the primary when it connects, when it has lost its
      connection, when nothing was answered within `answer-timeout`, and when a server refuses to write (`READONLY`,
      `NOREPLICAS`): it asks the servers one after the other with `INFO replication`, the one that it was with last, and
      takes the first that says `role:master`. Then it releases there what it may still hold.

      With `wait-replicas`, `WAIT n ms` follows every `SET` that was granted and says how many replicas have heard of it by
      then. When they are fewer than `n`, the lock is given back, the attempt ends as `not-acquired`, and the next one
      looks for the primary first.

      With `min-replicas`, `CONFIG SET min-replicas-to-write n` and `min-replicas-max-lag` make a primary refuse to write
      (`NOREPLICAS`) while it has heard of fewer replicas in the last `max-lag` seconds.
      """,
    guarantees: """
      what `redis.lock` does as long as the primary stays the same. With `wait-replicas` also when one of the replicas is
      promoted that have heard of the lock: whoever holds it holds it there, too.
      """,
    doesNotGuarantee: """
      by default, one holder after a fail-over: replication is asynchronous, so a lock that was granted a moment before may
      be unknown to the new primary, which grants it again. With `wait-replicas` on fewer than all, another one may be
      promoted than those that have heard of it; on all of them, nothing is granted while one is away, as after every
      fail-over. `min-replicas` bounds for how long a primary grants locks whose replicas hear nothing, to `max-lag` and a
      second; it does not close the gap. An old primary that goes on and was told nothing grants locks to all who are
      still connected to it.
      """,
    failureWindow: """
      from the grant until replicas have heard of it; the old primary, until its clients have gone. A release that replicas
      did not hear of leaves the lock taken on the new primary, at most for `ttl`.
      """,
    roundTrips: """
      those of the store and 1 to release; with `wait-replicas`, 1 more before the critical section, in which the lock is
      held already.
      """,
    source: """
      Redis documentation, "Distributed locks with Redis", section "Why failover-based implementations are not enough";
      the pages of `WAIT` and "Redis replication".
      """)

  static let sentinelDocumentation = Documentation(
    introduction: """
      the lock of `redis.lock` on the primary of several servers that Sentinels watch (the service `redis-sentinel`).
      """,
    algorithm: """
      As `redis-replicas.lock`, but the client asks the Sentinels one after the other: `SENTINEL get-master-addr-by-name`;
      then it connects to that server and asks with `INFO replication` whether it is the primary, as the guidelines for
      clients of Sentinel have it. Sentinels promote a replica themselves: when a majority of them has agreed that the primary
      is down (`down-after-milliseconds`, 1 s where we start them), one is elected that does it. They make an old primary
      a replica that comes back.
      """,
    guarantees: "what `redis-replicas.lock` guarantees.",
    doesNotGuarantee: """
      what `redis-replicas.lock` does not. Sentinels take up to ten seconds to make an old primary a replica that comes back;
      until then it grants locks to all who are still connected to it, and those grants are discarded.
      """,
    failureWindow: "that of `redis-replicas.lock`, and about ten seconds after an old primary has come back.",
    roundTrips: "as `redis-replicas.lock`.",
    source: "Redis documentation, \"High availability with Redis Sentinel\" and \"Sentinel client spec\".")

  private var lock: RedisLock
  private let waiting: Waiting?
  /// The last lock was heard of by too few: somebody else may be the primary by now.
  private var isInDoubt = false

  /// What all workers of a process share.
  struct Configuration: Sendable {
    let lock: RedisLock.Configuration
    let waiting: Waiting?
  }

  /// How many replicas must have a lock before it is used.
  struct Waiting: Sendable {
    let replicas: Int64
    let milliseconds: Int64
  }

  static func configure(_ environment: StrategyEnvironment) throws(SetupFailure) -> Configuration {
    let options = environment.options
    let search = try search(environment)
    let settings = RedisLock.Settings(
      ttlMilliseconds: LockOptions.milliseconds("ttl", options), polling: Polling(options), renews: false,
      countsGrants: false)
    let lock = RedisLock.Configuration(
      redis: search.first, settings: settings, primary: search,
      answerLimit: options.duration("answer-timeout").nanoseconds)
    let replicas = options.integer("wait-replicas")
    return Configuration(
      lock: lock,
      waiting: replicas == 0
        ? nil : Waiting(replicas: Int64(replicas), milliseconds: LockOptions.milliseconds("wait-timeout", options)))
  }

  /// The servers themselves, or the Sentinels that know which is the primary.
  private static func search(_ environment: StrategyEnvironment) throws(SetupFailure) -> PrimarySearch {
    let opening = openingCommands(environment.options)
    if let url = environment.endpoints["redis-sentinel"] {
      return .told(try SentinelGroup(url: url), environment.namespace, opening)
    }
    var servers: [RedisConfiguration] = []
    for url in try environment.endpoint("redis-replicas").split(separator: ",") {
      var server = try RedisConfiguration(url: String(url), namespace: environment.namespace)
      server.furtherCommands = opening
      servers.append(server)
    }
    return .asked(servers)
  }

  /// Settings that every server gets which may be the primary, and the question whether it is.
  private static func openingCommands(_ options: Options) -> [[String]] {
    let question = ["INFO", "replication"]
    let replicas = options.integer("min-replicas")
    if replicas == 0 { return [question] }
    return [
      ["CONFIG", "SET", "min-replicas-to-write", "\(replicas)"],
      ["CONFIG", "SET", "min-replicas-max-lag", "\(options.integer("max-lag"))"], question,
    ]
  }

  static func open(
    _ configuration: Configuration, _ worker: WorkerContext
  ) async throws(SetupFailure) -> ReplicatedLock {
    ReplicatedLock(lock: try await RedisLock.open(configuration.lock, worker), waiting: configuration.waiting)
  }

  private init(lock: consuming RedisLock, waiting: Waiting?) {
    self.lock = lock
    self.waiting = waiting
  }

  mutating func acquire(_ key: Int32, shared: Bool, _ attempt: inout Attempt) async throws(AttemptFailure) {
    if isInDoubt {
      isInDoubt = false
      do throws(SetupFailure) { try await lock.reopen() } catch { throw .connectionLost }
    }
    try await lock.acquire(key, shared: shared, &attempt)
    guard let waiting, try await isShort(waiting, &attempt) else { return }
    isInDoubt = true
    try await lock.release(key, shared: shared, &attempt)
    throw .notAcquired
  }

  /// Whether too few replicas have heard of what was written. When nobody says so, the session is given up, and the lock
  /// is released when the next one opens.
  private mutating func isShort(_ waiting: Waiting, _ attempt: inout Attempt) async throws(AttemptFailure) -> Bool {
    do throws(AttemptFailure) {
      return try await lock.acknowledgements(of: waiting.replicas, within: waiting.milliseconds, &attempt)
        < waiting.replicas
    } catch {
      throw .connectionLost
    }
  }

  mutating func release(_ key: Int32, shared: Bool, _ attempt: inout Attempt) async throws(AttemptFailure) {
    try await lock.release(key, shared: shared, &attempt)
  }

  mutating func renew(_ key: Int32, _ attempt: inout Attempt) async throws(AttemptFailure) {
    try await lock.renew(key, &attempt)
    guard let waiting, try await isShort(waiting, &attempt) else { return }
    isInDoubt = true
    try await lock.release(key, shared: false, &attempt)
    throw .leaseLost
  }

  mutating func reopen() async throws(SetupFailure) { try await lock.reopen() }

  consuming func close() async { await lock.close() }

  /// What it is over one of the stores that it composes with.
  static func descriptor(over store: String) -> StrategyDescriptor {
    descriptor(
      "redis-replicas", "The lock of redis.lock on a primary that a fail-over may replace", documentation, over: store)
  }

  /// The same where Sentinels say which server is the primary.
  static func sentinelDescriptor(over store: String) -> StrategyDescriptor {
    descriptor(
      "redis-sentinel", "The lock of redis.lock on the primary that Sentinels name", sentinelDocumentation, over: store)
  }

  private static func descriptor(
    _ service: String, _ summary: String, _ documentation: Documentation, over store: String
  ) -> StrategyDescriptor {
    StrategyDescriptor(
      id: service + ".lock", summary: summary, documentation: documentation, needs: [service], store: store,
      stores: [store],
      options: [LockOptions.ttl] + Polling.options + [
        OptionSpecification(
          "wait-replicas", .integer(0...100), default: .integer(0),
          "How many replicas must have heard of a lock before it is used (WAIT); 0 does not ask."),
        OptionSpecification(
          "wait-timeout", .duration(.milliseconds(1)...(.seconds(60))), default: .duration(.milliseconds(100)),
          "How long replicas are waited for; whole milliseconds."),
        OptionSpecification(
          "min-replicas", .integer(0...100), default: .integer(0),
          "How many replicas a primary must hear of to write at all (min-replicas-to-write); 0 for none."),
        OptionSpecification(
          "max-lag", .integer(1...3600), default: .integer(10),
          "For how many seconds a replica counts that was not heard of (min-replicas-max-lag)."),
        OptionSpecification(
          "answer-timeout", .duration(.milliseconds(10)...(.seconds(60))), default: .duration(.seconds(1)),
          "How long a server may be silent before another one is looked for."),
      ], scope: .network, threading: .shared, returnsValues: true, roundTripsUnderLock: store == "memory" ? 1 : 3)
  }
}
