#if MariaDB
internal import Model

/// `mariadb.for-update`: lock the rows, then read, decide and write (pessimistic locking).
enum ForUpdate: TransactionKind {
  static let documentation = Documentation(
    introduction: "lock the rows, then read, decide and write (pessimistic locking).",
    algorithm: """
      REPEATABLE READ transaction, the default: `START TRANSACTION`; per record, in the order of the steps, `SELECT
      value, version FROM records WHERE id = ? FOR UPDATE`; per changed record `UPDATE records SET value = ? WHERE id =
      ?`; `COMMIT`. A refused operation ends with `ROLLBACK`. Operations that only read lock nothing: one `SELECT` sees
      one snapshot.
      """,
    guarantees: """
      no lost update; records of one operation change together. A locking read returns the newest committed value,
      whatever the snapshot of the transaction is. Waiters are served first come, first served.
      """,
    doesNotGuarantee: """
      freedom from deadlocks when operations lock records in different orders. InnoDB finds a cycle at once and rolls
      one transaction back (error 1213). Who waits longer than `lock-wait-timeout` fails with error 1205, which ends
      only the statement: code that does not roll back then keeps its other locks.
      """,
    failureWindow: "none. The server releases the locks when the connection ends.",
    roundTrips: "2 (`UPDATE`, `COMMIT`), plus one per further record.",
    source: #"MariaDB manual, "FOR UPDATE" and "InnoDB Lock Modes"."#)

  static let descriptor = StrategyDescriptor.mariadb(
    "for-update", "SELECT ... FOR UPDATE, UPDATE, COMMIT", documentation, roundTripsUnderLock: 2,
    lists: ListTransactions(.serializable))
  static let isolation = "REPEATABLE READ"
  static let mode = Session.ReadMode.forUpdate
  static let excludesOthers = true
}
#endif
