internal import Model

/// `postgres.job-lock`: an advisory lock under the hash of the job's name, tried at every tick.
struct JobLock: TickGuard {
  private static let documentation = Documentation(
    introduction: """
      an advisory lock under the hash of the job's name, as it stands in most answers to this question. Whoever gets it runs
      the job; nobody waits, and it ends with the transaction.
      """,
    algorithm: """
      `BEGIN`; `SELECT pg_try_advisory_xact_lock(hashtext(schema), hashtext('billing:purge:orders-eu'))`; the work of
      `postgres.purge` in this transaction; `COMMIT`. `other-job` lets another job take a lock under the hash of its own name
      at every second tick, over a connection of its own: `same-hash` is named `backup logs`, which has the same hash.
      """,
    guarantees: "one run at a time: the lock ends with the transaction that did the work.",
    doesNotGuarantee: """
      one run for each tick: a pod that wakes after a short run finds the lock free. That a tick is run: `hashtext` has 32
      bits, so that among 77,000 names two have the same hash as likely as not, and two jobs that share a lock keep each other
      from running. Nobody is told: a tick that is left to a stranger looks like one that is left to a pod.
      """,
    failureWindow: "from the end of a run until the last pod has woken.",
    roundTrips: "6, and the work; 3 for who comes second.",
    source: "PostgreSQL manual, 9.27.10, Advisory Lock Functions.")

  static let descriptor = StrategyDescriptor.job(
    "job-lock", "an advisory lock under the hash of the job's name, in the run's transaction", documentation,
    options: [
      OptionSpecification(
        "other-job", .word(OtherName.allCases.map(\.rawValue)), default: .word(OtherName.none.rawValue),
        "Another job, which runs at every second tick: none, or one whose name has another hash, or the same.")
    ])

  /// Which other job there is.
  private enum OtherName: String, CaseIterable {
    case none
    case otherHash = "other-hash"
    case sameHash = "same-hash"
  }

  private static var take: Statement {
    Statement(
      "job-lock",
      """
      SELECT $2::int4 WHERE $1::int8 >= 0 AND pg_try_advisory_xact_lock(
        hashtext(current_schema()::text), hashtext('billing:purge:orders-eu'))
      """)
  }
  private static var takeOther: Statement {
    Statement(
      "job-lock-other",
      "SELECT 1 FROM pg_advisory_lock(hashtext(current_schema()::text), hashtext('backup users'))")
  }
  private static var takeSame: Statement {
    Statement(
      "job-lock-same", "SELECT 1 FROM pg_advisory_lock(hashtext(current_schema()::text), hashtext('backup logs'))")
  }

  static var statements: [Statement] { [take, takeOther, takeSame] + OtherJob.statements }
  static let keepsRunsApart = true
  private let other: OtherName

  init(_ options: Options) { other = OtherName(rawValue: options.word("other-job")) ?? .none }

  var takenByOtherJob: Statement? {
    switch other {
    case .none: nil
    case .otherHash: Self.takeOther
    case .sameHash: Self.takeSame
    }
  }

  func begin(
    _ begin: Statement, tick: Int64, worker: Int, _ connection: inout Connection
  ) async throws(AttemptFailure) -> Bool {
    try await connection.run(begin)
    return try await takes(Self.take, tick: tick, worker: worker, &connection)
  }
}
