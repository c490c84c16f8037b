#if SQLite
internal import Model
internal import Runtime

/// `sqlite.immediate`: the write lock of the whole database is taken before anything is read.
struct ImmediateStrategy: BlockingStrategy, ~Copyable {
  static let documentation = Documentation(
    introduction: "the write lock of the whole database is taken before anything is read.",
    algorithm: """
      `BEGIN IMMEDIATE`; `SELECT value FROM records WHERE id = ?` for each record; decide; `UPDATE records SET value = ?
      WHERE id = ?` for each changed one; `COMMIT`. Operations that only read take a deferred transaction, which in
      `journal: wal` waits for nobody. Who does not get the lock polls for it: SQLite's busy handler sleeps 1, 2, 5, 10,
      15, 20, 25, 25, 25, 50, 50 and then 100 ms at a time, up to `busy-timeout`.
      """,
    guarantees: "serialisable transactions; no lost update; every retry is one that can succeed.",
    doesNotGuarantee: """
      concurrency of writers, whatever records they want: there is one lock for the file. Order: who polls at the right
      moment wins, and one that sleeps 100 ms at a time may starve until its timeout, which is a `lock-timeout`.
      Anything on a network file system.
      """,
    failureWindow: """
      none; when a process dies the kernel frees its locks, and the next one to open the file rolls back.
      """,
    roundTrips: "0; there is no server. The lock is held until the commit is synced.",
    source: #"SQLite manual, "Transaction" and "Write-Ahead Logging"; `sqliteDefaultBusyCallback` in `src/main.c`."#)

  static let descriptor = StrategyDescriptor.sqlite(
    "immediate", "BEGIN IMMEDIATE: the write lock before the first read", documentation,
    lists: ListTransactions(.serializable))
  private let session: Session

  static func configure(_ environment: StrategyEnvironment) throws(SetupFailure) -> SQLiteConfiguration {
    try SQLiteConfiguration(environment)
  }

  static func open(
    _ configuration: SQLiteConfiguration, _ worker: WorkerContext
  ) throws(SetupFailure) -> ImmediateStrategy {
    ImmediateStrategy(session: try Session(configuration))
  }

  mutating func perform(_ attempt: inout Attempt) throws(AttemptFailure) -> AttemptResult {
    var isCommitting = false
    do throws(Refusal) {
      if attempt.operation.isReadOnly {
        try session.readTogether(attempt)
        return .committed
      }
      try session.beginImmediate.run()
      attempt.enter()
      try session.read(attempt)
      attempt.holdThread()
      guard attempt.decide() == .write else {
        attempt.leave()
        session.rollBack()
        return .refused
      }
      try session.write(attempt)
      attempt.leave()
      isCommitting = true
      try session.commit.run()
      return .committed
    } catch {
      throw session.abandon(error, attempt, decides: isCommitting)
    }
  }
}
#endif
