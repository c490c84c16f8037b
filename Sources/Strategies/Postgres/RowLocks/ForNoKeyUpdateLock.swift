internal import Model
internal import Runtime

/// `postgres.for-no-key-update`: the row lock that an `UPDATE` of other columns than keys takes, taken before reading.
enum ForNoKeyUpdateLock: RowLock {
  static let documentation = Documentation(
    introduction: "the row lock that an `UPDATE` of other columns than keys takes, taken before reading.",
    algorithm: """
      as `postgres.for-update`, with `SELECT value FROM records WHERE id = $1 FOR NO KEY UPDATE`. It conflicts with
      itself and with every `UPDATE`, but not with the `FOR KEY SHARE` that a foreign key takes: rows that refer to the
      locked one can be inserted meanwhile. With `pipeline: true`, `BEGIN` and all `SELECT`s leave in one flush, all
      `UPDATE`s and `COMMIT` in another.
      """,
    guarantees: """
      no lost update; records of one operation change together; a `SELECT` that waited returns the newest value.
      """,
    doesNotGuarantee: """
      that the key stays, for which `FOR UPDATE` is; freedom from deadlocks when operations lock records in different
      orders (40P01 after `deadlock_timeout`).
      """,
    failureWindow: "none; as `postgres.for-update`.",
    roundTrips: "2 (`UPDATE`, `COMMIT`), plus one per further record; 1 with `pipeline: true`.",
    source: "PostgreSQL manual, section 13.3.2.")

  static let descriptor = StrategyDescriptor(
    id: "postgres.for-no-key-update", summary: "SELECT ... FOR NO KEY UPDATE, UPDATE, COMMIT",
    documentation: documentation, needs: ["postgres"], store: "postgres", options: [.pipeline], scope: .network,
    threading: .perConnection, returnsValues: true, roundTripsUnderLock: 2)

  static var select: Statement { Statement("lock", "SELECT value FROM records WHERE id = $1 FOR NO KEY UPDATE") }

  static func isPipelined(_ options: Options) -> Bool { options.flag("pipeline") }
}
