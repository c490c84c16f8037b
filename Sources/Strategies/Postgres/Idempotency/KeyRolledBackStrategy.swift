internal import Model
internal import Runtime

/// `postgres.idempotency-key-rolled-back`: the key is part of a transaction that is rolled back, the effect is not.
struct KeyRolledBackStrategy: DeliveryClient, ~Copyable {
  static let documentation = Documentation(
    introduction: """
      the key is part of a transaction that is rolled back, the effect is not.

      So it goes when the effect is a call to somebody else, such as a payment provider, in the middle of a transaction:
      an error afterwards takes the key with it, and the provider knows nothing of that. Here the provider is a second
      connection, whose transactions are its own.
      """,
    algorithm: """
      `BEGIN`; `INSERT INTO idempotency_keys ... ON CONFLICT DO NOTHING RETURNING` (which waits for a rival that has not
      ended); no row: the response is stored, send it. A row: over the second connection charge the account, note the
      charge, commit. After the hold time, store the response and `COMMIT`; but a share of the requests (`failing`) meets
      an error instead, as of a time-out or a bug in a later step: `ROLLBACK`, and the client tries again with the same
      key, as it should.
      """,
    guarantees: "deliveries that meet are kept apart, and a request that meets no error has one effect.",
    doesNotGuarantee: """
      one effect of a request that meets an error after it: the key is gone, so the next delivery charges again. The
      remedy is to commit the claim of the key before the call, and to hand the key on to the provider.
      """,
    failureWindow: "from the charge to the `COMMIT` of the key: any error, any crash.",
    roundTrips: """
      3 while the key is locked against a second delivery (charge and its commit, commit), and the hold time; 1 while the
      account is locked.
      """,
    source: """
      the foreign state mutations of Brandur Leach, "Implementing Stripe-like idempotency keys in Postgres" (2017).
      """)

  static let descriptor = StrategyDescriptor.payment(
    "idempotency-key-rolled-back", "an error rolls the key back and not the charge: the control that charges twice",
    documentation,
    options: [
      OptionSpecification(
        "failing", .number(0...1), default: .number(0.1),
        "Share of the requests that meet an error after the charge, 0 to 1.")
    ], grade: .required, roundTripsUnderLock: 3)

  static var canResend: Bool { true }
  private var session: Session
  private var provider: Session
  private let failing: Double

  struct Configuration: Sendable {
    let service: SessionPlan
    let provider: SessionPlan
    let failing: Double
  }

  private static var insert: Statement {
    Statement(
      "insert-key",
      """
      INSERT INTO idempotency_keys (worker, number, record, amount, request, owner)
      VALUES (($1::int8[])[1], ($1::int8[])[2], ($1::int8[])[3], ($1::int8[])[4], ($1::int8[])[5], 0)
      ON CONFLICT DO NOTHING RETURNING worker
      """)
  }
  private static var finish: Statement {
    Statement("finish-key", "UPDATE idempotency_keys SET response = $3 WHERE worker = $1 AND number = $2")
  }

  static func configure(_ environment: StrategyEnvironment) throws(SetupFailure) -> Configuration {
    Configuration(
      service: try SessionPlan(environment, [.begin, insert, finish, .lookUpResponse, .commit, .rollback]),
      provider: try SessionPlan(environment, [.charge]), failing: environment.options.number("failing"))
  }

  static func open(
    _ configuration: Configuration, _ worker: WorkerContext
  ) async throws(SetupFailure) -> KeyRolledBackStrategy {
    KeyRolledBackStrategy(
      session: try await Session(configuration.service, worker),
      provider: try await Session(configuration.provider, worker), failing: configuration.failing)
  }

  private init(session: consuming Session, provider: consuming Session, failing: Double) {
    self.session = session
    self.provider = provider
    self.failing = failing
  }

  mutating func reopen() async throws(SetupFailure) {
    try await session.reopen()
    try await provider.reopen()
  }

  consuming func close() async {}

  mutating func deliver(_ attempt: inout Attempt) async throws(AttemptFailure) -> DeliveryAnswer {
    let request = PaymentRequest(attempt)
    do throws(AttemptFailure) {
      try await session.connection.run(.begin)
      try await insert(request)
      guard session.connection.reply.rows == 1 else {
        let response = try await session.connection.storedResponse(to: request)
        try await session.connection.commit(decides: false)
        if let response { return .replay(response: response) }
        throw .conflict
      }
      let response = try await charge(request, attempt)
      await attempt.hold()
      if attempt.random.fraction() < failing { throw .conflict }
      session.connection.setKey(request)
      session.connection.parameters.set(2, int8: response)
      try await session.connection.run(Self.finish, parameters: 3)
      try await session.connection.commit()
      return .done(response: response)
    } catch {
      throw await session.connection.abandon(error, attempt)
    }
  }

  private mutating func insert(_ request: PaymentRequest) async throws(AttemptFailure) {
    session.connection.parameters.beginWideArray(0)
    session.connection.parameters.append(0, int8: Int64(request.worker))
    session.connection.parameters.append(0, int8: request.number)
    session.connection.parameters.append(0, int8: Int64(request.record))
    session.connection.parameters.append(0, int8: request.amount)
    session.connection.parameters.append(0, int8: request.hash)
    try await session.connection.run(Self.insert, parameters: 1)
  }

  /// What the provider does: one statement, a transaction of its own.
  private mutating func charge(_ request: PaymentRequest, _ attempt: Attempt) async throws(AttemptFailure) -> Int64 {
    do throws(AttemptFailure) { return try await provider.connection.charge(request) } catch {
      let failure = await provider.connection.abandon(error, attempt)
      throw failure == .connectionLost ? .ambiguous : failure
    }
  }
}
