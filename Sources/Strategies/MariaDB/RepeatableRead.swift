#if MariaDB
internal import Model

/// `mariadb.repeatable-read`: a transaction at the default level, without locking reads. A planted control: the checkers
/// must catch it.
///
/// Algorithm: `START TRANSACTION`; `SELECT` each record from the transaction's snapshot, decide, `UPDATE` each changed
/// one, `COMMIT`. The `UPDATE` changes the newest row, whatever was read: unlike PostgreSQL's level of the same name, the
/// server notices nothing. (`innodb_snapshot_isolation`, off up to MariaDB 11.6, would: it is set to off here.)
/// Guarantees: that several values read belong to one moment, and that several records change together.
/// Does not guarantee: that an acknowledged update stays: it is the most common mistake with this server. What rows that
/// others insert meanwhile (phantoms) make of a decision is in `mariadb.count-then-insert`.
/// Failure window: from the `SELECT` to the `UPDATE`, at all times.
/// Round trips under the lock: 0; nothing is held while the client thinks.
/// Source: Berenson et al. 1995, "A Critique of ANSI SQL Isolation Levels", P4; MDEV-35124.
enum RepeatableRead: TransactionKind {
  static let descriptor = StrategyDescriptor.mariadb(
    "repeatable-read", "a transaction with plain SELECTs: the control that must lose updates", grade: .required)
  static let isolation = "REPEATABLE READ"
  static let mode = Session.ReadMode.plain
  static let excludesOthers = false
}
#endif
