internal import Model
internal import Runtime

/// `postgres.for-share-upgrade`: a shared lock to read, upgraded to write.
enum ForShareUpgradeLock: RowLock {
  static let documentation = Documentation(
    introduction: "a shared lock to read, upgraded to write. A deliberate deadlock.",
    algorithm: """
      READ COMMITTED transaction: `BEGIN`; per record, in the order of the steps, `SELECT value FROM records WHERE id =
      $1 FOR SHARE`; decide; per changed record `UPDATE records SET value = $2 WHERE id = $1`, which waits for all
      others that share the row; `COMMIT`. Two that share a row and both want to write it wait for each other: after
      `deadlock_timeout` the server ends one with 40P01, and the retry policy decides when it starts again.
      """,
    guarantees: """
      no lost update: what was read cannot change before the transaction ends. Records of one operation change together.
      """,
    doesNotGuarantee: """
      throughput. On a hot row nearly every hand-over costs `deadlock_timeout` (1 s unless set otherwise); newcomers
      share the row past a waiting `UPDATE`, so a stream of them starves it.
      """,
    failureWindow: "none; as `postgres.for-update`.",
    roundTrips: "2 (`UPDATE`, `COMMIT`), plus one per further record.",
    source: """
      PostgreSQL manual, sections 13.3.2 and 13.3.4; the conversion deadlock of Gray and Reuter 1993, section 7.8.
      """)

  static let descriptor = StrategyDescriptor(
    id: "postgres.for-share-upgrade", summary: "SELECT ... FOR SHARE, then UPDATE: deadlocks on purpose",
    documentation: documentation, needs: ["postgres"], store: "postgres", scope: .network, threading: .perConnection,
    returnsValues: true, roundTripsUnderLock: 2)

  static var select: Statement { Statement("lock", "SELECT value FROM records WHERE id = $1 FOR SHARE") }

  static let isExclusive = false
}
