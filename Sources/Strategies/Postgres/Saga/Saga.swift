internal import Model

/// `postgres-shards.saga`: a local transaction at each database in turn, and compensations when one fails.
enum Saga: SagaKind {
  static let care = SagaOrchestrator.SagaCare()

  static let documentation = Documentation(
    introduction: """
      an orchestrated saga: a local transaction at each database in turn; when one fails, those before are undone by
      compensations.
      """,
    algorithm: """
      the records of an operation are grouped by database, in the order of the operation, those that nobody can refuse
      last; each group is a step. The worker is the orchestrator; its rows (`saga_instances`) lie in the first database. A
      step is one transaction of two round trips: `BEGIN`, `INSERT INTO saga_steps ... ON CONFLICT DO NOTHING`, `SELECT
      ... FOR UPDATE`; then `UPDATE`, `COMMIT`. A step whose row is there already is skipped, so that it may be sent
      again. The first step writes the saga down, and the last one its end, in the same transaction if they lie in the
      first database; else that takes one more.

      A step that fails for another reason than the business rule is tried `attempts` times, after waits with full
      jitter. Then, or when it is refused or declined (`failure-rate`), the saga writes down that it turns back, and
      undoes its steps in reverse until that holds. A compensation has its own mark in the row of the step; one that finds
      no step leaves the row as a tombstone, so that a step that comes late is refused: a step that takes longer than
      `step-timeout` (`slow-steps`, `slow-for`) is given up, undone, and arrives after that.

      A process that takes the place of another ends the sagas that it has left, forward or backward as they stood; what
      is left after the trial, the driver ends. What cannot be undone (a unit that was given back) is only done forward.

      With `semantic-lock: true`, changed records are pending until their saga has ended: other sagas and readers wait,
      `step-timeout` at most. Databases are taken in one order then, so that nobody waits in a circle, and operations that
      only read look until two readings agree.
      """,
    guarantees: """
      all steps of an operation take effect, or each that did is undone once, whatever dies and however often a message is
      sent. The sum over all records is right again when all sagas have ended. With `semantic-lock`, nobody sees half of
      an operation.
      """,
    doesNotGuarantee: """
      isolation, without `semantic-lock`: others read and decide over what may still be undone (counted as dirty reads),
      reads over several databases are torn, and two sagas that look at each other's records can both go on (write skew).
      Nor that a compensation can succeed at once: it is tried until it does.
      """,
    failureWindow: """
      from the first step to the last, money is on its way: gone from one database and not yet in the other. A process
      that dies there leaves it so until somebody goes on. With `semantic-lock`, its records stay pending for as long.
      """,
    roundTrips: """
      2 for each step, under the locks of that step only; one more for the end where the last step lies elsewhere than the
      first database, and one to begin where the first does.
      """,
    source: """
      Garcia-Molina and Salem, Sagas, SIGMOD 1987; Richardson, Microservices Patterns, chapter 4 (countermeasures);
      eventuate-tram-sagas.
      """)

  static let descriptor = StrategyDescriptor(
    id: "postgres-shards.saga", aliases: ["saga"],
    summary: "a local transaction at each database in turn, undone by compensations",
    documentation: documentation, store: "postgres-shards", options: SagaSettings.options(), scope: .network,
    threading: .perConnection, stages: stages, points: points, readsSnapshots: false,
    snapshotFlag: "semantic-lock")

  /// Of all sagas.
  static let stages = ["steps", "compensation"]
  /// Of all sagas.
  static let points = SagaOrchestrator.Point.allCases.map(\.name)
}
