internal import Model
internal import Runtime

/// `postgres.repeatable-read`: one snapshot per transaction, and the first to update a record wins.
enum RepeatableRead: SnapshotLevel {
  static let documentation = Documentation(
    introduction: "one snapshot per transaction, and the first to update a record wins.",
    algorithm: """
      `BEGIN ISOLATION LEVEL REPEATABLE READ`; `SELECT value FROM records WHERE id = $1` (one statement for several
      records); per changed record, in the order of the steps, `UPDATE records SET value = $2 WHERE id = $1`; `COMMIT`.
      An `UPDATE` of a record that another transaction changed after our snapshot waits for that one to end and then
      fails with 40001 if it committed: a conflict, and the retry policy decides when to start again from the beginning.
      """,
    guarantees: """
      no lost update of a record that the operation writes; all that an operation reads belongs to one moment.
      """,
    doesNotGuarantee: """
      freedom from write skew: two operations that read the same records and write different ones both commit (workload
      `on-call`). Freedom from phantoms of that kind, where what was read is not updated but added to: they are in
      `postgres.count-then-insert`. Progress of a particular worker; freedom from deadlocks when operations update
      records in different orders.
      """,
    failureWindow: "none.",
    roundTrips: "1 for one record (`COMMIT`); further `UPDATE`s add one each. Readers are never blocked.",
    source: "PostgreSQL manual, section 13.2.2; first updater wins in Berenson et al. 1995, section 4.2.")

  static let descriptor = StrategyDescriptor(
    id: "postgres.repeatable-read", summary: "REPEATABLE READ transactions, retried on 40001",
    documentation: documentation, needs: ["postgres"], store: "postgres", scope: .network, threading: .perConnection,
    returnsValues: true, roundTripsUnderLock: 1, lists: ListTransactions(.snapshot))

  static let isolation = Isolation.repeatableRead
  static var begin: Statement { Statement("begin", "BEGIN ISOLATION LEVEL REPEATABLE READ READ WRITE") }
}
