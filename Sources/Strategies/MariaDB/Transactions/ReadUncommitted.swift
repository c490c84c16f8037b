#if MariaDB
internal import Model

/// `mariadb.read-uncommitted`: a transaction that sees what others have not committed yet.
enum ReadUncommitted: TransactionKind {
  static let documentation = Documentation(
    introduction:
      "a transaction that sees what others have not committed yet. A planted control: the checkers must catch it.",
    algorithm: """
      `SET SESSION TRANSACTION ISOLATION LEVEL READ UNCOMMITTED`; `START TRANSACTION`; `SELECT` each record, decide, `UPDATE` each
      changed one, `COMMIT`. An `UPDATE` waits for another transaction that has changed the record, and then overwrites
      what that one stored.
      """,
    guarantees: "that several records change together.",
    doesNotGuarantee:
      "that what was read ever was: the other transaction may roll back (a dirty read). That an acknowledged update stays.",
    failureWindow: "from the `SELECT` to the `UPDATE`, at all times.",
    roundTrips: "0; nothing is held while the client thinks.",
    source: #"MariaDB manual, "SET TRANSACTION", READ UNCOMMITTED; the dirty read P1 of Berenson et al. 1995."#)

  static let descriptor = StrategyDescriptor.mariadb(
    "read-uncommitted", "READ UNCOMMITTED transactions: the control that must lose updates", documentation,
    grade: .required, lists: ListTransactions(.readUncommitted))
  static let isolation = "READ UNCOMMITTED"
  static let mode = Session.ReadMode.plain
  static let excludesOthers = false
}
#endif
