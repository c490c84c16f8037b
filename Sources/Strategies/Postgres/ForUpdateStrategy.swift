internal import Model
internal import Runtime

/// `postgres.for-update`: lock the rows, then read, decide and write (pessimistic locking).
///
/// Algorithm: READ COMMITTED transaction: `BEGIN`; per record, in the order of the steps,
/// `SELECT value FROM records WHERE id = $1 FOR UPDATE`; per changed record
/// `UPDATE records SET value = $2 WHERE id = $1`; `COMMIT`. A refused operation ends with `ROLLBACK`. Operations that
/// only read lock nothing: one `SELECT` sees one snapshot.
/// With `pipeline: true`, `BEGIN` and all `SELECT`s leave in one flush, all `UPDATE`s and `COMMIT` in another.
/// Guarantees: no lost update; records of one operation change together; a `SELECT` that waited returns the newest
/// value. Waiters are served first come, first served.
/// Does not guarantee: freedom from deadlocks when operations lock records in different orders. The server ends one of
/// them with 40P01, after `deadlock_timeout` (1 s unless set otherwise).
/// Failure window: none. The server releases the locks when the session ends; a client that stops without closing its
/// connection keeps them until the server notices.
/// Round trips under the lock: 2 (`UPDATE`, `COMMIT`), plus one per further record; 1 with `pipeline: true`.
/// Source: PostgreSQL manual, sections 13.2.1 and 13.3.2.
struct ForUpdateStrategy: Strategy, ~Copyable {
  static let descriptor = StrategyDescriptor(
    id: "postgres.for-update", aliases: ["db-pessimistic"], summary: "SELECT ... FOR UPDATE, UPDATE, COMMIT",
    needs: ["postgres"], store: "postgres",
    options: [
      OptionSpecification(
        "pipeline", .flag, default: .flag(false),
        "Send BEGIN with the SELECTs, and the UPDATEs with COMMIT: two round trips instead of four.")
    ], scope: .network, threading: .perConnection, returnsValues: true, roundTripsUnderLock: 2)
  private var session: Session

  private static var lock: Statement {
    Statement("lock", "SELECT value FROM records WHERE id = $1 FOR UPDATE")
  }

  static func configure(_ environment: StrategyEnvironment) throws(SetupFailure) -> SessionPlan {
    try SessionPlan(
      environment, [.begin, lock, .write, .commit, .rollback, .read, .readMany],
      isPipelined: environment.options.flag("pipeline"))
  }

  static func open(_ plan: SessionPlan, _ worker: WorkerContext) async throws(SetupFailure) -> ForUpdateStrategy {
    ForUpdateStrategy(session: try await Session(plan, worker))
  }

  mutating func reopen() async throws(SetupFailure) { try await session.reopen() }
  consuming func close() async {}

  mutating func perform(_ attempt: inout Attempt) async throws(AttemptFailure) -> AttemptResult {
    do throws(AttemptFailure) {
      if attempt.operation.isReadOnly {
        try await session.connection.readTogether(attempt)
        return .committed
      }
      if session.connection.isPipelined {
        try await lockTogether(attempt)
      } else {
        try await lockOneByOne(attempt)
      }
      attempt.enter()
      await attempt.hold()
      guard attempt.decide() == .write else {
        attempt.leave()
        await session.connection.rollBack()
        return .refused
      }
      if session.connection.isPipelined {
        try await writeAndCommitTogether(&attempt)
      } else {
        try await session.connection.writeInTransaction(attempt)
        attempt.leave()
        try await session.connection.commit()
      }
      return .committed
    } catch {
      throw await session.connection.abandon(error, attempt)
    }
  }

  private mutating func lockOneByOne(_ attempt: Attempt) async throws(AttemptFailure) {
    try await session.connection.run(.begin)
    for index in 0..<attempt.operation.count {
      session.connection.parameters.set(0, int4: attempt.operation[index].key)
      try await session.connection.run(Self.lock, parameters: 1)
      try session.connection.requireRecords(session.connection.reply.rows, of: 1)
      attempt.values[index] = session.connection.reply[0, 0]
    }
  }

  /// `BEGIN` and every `SELECT ... FOR UPDATE` in one flush: the server works through them in this order.
  private mutating func lockTogether(_ attempt: Attempt) async throws(AttemptFailure) {
    let count = attempt.operation.count
    try session.connection.send(.begin)
    for index in 0..<count {
      session.connection.parameters.set(0, int4: attempt.operation[index].key)
      try session.connection.send(Self.lock, parameters: 1)
    }
    try await session.connection.complete()
    try session.connection.requireRecords(session.connection.reply.rows, of: count)
    for index in 0..<count { attempt.values[index] = session.connection.reply[index, 0] }
  }

  /// Every `UPDATE` and `COMMIT` in one flush; the rows are locked, so no `UPDATE` can fail for the sake of others.
  private mutating func writeAndCommitTogether(_ attempt: inout Attempt) async throws(AttemptFailure) {
    for index in 0..<attempt.operation.count where attempt.operation[index].effect != .read {
      session.connection.setWrite(index, attempt)
      try session.connection.send(.write, parameters: 2)
    }
    try session.connection.send(.commit)
    attempt.leave()
    try await session.connection.complete(decides: true)
    try session.connection.checkCommit()
  }
}
