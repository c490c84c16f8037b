#if MariaDB
internal import Model

/// `mariadb.serializable`: plain statements in a transaction that the server isolates by locks.
///
/// Algorithm: `SET SESSION TRANSACTION ISOLATION LEVEL SERIALIZABLE`; `START TRANSACTION`; `SELECT` each record, decide,
/// `UPDATE` each changed one, `COMMIT`. InnoDB makes every plain `SELECT` of such a transaction a
/// `SELECT ... LOCK IN SHARE MODE`, so two that want to write what both have read end in a deadlock (error 1213), found
/// at once: retry. That is two-phase locking; PostgreSQL's level of the same name detects conflicts instead.
/// Guarantees: serialisable transactions: no lost update, no write skew.
/// Does not guarantee: progress without retries.
/// Failure window: none. The server releases the locks when the connection ends.
/// Round trips under the lock: 2 (`UPDATE`, `COMMIT`), plus one per further record.
/// Source: MariaDB manual, "SET TRANSACTION", SERIALIZABLE.
enum Serializable: TransactionKind {
  static let descriptor = StrategyDescriptor.mariadb(
    "serializable", "SERIALIZABLE: every SELECT takes a shared lock", roundTripsUnderLock: 2)
  static let isolation = "SERIALIZABLE"
  static let mode = Session.ReadMode.plain
  static let excludesOthers = false
}
#endif
