#if SQLite
internal import Model
internal import Runtime

/// `sqlite.deferred`: a plain `BEGIN`, which takes no lock before it needs one.
struct DeferredStrategy: BlockingStrategy, ~Copyable {
  static let documentation = Documentation(
    introduction: "a plain `BEGIN`, which takes no lock before it needs one. A trap.",
    algorithm: """
      `BEGIN`; `SELECT value FROM records WHERE id = ?` for each record; decide; `UPDATE records SET value = ? WHERE id
      = ?` for each changed one, the first of which asks for the write lock; `COMMIT`. When that first `UPDATE` cannot
      have the lock, SQLite says so at once, whatever `busy-timeout` is, because waiting could not help: what was read
      would be old. The only cure is `ROLLBACK` and to begin again. In `journal: wal`, both `SQLITE_BUSY_SNAPSHOT`
      (somebody has written since we read) and `SQLITE_BUSY` (somebody is about to) are a `conflict`. In `journal:
      delete`, `SQLITE_BUSY` is a `deadlock` that SQLite has broken: the other one waits with its commit until we stop
      reading.
      """,
    guarantees: "serialisable transactions; no lost update.",
    doesNotGuarantee: """
      that a transaction that began may write: it is optimistic, although it looks like a lock, and code that trusts in
      `busy-timeout` fails under load. In `journal: delete` a commit may also run into that timeout.
      """,
    failureWindow: """
      none; when a process dies the kernel frees its locks, and the next one to open the file rolls back.
      """,
    roundTrips: "0; there is no server.",
    source: #"SQLite manual, "Transaction", section 2.1, and `sqlite3_busy_handler`."#)

  static let descriptor = StrategyDescriptor.sqlite(
    "deferred", "plain BEGIN: fails when it wants to write (trap)", documentation,
    lists: ListTransactions(.serializable))
  private let session: Session
  /// What it means that the lock for the first `UPDATE` was refused.
  private let refusedUpgrade: AttemptFailure

  static func configure(_ environment: StrategyEnvironment) throws(SetupFailure) -> SQLiteConfiguration {
    try SQLiteConfiguration(environment)
  }

  static func open(
    _ configuration: SQLiteConfiguration, _ worker: WorkerContext
  ) throws(SetupFailure) -> DeferredStrategy {
    DeferredStrategy(
      session: try Session(configuration),
      refusedUpgrade: configuration.settings.journal == "wal" ? .conflict : .deadlock)
  }

  mutating func perform(_ attempt: inout Attempt) throws(AttemptFailure) -> AttemptResult {
    var isUpgrading = false
    var isCommitting = false
    do throws(Refusal) {
      if attempt.operation.isReadOnly {
        try session.readTogether(attempt)
        return .committed
      }
      try session.begin.run()
      try session.read(attempt)
      attempt.holdThread()
      guard attempt.decide() == .write else {
        session.rollBack()
        return .refused
      }
      isUpgrading = true
      try session.write(attempt)
      isUpgrading = false
      isCommitting = true
      try session.commit.run()
      return .committed
    } catch {
      let failure = session.abandon(error, attempt, decides: isCommitting)
      throw isUpgrading && failure == .lockTimeout ? refusedUpgrade : failure
    }
  }
}
#endif
