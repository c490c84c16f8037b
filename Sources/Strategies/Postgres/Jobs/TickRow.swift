internal import Model

/// `postgres.tick-row`: a tick has a name, and whoever inserts it first runs it.
struct TickRow: TickGuard {
  private static let documentation = Documentation(
    introduction: """
      a tick has a name, its number in the schedule, and whoever inserts that into a table with a unique key runs it.

      Nothing is given back, so nobody can come too late: a pod whose clock is behind finds the row, however short the work
      was.
      """,
    algorithm: """
      `claim: with-work`: `BEGIN`; `INSERT INTO job_ticks (tick, worker) VALUES ($1, $2) ON CONFLICT DO NOTHING RETURNING
      1`; the work of `postgres.purge`; `COMMIT`. The others wait in their `INSERT` until the winner has ended. No row, or
      40001 (REPEATABLE READ, SERIALIZABLE): the tick is somebody else's, and is left alone. `claim: before`: the same
      `INSERT` is a transaction of its own before that of the work, and the others know at once.
      """,
    guarantees: """
      one run for each tick, whatever clocks, pauses and lost connections do. With `claim: with-work` a tick whose winner
      dies is taken over by a pod that waits, as soon as the server has noticed.
      """,
    doesNotGuarantee: """
      that runs of two ticks do not overlap, when one takes longer than the period: this is counted, and allowed. With
      `claim: before` the tick of a winner that dies is lost. With `batch`, the claim is committed with the first batch. Rows
      of old ticks must be deleted some day, too.
      """,
    failureWindow: "none for running twice.",
    roundTrips: "7, and the work; 3 for who comes second, who waits for the winner unless `claim: before`.",
    source: """
      Procrastinate, `procrastinate_periodic_defers` (unique task, identifier and time); names of Kubernetes' CronJob,
      which carry the minute.
      """)

  static let descriptor = StrategyDescriptor.job(
    "tick-row", "a unique row per tick: whoever inserts it runs the tick", documentation,
    options: [
      .purgeBatch,
      OptionSpecification(
        "claim", .word(["with-work", "before"]), default: .word("with-work"),
        "Insert the row in the transaction of the work, or in one of its own before."),
    ])

  private static var insert: Statement {
    Statement(
      "tick-insert",
      "INSERT INTO job_ticks (tick, worker) VALUES ($1::int8, $2::int4) ON CONFLICT DO NOTHING RETURNING 1")
  }

  static var statements: [Statement] { [insert] }
  static let keepsRunsApart = false
  private let isBefore: Bool

  init(_ options: Options) { isBefore = options.word("claim") == "before" }

  func begin(
    _ begin: Statement, tick: Int64, worker: Int, _ connection: inout Connection
  ) async throws(AttemptFailure) -> Bool {
    if isBefore, !(try await takes(Self.insert, tick: tick, worker: worker, &connection)) { return false }
    try await connection.run(begin)
    if isBefore { return true }
    return try await takes(Self.insert, tick: tick, worker: worker, &connection)
  }
}
