internal import Model
internal import Runtime

/// `postgres.lock-timeout`: lock the rows, and wait for each no longer than a limit.
enum LimitedWaitLock: RowLock {
  static let documentation = Documentation(
    introduction: "lock the rows, and wait for each no longer than a limit.",
    algorithm: """
      as `postgres.for-update`, with `SET LOCAL lock_timeout` after `BEGIN` (as `SELECT set_config('lock_timeout', $1,
      true)`, which takes a parameter): the setting ends with the transaction, so that it does not follow the connection
      to another user of a pool. A wait beyond `timeout` ends with 55P03: `ROLLBACK`, counted as a lock timeout, and the
      retry policy decides when to try again.
      """,
    guarantees: "no lost update; records of one operation change together; a bound on each single wait.",
    doesNotGuarantee: """
      a bound on the operation, which may wait for each of its records and try again. On a hot row it bounds little:
      every commit makes a new version of the row, for which all who wait queue anew, and the limit begins again. One
      longer than a single hold never fires (16 workers, 20 ms of hold, a limit of 50 ms: the longest operation took 1.3
      s, as without a limit; 0.33 s with 10 ms). Nor freedom from deadlocks, which end after `timeout` or
      `deadlock_timeout`, whichever is shorter. Who timed out lost its place in the queue.
      """,
    failureWindow: "none; as `postgres.for-update`.",
    roundTrips: "2 (`UPDATE`, `COMMIT`), plus one per further record.",
    source: "PostgreSQL manual, section 20.11.1 `lock_timeout`.")

  static let descriptor = StrategyDescriptor(
    id: "postgres.lock-timeout", summary: "SET LOCAL lock_timeout, SELECT ... FOR UPDATE, UPDATE, COMMIT",
    documentation: documentation, needs: ["postgres"], store: "postgres",
    options: [
      OptionSpecification(
        "timeout", .duration(.milliseconds(1) ... .seconds(3600)), default: .duration(.milliseconds(250)),
        "How long to wait for one row; whole milliseconds.")
    ], scope: .network, threading: .perConnection, returnsValues: true, roundTripsUnderLock: 2)

  static var select: Statement { ForUpdateLock.select }

  static func waitLimit(_ options: Options) -> Duration? { options.duration("timeout") }
}
