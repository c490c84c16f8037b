internal import Model
internal import Runtime

/// `postgres.idempotency-check-then-insert`: look whether the key is known, and if not, work and insert it.
struct CheckThenInsertStrategy: DeliveryClient, ~Copyable {
  static let documentation = Documentation(
    introduction: """
      look whether the key is known, and if not, work and insert it.

      The first thing that comes to mind, and what is left when the unique constraint is missing or on the wrong columns.
      """,
    algorithm: """
      `SELECT response FROM unguarded_keys WHERE worker = $1 AND number = $2`: a row is the response to send. None: after
      the hold time, `BEGIN`; charge the account, note the charge; `INSERT INTO unguarded_keys ...`; `COMMIT`. Nothing says
      that a key is there only once.
      """,
    guarantees: "a delivery that comes after the first one has committed gets its response.",
    doesNotGuarantee: """
      anything to deliveries that meet: both look, both find nothing, both charge, and each gets another response. At READ
      COMMITTED and REPEATABLE READ a transaction around all of it changes nothing.
      """,
    failureWindow:
      "from the `SELECT` to the `COMMIT`, at all times. Deliveries must come together to meet it (`delay: 0s`).",
    roundTrips: "2 (insert, commit) while the account is locked; nothing keeps a second delivery out.",
    source: "what the unique constraint of Stripe-like idempotency keys is for: Brandur Leach (2017).")

  static let descriptor = StrategyDescriptor.payment(
    "idempotency-check-then-insert", "SELECT the key, charge, INSERT the key: the control that charges twice",
    documentation, grade: .required, roundTripsUnderLock: 2)

  static var canResend: Bool { true }
  private var session: Session

  private static var look: Statement {
    Statement("look", "SELECT response FROM unguarded_keys WHERE worker = $1 AND number = $2 LIMIT 1")
  }
  private static var insert: Statement {
    Statement("insert", "INSERT INTO unguarded_keys (worker, number, record, response) VALUES ($1, $2, $3, $4)")
  }

  static func configure(_ environment: StrategyEnvironment) throws(SetupFailure) -> SessionPlan {
    try SessionPlan(environment, [look, insert, .begin, .charge, .commit, .rollback])
  }

  static func open(_ plan: SessionPlan, _ worker: WorkerContext) async throws(SetupFailure) -> CheckThenInsertStrategy {
    CheckThenInsertStrategy(session: try await Session(plan, worker))
  }

  mutating func reopen() async throws(SetupFailure) { try await session.reopen() }
  consuming func close() async {}

  mutating func deliver(_ attempt: inout Attempt) async throws(AttemptFailure) -> DeliveryAnswer {
    let request = PaymentRequest(attempt)
    do throws(AttemptFailure) {
      session.connection.setKey(request)
      try await session.connection.run(Self.look, parameters: 2)
      if session.connection.reply.rows == 1 { return .replay(response: session.connection.reply[0, 0]) }
      await attempt.hold()
      try await session.connection.run(.begin)
      let response = try await session.connection.charge(request)
      session.connection.setKey(request)
      session.connection.parameters.set(2, int4: request.record)
      session.connection.parameters.set(3, int8: response)
      try await session.connection.run(Self.insert, parameters: 4)
      try await session.connection.commit()
      return .done(response: response)
    } catch {
      throw await session.connection.abandon(error, attempt)
    }
  }
}
