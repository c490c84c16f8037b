#if MariaDB
internal import Model

/// `mariadb.lock-in-share-mode`: read under a shared lock, then write, which needs an exclusive one. A trap.
///
/// Algorithm: as `mariadb.for-update`, with `SELECT ... LOCK IN SHARE MODE`. Two transactions may hold the shared lock of
/// one row, and then neither gets the exclusive one: a deadlock, which InnoDB finds at the second `UPDATE` and breaks at
/// once by rolling one transaction back (error 1213). PostgreSQL takes a second to find the same.
/// Guarantees: no lost update, by deadlock instead of waiting.
/// Does not guarantee: progress without retries: on a hot row nearly every attempt meets another one.
/// Failure window: none. The server releases the locks when the connection ends.
/// Round trips under the lock: 2 (`UPDATE`, `COMMIT`), plus one per further record.
/// Source: MariaDB manual, "LOCK IN SHARE MODE"; MySQL manual, "InnoDB Locking Reads".
enum LockInShareMode: TransactionKind {
  static let descriptor = StrategyDescriptor.mariadb(
    "lock-in-share-mode", "shared lock, upgraded by the UPDATE: deadlocks by design (trap)", roundTripsUnderLock: 2)
  static let isolation = "REPEATABLE READ"
  static let mode = Session.ReadMode.inShareMode
  static let excludesOthers = false
}
#endif
