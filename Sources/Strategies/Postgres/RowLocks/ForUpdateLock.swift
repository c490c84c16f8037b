internal import Model
internal import Runtime

/// `postgres.for-update`: lock the rows, then read, decide and write (pessimistic locking).
enum ForUpdateLock: RowLock {
  static let documentation = Documentation(
    introduction: "lock the rows, then read, decide and write (pessimistic locking).",
    algorithm: """
      READ COMMITTED transaction: `BEGIN`; per record, in the order of the steps, `SELECT value FROM records WHERE id =
      $1 FOR UPDATE`; per changed record `UPDATE records SET value = $2 WHERE id = $1`; `COMMIT`. A refused operation
      ends with `ROLLBACK`. Operations that only read lock nothing: one `SELECT` sees one snapshot. With `pipeline:
      true`, `BEGIN` and all `SELECT`s leave in one flush, all `UPDATE`s and `COMMIT` in another.
      """,
    guarantees: """
      no lost update; records of one operation change together; a `SELECT` that waited returns the newest value. Waiters
      are served first come, first served.
      """,
    doesNotGuarantee: """
      freedom from deadlocks when operations lock records in different orders. The server ends one of them with 40P01,
      after `deadlock_timeout` (1 s unless set otherwise).
      """,
    failureWindow: """
      none. The server releases the locks when the session ends; a client that stops without closing its connection
      keeps them until the server notices.
      """,
    roundTrips: "2 (`UPDATE`, `COMMIT`), plus one per further record; 1 with `pipeline: true`.",
    source: "PostgreSQL manual, sections 13.2.1 and 13.3.2; Rails `lock!`, JPA `PESSIMISTIC_WRITE`.")

  static let descriptor = StrategyDescriptor(
    id: "postgres.for-update", aliases: ["db-pessimistic"], summary: "SELECT ... FOR UPDATE, UPDATE, COMMIT",
    documentation: documentation, needs: ["postgres"], store: "postgres", options: [.pipeline], scope: .network,
    threading: .perConnection, returnsValues: true, roundTripsUnderLock: 2,
    lists: ListTransactions(.serializable))

  static var select: Statement { Statement("lock", "SELECT value FROM records WHERE id = $1 FOR UPDATE") }

  static func isPipelined(_ options: Options) -> Bool { options.flag("pipeline") }
}
