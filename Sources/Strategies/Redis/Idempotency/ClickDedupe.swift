internal import Model
internal import Runtime

/// `redis.click-dedupe`: the first delivery of a click sets a key that expires soon, and all who find it are ignored.
///
/// `redis.click-dedupe-short-ttl` is the same with a key that expires too soon.
struct ClickDedupe: DeliveryClient, ~Copyable {
  static let documentation = Documentation(
    introduction: "the first delivery of a click sets a key that expires soon, and all who find it are ignored.",
    algorithm: """
      `SET key 1 NX PX ttl`. `OK`: count the click, after the hold time, by `MULTI`, `INCRBY record amount`, `HINCRBY effects
      request 1`, `EXEC`. Nil: somebody has it already; the answer is the same, and nothing is done. Nothing is released:
      the key expires.
      """,
    guarantees: """
      a click counts at most once as long as its deliveries come within the time to live and the server keeps its keys;
      every delivery gets the same answer.
      """,
    doesNotGuarantee: """
      that a click counts: a service that dies between key and count has lost it, and the next delivery is ignored. A
      lost answer stays an unknown outcome: whoever is ignored learns nothing. One count after the key has expired, was
      evicted, or was lost in a fail-over. So never for money.
      """,
    failureWindow:
      "from the expiry of the key on, for a delivery that comes later; from `SET` to `EXEC`, for the click.",
    roundTrips: "0; a rival is ignored at once. 2 per click, 1 per duplicate.",
    source: #"Redis documentation, `SET`, options NX and PX; Redis documentation, "Transactions"."#)

  private static let shortLived = Documentation(
    introduction: """
      `redis.click-dedupe` with a key that expires before the client has ended its retries.

      A time to live is chosen for memory, a retry policy for availability, by people who do not meet.
      """,
    algorithm: """
      that of `redis.click-dedupe`, with a time to live of 1 ms unless stated: shorter than the `delay` of the workload
      `click`, after which the second delivery comes.
      """,
    guarantees: "a delivery within the time to live is ignored.",
    doesNotGuarantee: "anything about one that comes later: it counts again.",
    failureWindow: "from the expiry of the key on. Deliveries at the same time (`delay: 0s`) do not meet it.",
    roundTrips: "0. 2 per click, 1 per duplicate that comes in time.",
    source: """
      IETF draft "The Idempotency-Key HTTP Header Field", section on expiry: keys are kept for as long as clients retry.
      """)

  static let descriptor = descriptor(
    "click-dedupe", "SET NX PX by the key of the request: duplicates are ignored for a while", documentation,
    ttl: .seconds(10), grade: .forbidden)
  static let shortLivedDescriptor = descriptor(
    "click-dedupe-short-ttl", "a key that expires before the retry: the control that counts twice", shortLived,
    ttl: .milliseconds(1), grade: .required)

  private static func descriptor(
    _ name: String, _ summary: String, _ documentation: Documentation, ttl: Duration, grade: Grade
  ) -> StrategyDescriptor {
    StrategyDescriptor(
      id: "redis." + name, summary: summary, documentation: documentation, needs: ["redis"], store: "redis",
      options: [
        OptionSpecification(
          "ttl", .duration(.milliseconds(1) ... .seconds(86_400)), default: .duration(ttl),
          "How long the server remembers a request; no shorter than clients go on to send it.")
      ], scope: .network, threading: .shared, applicability: .deliveries, grade: grade)
  }

  /// Whoever is ignored does not learn whether the click has counted.
  static var canResend: Bool { false }

  private var connection: RedisConnection
  private let configuration: Configuration
  /// The click whose key this connection has set and that has not counted.
  private var pending: OperationIdentity?

  struct Configuration: Sendable {
    let redis: RedisConfiguration
    let keys: ClickKeys
    /// In milliseconds.
    let ttl: Int64
  }

  /// What every delivery is answered with: accepted (HTTP 202), whether it counts or not.
  private static let accepted: Int64 = 202

  static func configure(_ environment: StrategyEnvironment) throws(SetupFailure) -> Configuration {
    Configuration(
      redis: try RedisConfiguration(environment), keys: ClickKeys(environment.namespace),
      ttl: environment.options.duration("ttl").nanoseconds / 1_000_000)
  }

  static func open(_ configuration: Configuration, _ worker: WorkerContext) async throws(SetupFailure) -> ClickDedupe {
    var connection = try RedisConnection(configuration.redis, worker)
    try await connection.open()
    return ClickDedupe(connection: connection, configuration: configuration)
  }

  private init(connection: consuming RedisConnection, configuration: Configuration) {
    self.connection = connection
    self.configuration = configuration
  }

  mutating func reopen() async throws(SetupFailure) { try await connection.open() }
  consuming func close() async {}

  mutating func deliver(_ attempt: inout Attempt) async throws(AttemptFailure) -> DeliveryAnswer {
    let request = attempt.identity
    if pending != request {
      guard try await claim(request, &attempt) else { return .ignored }
      pending = request
    }
    await attempt.hold()
    try await count(request, &attempt)
    pending = nil
    return .done(response: Self.accepted)
  }

  private mutating func claim(
    _ request: OperationIdentity, _ attempt: inout Attempt
  ) async throws(AttemptFailure) -> Bool {
    connection.request.clear()
    connection.request.command(words: 6)
    connection.request.append("SET")
    connection.request.append(configuration.keys.claims, request, record: attempt.operation[0].key)
    connection.request.append(1)
    connection.request.append("NX")
    connection.request.append("PX")
    connection.request.append(configuration.ttl)
    // A key that was set unseen makes every further delivery be ignored.
    try await connection.perform(1, decides: true, &attempt)
    return connection.replies.kind != .nothing
  }

  private mutating func count(_ request: OperationIdentity, _ attempt: inout Attempt) async throws(AttemptFailure) {
    let step = attempt.operation[0]
    connection.request.clear()
    connection.request.command(words: 1)
    connection.request.append("MULTI")
    connection.request.command(words: 3)
    connection.request.append("INCRBY")
    connection.request.append(configuration.redis.records, step.key)
    connection.request.append(step.operand)
    connection.request.command(words: 4)
    connection.request.append("HINCRBY")
    connection.request.append(configuration.keys.effects, ClickKeys.bucket(of: request.worker))
    connection.request.append(configuration.keys.field, request, record: step.key)
    connection.request.append(1)
    connection.request.command(words: 1)
    connection.request.append("EXEC")
    try await connection.perform(4, decides: true, &attempt)
    // The server counts these under names that scripts use, too, so they are counted on neither side.
    connection.count(commands: -2)
  }
}
