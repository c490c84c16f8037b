internal import Model
internal import Runtime

/// `postgres.serializable`: the server finds out whether transactions could have run one after the other.
enum Serializable: SnapshotLevel {
  static let documentation = Documentation(
    introduction: "the server finds out whether transactions could have run one after the other.",
    algorithm: """
      `BEGIN ISOLATION LEVEL SERIALIZABLE`; `SELECT value FROM records WHERE id = $1` (one statement for several
      records); per changed record, in the order of the steps, `UPDATE records SET value = $2 WHERE id = $1`; `COMMIT`.
      The server ends a transaction that does not fit with 40001, at any statement including `COMMIT`: a conflict, and
      the retry policy decides when to start again from the beginning. A refused operation commits too, so that the
      server vouches for what it read. Operations that only read are a single `SELECT`, itself a serializable
      transaction. Sessions set `enable_seqscan` to off: a sequential scan would lock the whole table against all
      writers.
      """,
    guarantees: """
      the outcome is that of some serial order, whatever the transactions read and write: no lost update and no write
      skew, as long as every transaction on these records is serializable.
      """,
    doesNotGuarantee: """
      progress of a particular worker; few conflicts. Records that share an index page may conflict although nobody
      touches the same one.
      """,
    failureWindow: "none.",
    roundTrips: "1 for one record (`COMMIT`); further `UPDATE`s add one each. Readers are never blocked.",
    source: """
      Cahill, Roehm and Fekete 2008, "Serializable Isolation for Snapshot Databases"; Ports and Grittner 2012;
      PostgreSQL manual, section 13.2.3.
      """)

  static let descriptor = StrategyDescriptor(
    id: "postgres.serializable", summary: "SERIALIZABLE transactions, retried on 40001", documentation: documentation,
    needs: ["postgres"], store: "postgres", scope: .network, threading: .perConnection, returnsValues: true,
    roundTripsUnderLock: 1, lists: ListTransactions(.serializable))

  static let isolation = Isolation.serializable
  static var begin: Statement { Statement("begin", "BEGIN ISOLATION LEVEL SERIALIZABLE READ WRITE") }
}
