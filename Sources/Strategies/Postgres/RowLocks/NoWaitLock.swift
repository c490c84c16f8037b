internal import Model
internal import Runtime

/// `postgres.nowait`: lock the rows, or fail at once.
enum NoWaitLock: RowLock {
  static let documentation = Documentation(
    introduction: "lock the rows, or fail at once.",
    algorithm: """
      as `postgres.for-update`, with `SELECT value FROM records WHERE id = $1 FOR UPDATE NOWAIT`. When the row is locked
      the server answers 55P03 at once and the transaction has failed: `ROLLBACK`, counted as a lock timeout, and the
      retry policy decides when to try again. The client waits, not the server.
      """,
    guarantees: """
      no lost update; records of one operation change together; no deadlock, because nobody waits while holding a lock;
      no session that waits on the server.
      """,
    doesNotGuarantee: """
      order of arrival, or progress of a particular worker: who asks at the right moment wins. Each try in vain costs
      three round trips, and an error in the server's log at its default settings.
      """,
    failureWindow: "none; as `postgres.for-update`.",
    roundTrips: "2 (`UPDATE`, `COMMIT`), plus one per further record.",
    source: #"PostgreSQL manual, `SELECT`, "The Locking Clause"."#)

  static let descriptor = StrategyDescriptor(
    id: "postgres.nowait", summary: "SELECT ... FOR UPDATE NOWAIT, tried again by the client",
    documentation: documentation, needs: ["postgres"], store: "postgres", scope: .network, threading: .perConnection,
    returnsValues: true, roundTripsUnderLock: 2)

  static var select: Statement { Statement("lock", "SELECT value FROM records WHERE id = $1 FOR UPDATE NOWAIT") }
}
