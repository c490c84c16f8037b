#if MariaDB
internal import Model

/// `mariadb.read-committed`: a transaction at READ COMMITTED, without locking reads.
enum ReadCommitted: TransactionKind {
  static let documentation = Documentation(
    introduction:
      "a transaction at READ COMMITTED, without locking reads. A planted control: the checkers must catch it.",
    algorithm: """
      `SET SESSION TRANSACTION ISOLATION LEVEL READ COMMITTED`; `START TRANSACTION`; `SELECT` each record, decide, `UPDATE` each
      changed one, `COMMIT`. An `UPDATE` waits for another transaction that has changed the record, and then overwrites
      what that one stored.
      """,
    guarantees: "that several records change together, and that nothing is read that was not committed.",
    doesNotGuarantee: "that an acknowledged update stays, or that two statements see the same state.",
    failureWindow: "from the `SELECT` to the `UPDATE`, at all times.",
    roundTrips: "0; nothing is held while the client thinks.",
    source: #"MariaDB manual, "SET TRANSACTION", READ COMMITTED; the lost update P4 of Berenson et al. 1995."#)

  static let descriptor = StrategyDescriptor.mariadb(
    "read-committed", "READ COMMITTED transactions: the control that must lose updates", documentation,
    grade: .required, lists: ListTransactions(.readCommitted))
  static let isolation = "READ COMMITTED"
  static let mode = Session.ReadMode.plain
  static let excludesOthers = false
}
#endif
