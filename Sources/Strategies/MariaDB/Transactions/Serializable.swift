#if MariaDB
internal import Model

/// `mariadb.serializable`: plain statements in a transaction that the server isolates by locks.
enum Serializable: TransactionKind {
  static let documentation = Documentation(
    introduction: "plain statements in a transaction that the server isolates by locks.",
    algorithm: """
      `SET SESSION TRANSACTION ISOLATION LEVEL SERIALIZABLE`; `START TRANSACTION`; `SELECT` each record, decide,
      `UPDATE` each changed one, `COMMIT`. InnoDB makes every plain `SELECT` of such a transaction a `SELECT ... LOCK IN
      SHARE MODE`, so two that want to write what both have read end in a deadlock (error 1213), found at once: retry.
      That is two-phase locking; PostgreSQL's level of the same name detects conflicts instead.
      """,
    guarantees: "serialisable transactions: no lost update, no write skew.",
    doesNotGuarantee: "progress without retries.",
    failureWindow: "none. The server releases the locks when the connection ends.",
    roundTrips: "2 (`UPDATE`, `COMMIT`), plus one per further record.",
    source: #"MariaDB manual, "SET TRANSACTION", SERIALIZABLE."#)

  static let descriptor = StrategyDescriptor.mariadb(
    "serializable", "SERIALIZABLE: every SELECT takes a shared lock", documentation, roundTripsUnderLock: 2,
    lists: ListTransactions(.serializable))
  static let isolation = "SERIALIZABLE"
  static let mode = Session.ReadMode.plain
  static let excludesOthers = false
}
#endif
