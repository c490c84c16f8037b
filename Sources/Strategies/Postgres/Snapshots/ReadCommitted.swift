internal import Model
internal import Runtime

/// `postgres.read-committed`: a transaction at the default level, without locking reads.
enum ReadCommitted: SnapshotLevel {
  static let documentation = Documentation(
    introduction: """
      a transaction at the default level, without locking reads. A planted control: the checkers must catch it. `BEGIN`
      and `COMMIT` alone protect nothing that was read.
      """,
    algorithm: """
      `BEGIN ISOLATION LEVEL READ COMMITTED`; `SELECT value FROM records WHERE id = $1` (one statement for several
      records); per changed record, in the order of the steps, `UPDATE records SET value = $2 WHERE id = $1`; `COMMIT`.
      An `UPDATE` waits for another transaction that has changed the record, and then overwrites what that one stored.
      """,
    guarantees: "that several records change together, and that nothing is read that was not committed.",
    doesNotGuarantee: """
      that an acknowledged update stays, or that two statements see the same state. An operation that only reads is one
      statement, and so sees one moment.
      """,
    failureWindow: "from the `SELECT` to the `UPDATE`, at all times.",
    roundTrips: "0; nothing is held while the client thinks.",
    source: "PostgreSQL manual, section 13.2.1; the lost update P4 of Berenson et al. 1995.")

  static let descriptor = StrategyDescriptor(
    id: "postgres.read-committed", summary: "READ COMMITTED transactions: the control that must lose updates",
    documentation: documentation, needs: ["postgres"], store: "postgres", scope: .network, threading: .perConnection,
    grade: .required, returnsValues: true, lists: ListTransactions(.readCommitted))

  static let isolation = Isolation.readCommitted
  static var begin: Statement { .begin }
}
