#if MariaDB
internal import Model

/// `mariadb.repeatable-read`: a transaction at the default level, without locking reads.
enum RepeatableRead: TransactionKind {
  static let documentation = Documentation(
    introduction: """
      a transaction at the default level, without locking reads. A planted control: the checkers must catch it, unless
      `snapshot-isolation` is on.
      """,
    algorithm: """
      `START TRANSACTION`; `SELECT` each record from the transaction's snapshot, decide, `UPDATE` each changed one,
      `COMMIT`. The `UPDATE` changes the newest row, whatever was read: unlike PostgreSQL's level of the same name, the
      server notices nothing. With `snapshot-isolation: true` it does: the session sets `innodb_snapshot_isolation`, the
      default of the server from MariaDB 11.6.2 on, and the `UPDATE` of a row that another transaction has changed since
      the snapshot fails with error 1020, a conflict: the server has rolled the transaction back, and the retry policy
      decides when to start again. Sessions of all other strategies set it to off: they have no snapshot when they
      change a row, or only insert.
      """,
    guarantees: """
      that several values read belong to one moment, and that several records change together; with `snapshot-isolation:
      true` no lost update of a record that the operation writes.
      """,
    doesNotGuarantee: """
      without it, that an acknowledged update stays: it is the most common mistake with this server. Freedom from write
      skew. What rows that others insert meanwhile (phantoms) make of a decision is in `mariadb.count-then-insert`.
      """,
    failureWindow: "from the `SELECT` to the `UPDATE`, at all times; with `snapshot-isolation: true` none.",
    roundTrips: "0; nothing is held while the client thinks.",
    source: #"Berenson et al. 1995, "A Critique of ANSI SQL Isolation Levels", P4; MDEV-35124."#)

  static let descriptor = StrategyDescriptor.mariadb(
    "repeatable-read", "a transaction with plain SELECTs: the control that must lose updates", documentation,
    options: [
      OptionSpecification(
        "snapshot-isolation", .flag, default: .flag(false),
        "The session's innodb_snapshot_isolation: the UPDATE of a row that has changed since the snapshot fails.")
    ], grade: .required, lists: ListTransactions(.readCommitted, raised: ("snapshot-isolation", .snapshot)))
  static let isolation = "REPEATABLE READ"
  static let mode = Session.ReadMode.plain
  static let excludesOthers = false
  static func checksSnapshots(_ options: Options) -> Bool { options.flag("snapshot-isolation") }
}
#endif
