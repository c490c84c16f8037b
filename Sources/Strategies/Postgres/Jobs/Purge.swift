internal import Model

extension PurgeStrategy {
  static let documentation = Documentation(
    introduction: "deletes what nobody has touched for 30 days, at every tick: a scheduled job that nobody guards.",
    algorithm: """
      a row in `job_runs` that the run has begun; `BEGIN`; `DELETE FROM emp_details WHERE last_updated < now() - interval
      '30 days'`, or `batch` rows at a time with `SKIP LOCKED`, each batch in a transaction of its own; the rest of the
      stated `work`; `COMMIT`; the end of the run in its row. Beside it, live traffic inserts, updates and reads rows of the
      same table. Any lock goes around it, taken without waiting: who does not get it leaves the tick to others.
      """,
    guarantees: "nothing: every pod runs every tick.",
    doesNotGuarantee: """
      that a tick is run once. At READ COMMITTED the others wait and delete nothing; at REPEATABLE READ and SERIALIZABLE
      they fail with 40001, \"could not serialize access due to concurrent delete\" or \"update\".
      """,
    failureWindow: "always.", roundTrips: "4, and the work.",
    source: "PostgreSQL manual, section 13.2; the purge as it stands in many a scheduler.")

  static let descriptor = StrategyDescriptor(
    id: "postgres.purge", summary: "a scheduled DELETE of old rows that nobody guards", documentation: documentation,
    needs: ["postgres"], store: "postgres",
    options: [
      OptionSpecification(
        "isolation", .word(PurgeIsolation.allCases.map(\.rawValue)), default: .word("read-committed"),
        "At which level it deletes."),
      OptionSpecification(
        "batch", .integer(0...1_000_000), default: .integer(0),
        "Rows of one transaction, taken with SKIP LOCKED; 0 for all at once."),
    ], scope: .network, threading: .perConnection, applicability: .job, grade: .required, stages: JobStage.names)
}
