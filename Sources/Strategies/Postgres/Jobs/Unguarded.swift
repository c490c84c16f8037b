internal import Model

/// `postgres.purge`: every pod runs every tick, unless a lock goes around it.
struct Unguarded: TickGuard {
  private static let documentation = Documentation(
    introduction: "deletes what nobody has touched for 30 days, at every tick: a scheduled job that nobody guards.",
    algorithm: """
      `BEGIN`; a row in `job_runs` that the run has begun, over a connection of its own; `DELETE FROM emp_details WHERE
      last_updated < now() - interval '30 days'`, or `batch` rows at a time with `SKIP LOCKED`, each batch in a transaction
      of its own; the rest of the stated `work`; `COMMIT`; the end of the run in its row. Beside it, live traffic inserts,
      updates and reads rows of the same table. Any lock goes around it, taken without waiting: who does not get it leaves
      the tick to others.
      """,
    guarantees: "nothing: every pod runs every tick.",
    doesNotGuarantee: """
      that a tick is run once. At READ COMMITTED the others wait and delete nothing; at REPEATABLE READ and SERIALIZABLE
      they fail with 40001, \"could not serialize access due to concurrent delete\" or \"update\".
      """,
    failureWindow: "always.", roundTrips: "6, and the work.",
    source: "PostgreSQL manual, section 13.2; the purge as it stands in many a scheduler.")

  static let descriptor = StrategyDescriptor.job(
    "purge", "a scheduled DELETE of old rows that nobody guards", documentation, options: [.purgeBatch],
    grade: .required)

  static var statements: [Statement] { [] }
  /// What goes around it is a lock, and a lock promises that.
  static let keepsRunsApart = true

  init(_ options: Options) {}

  func begin(
    _ begin: Statement, tick: Int64, worker: Int, _ connection: inout Connection
  ) async throws(AttemptFailure) -> Bool {
    try await connection.run(begin)
    return true
  }
}
