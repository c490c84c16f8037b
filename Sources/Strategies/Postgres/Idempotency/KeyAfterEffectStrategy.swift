internal import Model
internal import Runtime

/// `postgres.idempotency-key-after-effect`: charge in one transaction, store the key in the next one.
struct KeyAfterEffectStrategy: DeliveryClient, ~Copyable {
  static let documentation = Documentation(
    introduction: """
      charge in one transaction, store the key in the next one.

      What comes of a key that lives elsewhere than the effect: in a cache, in a middleware, in a table that another layer
      writes when the handler has returned.
      """,
    algorithm: """
      `SELECT response FROM idempotency_keys WHERE worker = $1 AND number = $2`: a response is sent. None: `BEGIN`; charge
      the account, note the charge; `COMMIT`; after the hold time, `INSERT INTO idempotency_keys ... ON CONFLICT DO
      NOTHING` with the response, a transaction of its own.
      """,
    guarantees: "one row for every key, and its response to all who come after it was stored.",
    doesNotGuarantee: """
      one effect: a delivery that comes before the key is stored charges again, and so does every delivery after a service
      that died in between. The unique constraint only keeps the second response out of the table.
      """,
    failureWindow: "from the `SELECT` until the key is stored; after a crash between effect and key, for ever.",
    roundTrips: "1 (commit) while the account is locked; nothing keeps a second delivery out.",
    source: """
      the reason why Stripe-like idempotency keys finish in the transaction of the last change: Brandur Leach (2017).
      """)

  static let descriptor = StrategyDescriptor.payment(
    "idempotency-key-after-effect", "charge, then store the key on its own: the control that charges twice",
    documentation, grade: .required, roundTripsUnderLock: 1, stages: ["work", "finish"])

  static var canResend: Bool { true }
  private var session: Session
  private let stages: StageRecorder

  static func configure(_ environment: StrategyEnvironment) throws(SetupFailure) -> SessionPlan {
    try SessionPlan(environment, [.lookUpResponse, .storeResponse, .begin, .charge, .commit, .rollback])
  }

  static func open(_ plan: SessionPlan, _ worker: WorkerContext) async throws(SetupFailure) -> KeyAfterEffectStrategy {
    KeyAfterEffectStrategy(session: try await Session(plan, worker), stages: worker.stages)
  }

  mutating func reopen() async throws(SetupFailure) { try await session.reopen() }
  consuming func close() async {}

  mutating func deliver(_ attempt: inout Attempt) async throws(AttemptFailure) -> DeliveryAnswer {
    let request = PaymentRequest(attempt)
    var isCharged = false
    do throws(AttemptFailure) {
      if let response = try await session.connection.storedResponse(to: request) { return .replay(response: response) }
      let began = monotonicNow()
      try await session.connection.run(.begin)
      let response = try await session.connection.charge(request)
      try await session.connection.commit()
      isCharged = true
      let charged = monotonicNow()
      await attempt.hold()
      let storing = monotonicNow()
      try await session.connection.store(response, to: request)
      stages.record(0, nanoseconds: charged - began)
      stages.record(1, nanoseconds: monotonicNow() - storing)
      return .done(response: response)
    } catch {
      let failure = await session.connection.abandon(error, attempt)
      // The account is charged, whatever became of the key.
      throw isCharged && failure == .connectionLost ? .ambiguous : failure
    }
  }
}

extension Statement {
  /// The response that is stored for a key.
  static var lookUpResponse: Statement {
    Statement(
      "look-up-response",
      "SELECT response FROM idempotency_keys WHERE worker = $1 AND number = $2 AND response IS NOT NULL")
  }
  /// Stores a response, if there is no row for the key.
  static var storeResponse: Statement {
    Statement(
      "store-response",
      """
      INSERT INTO idempotency_keys (worker, number, record, amount, request, owner, response)
      VALUES (($1::int8[])[1], ($1::int8[])[2], ($1::int8[])[3], ($1::int8[])[4], ($1::int8[])[5], 0, ($1::int8[])[6])
      ON CONFLICT DO NOTHING RETURNING worker
      """)
  }
}

extension Connection {
  /// The response that is stored for a key; nil when there is none.
  mutating func storedResponse(to request: PaymentRequest) async throws(AttemptFailure) -> Int64? {
    setKey(request)
    try await run(.lookUpResponse, parameters: 2)
    return reply.rows == 1 ? reply[0, 0] : nil
  }

  /// Stores a response with its key; false when the key is there. Waits for a rival that is about to store one.
  @discardableResult
  mutating func store(_ response: Int64, to request: PaymentRequest) async throws(AttemptFailure) -> Bool {
    parameters.beginWideArray(0)
    parameters.append(0, int8: Int64(request.worker))
    parameters.append(0, int8: request.number)
    parameters.append(0, int8: Int64(request.record))
    parameters.append(0, int8: request.amount)
    parameters.append(0, int8: request.hash)
    parameters.append(0, int8: response)
    try await run(.storeResponse, parameters: 1)
    return reply.rows == 1
  }
}
