internal import Model

/// `postgres.job-row`: a row per job that knows its last tick, locked while the job runs.
struct JobRow: TickGuard {
  private static let documentation = Documentation(
    introduction: "a row per job that knows the last tick; whoever locks it runs the job, and nobody waits.",
    algorithm: """
      `BEGIN`; `SELECT 1 FROM job_schedule WHERE job = 0 AND tick < $1 FOR UPDATE SKIP LOCKED`; `UPDATE job_schedule SET
      tick = $1, worker = $2 WHERE job = 0`; the work of `postgres.purge`, all in this transaction; `COMMIT`. No row, or
      40001 (REPEATABLE READ, SERIALIZABLE): somebody else is at work or has been, and the tick is left alone.
      """,
    guarantees: """
      one run for each tick, and one at a time, whatever clocks, pauses and lost connections do: the lock ends with the
      transaction that did the work, and the tick is remembered in it.
      """,
    doesNotGuarantee: """
      that a tick is run: what comes due while a run is under way is missed, and so is the tick of a winner that dies after
      the others have looked. The transaction stays open as long as the work takes.
      """,
    failureWindow: "none for running twice.", roundTrips: "8, and the work; 3 for who comes second.",
    source: "db-scheduler, `lock-and-fetch`; Quartz, `QRTZ_LOCKS` and `QRTZ_FIRED_TRIGGERS`.")

  static let descriptor = StrategyDescriptor.job(
    "job-row", "a row per job with its last tick, FOR UPDATE SKIP LOCKED in the run's transaction", documentation)

  private static var select: Statement {
    Statement(
      "job-take", "SELECT $2::int4 FROM job_schedule WHERE job = 0 AND tick < $1::int8 FOR UPDATE SKIP LOCKED")
  }
  private static var update: Statement {
    Statement(
      "job-move", "UPDATE job_schedule SET tick = $1::int8, worker = $2::int4 WHERE job = 0 RETURNING 1")
  }

  static var statements: [Statement] { [select, update] }
  static let keepsRunsApart = true

  init(_ options: Options) {}

  func begin(
    _ begin: Statement, tick: Int64, worker: Int, _ connection: inout Connection
  ) async throws(AttemptFailure) -> Bool {
    try await connection.run(begin)
    guard try await takes(Self.select, tick: tick, worker: worker, &connection) else { return false }
    return try await takes(Self.update, tick: tick, worker: worker, &connection)
  }
}
