internal import Model
internal import Runtime

/// A request to charge an account, as it arrives at the service: its idempotency key, and what it asks for.
struct PaymentRequest: Equatable {
  /// The client, which has keys of its own.
  let worker: Int32
  /// The key among those of the client.
  let number: Int64
  /// The account.
  let record: Int32
  let amount: Int64

  init(worker: Int32, number: Int64, record: Int32, amount: Int64) {
    self.worker = worker
    self.number = number
    self.record = record
    self.amount = amount
  }

  /// The request of an operation, the same in all its attempts.
  init(_ attempt: Attempt) {
    let identity = attempt.identity
    self.init(
      worker: Int32(truncatingIfNeeded: identity.worker), number: identity.number, record: attempt.operation[0].key,
      amount: attempt.operation[0].operand)
  }

  /// A hash of what is asked for, without the key: by it a request is told from another one with the same key. The bits
  /// are mixed as in the last step of splitmix64.
  var hash: Int64 {
    var word = UInt64(bitPattern: amount) &* 0x9E37_79B9_7F4A_7C15 ^ UInt64(UInt32(bitPattern: record))
    word = (word ^ (word >> 30)) &* 0xBF58_476D_1CE4_E5B9
    word = (word ^ (word >> 27)) &* 0x94D0_49BB_1331_11EB
    return Int64(bitPattern: word ^ (word >> 31))
  }
}

extension Statement {
  /// Adds `$4` to the account `$3` and notes that the key `$1`, `$2` has charged it; the new balance is the response.
  static var charge: Statement {
    Statement(
      "charge",
      """
      WITH charged AS (UPDATE records SET value = value + $4::int8 WHERE id = $3::int4 RETURNING value)
      INSERT INTO charges (worker, number, record, amount, response)
      SELECT $1::int4, $2::int8, $3::int4, $4::int8, value FROM charged RETURNING response
      """)
  }
}

extension Connection {
  /// Sets the first two parameters to the key of a request.
  func setKey(_ request: PaymentRequest) {
    parameters.set(0, int4: request.worker)
    parameters.set(1, int8: request.number)
  }

  /// Charges the account within a transaction; returns the response.
  mutating func charge(_ request: PaymentRequest) async throws(AttemptFailure) -> Int64 {
    setKey(request)
    parameters.set(2, int4: request.record)
    parameters.set(3, int8: request.amount)
    try await run(.charge, parameters: 4)
    try requireRecords(reply.rows, of: 1)
    return reply[0, 0]
  }
}

extension StrategyDescriptor {
  /// A service on PostgreSQL that takes payments.
  static func payment(
    _ name: String, _ summary: String, _ documentation: Documentation, options: [OptionSpecification] = [],
    grade: Grade = .forbidden, roundTripsUnderLock: Int, stages: [String] = []
  ) -> StrategyDescriptor {
    StrategyDescriptor(
      id: "postgres." + name, summary: summary, documentation: documentation, needs: ["postgres"], store: "postgres",
      options: options, scope: .network, threading: .perConnection, applicability: .deliveries, grade: grade,
      returnsValues: true, roundTripsUnderLock: roundTripsUnderLock, stages: stages)
  }
}
