#if MariaDB
internal import Model

/// `mariadb.lock-in-share-mode`: read under a shared lock, then write, which needs an exclusive one.
enum LockInShareMode: TransactionKind {
  static let documentation = Documentation(
    introduction: "read under a shared lock, then write, which needs an exclusive one. A trap.",
    algorithm: """
      as `mariadb.for-update`, with `SELECT ... LOCK IN SHARE MODE`. Two transactions may hold the shared lock of one
      row, and then neither gets the exclusive one: a deadlock, which InnoDB finds at the second `UPDATE` and breaks at
      once by rolling one transaction back (error 1213). PostgreSQL takes a second to find the same.
      """,
    guarantees: "no lost update, by deadlock instead of waiting.",
    doesNotGuarantee: "progress without retries: on a hot row nearly every attempt meets another one.",
    failureWindow: "none. The server releases the locks when the connection ends.",
    roundTrips: "2 (`UPDATE`, `COMMIT`), plus one per further record.",
    source: #"MariaDB manual, "LOCK IN SHARE MODE"; MySQL manual, "InnoDB Locking Reads"."#)

  static let descriptor = StrategyDescriptor.mariadb(
    "lock-in-share-mode", "shared lock, upgraded by the UPDATE: deadlocks by design (trap)", documentation,
    roundTripsUnderLock: 2)
  static let isolation = "REPEATABLE READ"
  static let mode = Session.ReadMode.inShareMode
  static let excludesOthers = false
}
#endif
