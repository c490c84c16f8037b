internal import Model
internal import Runtime

/// `postgres.pooled-advisory-lock`: an advisory lock taken through PgBouncer in transaction mode.
struct PooledAdvisoryLockStrategy: Strategy, ~Copyable {
  static let documentation = Documentation(
    introduction: "an advisory lock taken through PgBouncer in transaction mode. A trap.",
    algorithm: """
      as `postgres.advisory-lock`, but every statement goes through a pooler that hands the connection to another client
      when a transaction ends. With `scope: session` (the default here) `SELECT pg_advisory_lock($1)` is a transaction
      of its own: the lock stays with a connection that somebody else has by now. Who gets that connection next takes
      the lock a second time, because it holds it already; who unlocks on another connection frees nothing. With `scope:
      transaction` lock, read, write and `COMMIT` stay on one connection, and all is well: `BEGIN ISOLATION LEVEL READ
      COMMITTED READ WRITE` states what a session cannot set here. Statements of their own (`scope: session`, operations
      that only read) have no place for it: they run as the role or the database has it as default. Nothing is prepared
      and nothing is `SET`: both would stay behind in the same way. The managed pooler gives its connections a
      `lock_timeout` of one second, so that nobody waits for ever for a lock that was left behind, and closes them after
      a second without use, which frees it.
      """,
    guarantees: "with `scope: transaction` those of `postgres.advisory-lock`; with `scope: session` none.",
    doesNotGuarantee: "mutual exclusion, with `scope: session`; that a lock is ever given back.",
    failureWindow: "the whole time between lock and unlock, which `expiredHolds` counts: unlocks that found nothing.",
    roundTrips: "3 (`SELECT`, `UPDATE`, and `COMMIT` or unlock), each through the pooler.",
    source: """
      PgBouncer manual, "Features", table of session-based features by pooling mode; PostgreSQL manual, section 13.3.5.
      """)

  static let descriptor = StrategyDescriptor(
    id: "postgres.pooled-advisory-lock", summary: "advisory lock through PgBouncer in transaction mode (trap)",
    documentation: documentation, needs: ["postgres", "pgbouncer"], store: "postgres",
    // A limit for the wait would be set on a connection that the next statement does not use.
    options: AdvisoryLocking.options(scope: .session).filter { $0.name != "timeout" },
    scope: .network, threading: .perConnection, grade: .required, returnsValues: true, roundTripsUnderLock: 3)

  private var lock: AdvisoryLockStrategy

  static func configure(_ environment: StrategyEnvironment) throws(SetupFailure) -> AdvisoryLockStrategy.Configuration {
    let locking = AdvisoryLocking(environment)
    let plan = try SessionPlan(pooled: environment, locking.statements + PostgresRecords.statements)
    return AdvisoryLockStrategy.Configuration(plan: plan, locking: locking)
  }

  static func open(
    _ configuration: AdvisoryLockStrategy.Configuration, _ worker: WorkerContext
  ) async throws(SetupFailure) -> PooledAdvisoryLockStrategy {
    PooledAdvisoryLockStrategy(lock: try await AdvisoryLockStrategy.open(configuration, worker))
  }

  mutating func reopen() async throws(SetupFailure) { try await lock.reopen() }
  consuming func close() async {}

  mutating func perform(_ attempt: inout Attempt) async throws(AttemptFailure) -> AttemptResult {
    try await lock.perform(&attempt)
  }
}
