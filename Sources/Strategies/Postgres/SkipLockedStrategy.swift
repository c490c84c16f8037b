internal import Model
internal import Runtime

/// `postgres.skip-locked`: what somebody else has locked counts as not there (the claim of a job queue).
struct SkipLockedStrategy: Strategy, ~Copyable {
  static let documentation = Documentation(
    introduction: "what somebody else has locked counts as not there (the claim of a job queue).",
    algorithm: """
      an operation that claims is one statement, a transaction of its own:

          WITH free AS (
            SELECT id FROM records WHERE id = ANY ($1) AND value = 0 ORDER BY id FOR UPDATE SKIP LOCKED)
          UPDATE records SET value = $2 FROM free
          WHERE records.id = free.id AND (SELECT count(*) FROM free) = cardinality($1)

      No row changed means that one of the units is taken, or locked by somebody who may take it: refused, and like the
      worker of a queue the caller goes on to another unit. A common table expression because `id IN (SELECT ... FOR
      UPDATE SKIP LOCKED)` may be evaluated more than once. Units are given back in the same way, but waiting: a claim
      may look at one for a moment. Every other operation is READ COMMITTED: `BEGIN`; `SELECT value ... FOR UPDATE SKIP
      LOCKED` for all its records; `UPDATE`s; `COMMIT`. A record that did not come back is locked: `ROLLBACK`, counted
      as a lock timeout, and the retry policy decides. Operations that only read take one `SELECT`.
      """,
    guarantees: "no unit has two owners; nobody waits for a lock, and there is no deadlock. Unlike `NOWAIT` no error.",
    doesNotGuarantee: """
      that a refused claim was refused by an owner: whoever looked at the unit at the same moment is enough, and may be
      refused itself. Order of arrival, or progress of a particular worker. What is not locked is no consistent view of
      the table. A worker that dies after its claim keeps the unit.
      """,
    failureWindow: "none for the database.",
    roundTrips: "0 to claim and to give back; 2 otherwise (`UPDATE`, `COMMIT`), plus one per further record.",
    source: #"PostgreSQL manual, `SELECT`, "The Locking Clause"; the queues River and Graphile Worker."#)

  static let descriptor = StrategyDescriptor(
    id: "postgres.skip-locked", summary: "FOR UPDATE SKIP LOCKED: what is locked counts as not there",
    documentation: documentation, needs: ["postgres"], store: "postgres", scope: .network, threading: .perConnection,
    returnsValues: true, roundTripsUnderLock: 2)
  private var session: Session

  private static var claim: Statement {
    Statement(
      "claim",
      """
      WITH free AS (
        SELECT id FROM records WHERE id = ANY ($1::int4[]) AND value = 0 ORDER BY id FOR UPDATE SKIP LOCKED)
      UPDATE records SET value = $2 FROM free
      WHERE records.id = free.id AND (SELECT count(*) FROM free) = cardinality($1)
      """)
  }
  private static var release: Statement {
    Statement(
      "release",
      """
      WITH own AS (
        SELECT id FROM records WHERE id = ANY ($1::int4[]) AND value = $2 ORDER BY id FOR UPDATE)
      UPDATE records SET value = 0 FROM own
      WHERE records.id = own.id AND (SELECT count(*) FROM own) = cardinality($1)
      """)
  }
  private static var lock: Statement {
    Statement(
      "lock", "SELECT id, value FROM records WHERE id = ANY ($1::int4[]) ORDER BY id FOR UPDATE SKIP LOCKED")
  }

  static func configure(_ environment: StrategyEnvironment) throws(SetupFailure) -> SessionPlan {
    try SessionPlan(environment, [claim, release, .begin, lock, .write, .commit, .rollback, .read, .readMany])
  }

  static func open(_ plan: SessionPlan, _ worker: WorkerContext) async throws(SetupFailure) -> SkipLockedStrategy {
    SkipLockedStrategy(session: try await Session(plan, worker))
  }

  mutating func reopen() async throws(SetupFailure) { try await session.reopen() }
  consuming func close() async {}

  mutating func perform(_ attempt: inout Attempt) async throws(AttemptFailure) -> AttemptResult {
    do throws(AttemptFailure) {
      if attempt.operation.isReadOnly {
        try await session.connection.readTogether(attempt)
        return .committed
      }
      if attempt.operation.isAll(.claim) { return try await exchange(Self.claim, attempt) }
      if attempt.operation.isAll(.release) { return try await exchange(Self.release, attempt) }
      return try await change(&attempt)
    } catch {
      throw await session.connection.abandon(error, attempt)
    }
  }

  private mutating func exchange(
    _ statement: Statement, _ attempt: Attempt
  ) async throws(AttemptFailure) -> AttemptResult {
    let operation = attempt.operation
    // There is no time between reading and writing: the client thinks before.
    await attempt.hold()
    session.connection.setKeys(0, operation)
    session.connection.parameters.set(1, int8: operation.token)
    try await session.connection.run(statement, parameters: 2, decides: true)
    guard session.connection.reply.affected == operation.count else { return .refused }
    for index in 0..<operation.count { attempt.values[index] = operation[index].replacement(token: operation.token) }
    return .committed
  }

  private mutating func change(_ attempt: inout Attempt) async throws(AttemptFailure) -> AttemptResult {
    let operation = attempt.operation
    try await session.connection.run(.begin)
    session.connection.setKeys(0, operation)
    try await session.connection.run(Self.lock, parameters: 1)
    guard session.connection.reply.rows == operation.count else { throw .lockTimeout }
    for index in 0..<operation.count {
      attempt.values[index] = session.connection.reply[session.connection.row(of: operation[index].key), 1]
    }
    attempt.enter()
    await attempt.hold()
    guard attempt.decide() == .write else {
      attempt.leave()
      await session.connection.rollBack()
      return .refused
    }
    try await session.connection.writeInTransaction(attempt)
    attempt.leave()
    try await session.connection.commit()
    return .committed
  }
}

extension Operation {
  /// Whether every step asks for the same.
  fileprivate func isAll(_ effect: Effect) -> Bool {
    for index in 0..<count where self[index].effect != effect { return false }
    return true
  }
}
