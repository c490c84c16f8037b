internal import Model
internal import Runtime

/// `postgres.atomic`: the decision is part of the statement, so nothing happens between reading and writing.
struct AtomicStrategy: Strategy, ~Copyable {
  static let documentation = Documentation(
    introduction: "the decision is part of the statement, so nothing happens between reading and writing.",
    algorithm: """
      an addition is `UPDATE records SET value = value + $2 WHERE id = $1 AND value + $2 >= $3 RETURNING value`, a claim
      or a release `UPDATE records SET value = $2 WHERE id = $1 AND value = $3 RETURNING value`. No row means that the
      guard refused. One record needs no transaction; several are changed in one (READ COMMITTED), `BEGIN` to `COMMIT`,
      in the order of the steps, rolled back on the first refusal. Operations that only read take one `SELECT`.
      """,
    guarantees: """
      no lost update and no value beyond its guard: an `UPDATE` that waited for another evaluates its `WHERE` again over
      the newest row. Never retries.
      """,
    doesNotGuarantee: """
      decisions that cannot be stated as guarded changes of single records; freedom from deadlocks when operations
      change several records in different orders.
      """,
    failureWindow: "none.",
    roundTrips: "0 for one record; for n records n (`UPDATE`s after the first, `COMMIT`).",
    source: "PostgreSQL manual, section 13.2.1.")

  static let descriptor = StrategyDescriptor(
    id: "postgres.atomic", summary: "one conditional UPDATE ... RETURNING", documentation: documentation,
    needs: ["postgres"], store: "postgres", scope: .network, threading: .perConnection, returnsValues: true)
  private var session: Session

  static func configure(_ environment: StrategyEnvironment) throws(SetupFailure) -> SessionPlan {
    try SessionPlan(environment, [.begin, .guardedAdd, .guardedExchange, .commit, .rollback, .read, .readMany])
  }

  static func open(_ plan: SessionPlan, _ worker: WorkerContext) async throws(SetupFailure) -> AtomicStrategy {
    AtomicStrategy(session: try await Session(plan, worker))
  }

  mutating func reopen() async throws(SetupFailure) { try await session.reopen() }
  consuming func close() async {}

  mutating func perform(_ attempt: inout Attempt) async throws(AttemptFailure) -> AttemptResult {
    do throws(AttemptFailure) {
      if attempt.operation.isReadOnly {
        try await session.connection.readTogether(attempt)
        return .committed
      }
      // There is no time between reading and writing: the client thinks before.
      await attempt.hold()
      if attempt.operation.count == 1 {
        return try await session.connection.change(0, attempt, decides: true) ? .committed : .refused
      }
      try await session.connection.run(.begin)
      for index in 0..<attempt.operation.count {
        if try await !session.connection.change(index, attempt, decides: false) {
          await session.connection.rollBack()
          return .refused
        }
      }
      try await session.connection.commit()
      return .committed
    } catch {
      throw await session.connection.abandon(error, attempt)
    }
  }
}

/// The decision as part of the statement.
extension Connection {
  /// Changes one record. Returns false when its guard refused. A record that is only read gets 0 added, so that it
  /// stays as it was read until the transaction ends.
  mutating func change(_ index: Int, _ attempt: Attempt, decides: Bool) async throws(AttemptFailure) -> Bool {
    let step = attempt.operation[index]
    let token = attempt.operation.token
    parameters.set(0, int4: step.key)
    switch step.effect {
    case .read, .add:
      parameters.set(1, int8: step.effect == .add ? step.operand : 0)
      parameters.set(2, int8: step.effect == .add ? step.bound : .min)
      try await run(.guardedAdd, parameters: 3, decides: decides)
    case .claim, .release, .requireFree:
      parameters.set(1, int8: step.replacement(token: token))
      parameters.set(2, int8: step.expected(token: token))
      try await run(.guardedExchange, parameters: 3, decides: decides)
    }
    guard reply.rows == 1 else { return false }
    attempt.values[index] = reply[0, 0]
    return true
  }
}

extension Statement {
  static var guardedAdd: Statement {
    Statement(
      "add", "UPDATE records SET value = value + $2 WHERE id = $1 AND value + $2 >= $3 RETURNING value")
  }
  static var guardedExchange: Statement {
    Statement("exchange", "UPDATE records SET value = $2 WHERE id = $1 AND value = $3 RETURNING value")
  }
}
