internal import Model
internal import Runtime

/// `postgres.advisory-lock`: a lock on a number that stands for the record, then an unprotected read and write.
struct AdvisoryLockStrategy: Strategy, ~Copyable {
  static let documentation = Documentation(
    introduction: "a lock on a number that stands for the record, then an unprotected read and write.",
    algorithm: """
      `scope: transaction`: READ COMMITTED transaction: `BEGIN`; per record, in the order of the steps, `SELECT
      pg_advisory_xact_lock($1)`; read; decide; write; `COMMIT`, which gives the locks back. With `scope: session`: per
      record `SELECT pg_advisory_lock($1)`; read and write as transactions of their own; per record, in reverse, `SELECT
      pg_advisory_unlock($1)`. All on one connection. Read and write are one statement each: `SELECT value ...`, `UPDATE
      records SET value = $2 WHERE id = $1`. Operations that only read take shared locks (`..._lock_shared`), unless
      `shared: false`. With `try: true` the functions are `pg_try_advisory_...`: a lock that is not free fails the
      attempt, and the retry policy decides when to try again. The number is a 64-bit FNV-1a hash of namespace and
      record. Over another store the lock has a connection of its own, and read and write go to that store.

      In an election the leader holds the lock by a session of its own for its whole term, whatever `scope` says, and
      sends `SELECT 1` there before every effect: as long as the session answers, the lock is ours. Candidates wait in
      the server's queue, which costs no request, or ask again with `try: true`.
      """,
    guarantees: "mutual exclusion among all who take the lock, wherever they run.",
    doesNotGuarantee: """
      anything against those who do not take it; freedom from deadlocks when locks are taken in different orders (the
      server ends one with 40P01); a bound on the wait beyond `timeout` per lock.
      """,
    failureWindow: """
      none over this database. Over another store the server frees the lock when the session is lost, while the client
      may still be writing; there is no fencing. With `scope: session` the server may grant a lock in the moment in
      which it reports a timeout; it is given back and counted (`phantomAcquisitions`). Behind a pooler that hands a
      server session to another client per transaction, `scope: session` does not work: see
      `postgres.pooled-advisory-lock`.
      """,
    roundTrips: "3 (`SELECT`, `UPDATE`, and `COMMIT` or unlock).",
    source: "PostgreSQL manual, section 13.3.5.")

  static let descriptor = descriptor(over: "postgres")

  /// The lock around a store: to read, to write, and to give the lock back takes a round trip each; memory needs none.
  static func descriptor(over store: String) -> StrategyDescriptor {
    StrategyDescriptor(
      id: "postgres.advisory-lock", aliases: ["advisory-lock"], summary: "advisory lock around read and write",
      documentation: documentation, needs: ["postgres"], store: store, stores: [store],
      options: AdvisoryLocking.options(scope: .transaction), scope: .network, threading: .perConnection,
      returnsValues: true, roundTripsUnderLock: store == "memory" ? 1 : 3)
  }

  private var session: Session
  private let locking: AdvisoryLocking

  struct Configuration: Sendable {
    let plan: SessionPlan
    let locking: AdvisoryLocking
  }

  static func configure(_ environment: StrategyEnvironment) throws(SetupFailure) -> Configuration {
    let locking = AdvisoryLocking(environment)
    let plan = try SessionPlan(
      environment, locking.statements + PostgresRecords.statements,
      lockTimeout: environment.options.duration("timeout"))
    return Configuration(plan: plan, locking: locking)
  }

  static func open(
    _ configuration: Configuration, _ worker: WorkerContext
  ) async throws(SetupFailure) -> AdvisoryLockStrategy {
    AdvisoryLockStrategy(session: try await Session(configuration.plan, worker), locking: configuration.locking)
  }

  mutating func reopen() async throws(SetupFailure) { try await session.reopen() }
  consuming func close() async {}

  mutating func perform(_ attempt: inout Attempt) async throws(AttemptFailure) -> AttemptResult {
    do throws(AttemptFailure) {
      switch locking.scope {
      case .transaction: return try await performInTransaction(&attempt)
      case .session: return try await performInSession(&attempt)
      }
    } catch {
      throw await session.connection.abandon(error, attempt)
    }
  }

  private mutating func performInTransaction(_ attempt: inout Attempt) async throws(AttemptFailure) -> AttemptResult {
    let operation = attempt.operation
    try await session.connection.run(.begin)
    for index in 0..<operation.count {
      try await locking.acquire(operation[index].key, shared: operation.isReadOnly, &session.connection, attempt)
    }
    let decision = try await readAndDecide(&attempt)
    if decision == .write { try await session.connection.writeTogether(attempt, decides: false) }
    attempt.leave()
    if decision == .refuse {
      await session.connection.rollBack()
      return .refused
    }
    try await session.connection.commit(decides: decision == .write)
    return .committed
  }

  private mutating func performInSession(_ attempt: inout Attempt) async throws(AttemptFailure) -> AttemptResult {
    let operation = attempt.operation
    var held = 0
    var result = AttemptResult.committed
    do throws(AttemptFailure) {
      while held < operation.count {
        try await locking.acquire(operation[held].key, shared: operation.isReadOnly, &session.connection, attempt)
        held &+= 1
      }
      let decision = try await readAndDecide(&attempt)
      if decision == .write { try await session.connection.writeTogether(attempt, decides: true) }
      if decision == .refuse { result = .refused }
      attempt.leave()
    } catch {
      // The text of an unexpected error must not be replaced by the answer to an unlock.
      let failure = await session.connection.abandon(error, attempt)
      await release(held, attempt)
      throw failure
    }
    await release(held, attempt)
    return result
  }

  private mutating func readAndDecide(_ attempt: inout Attempt) async throws(AttemptFailure) -> Decision {
    attempt.enter()
    try await session.connection.readTogether(attempt)
    await attempt.hold()
    return attempt.decide()
  }

  /// Gives back the locks of the first steps, last first. What was written stays written whatever becomes of them; a
  /// connection that is lost frees them itself and shows with the next statement.
  private mutating func release(_ held: Int, _ attempt: Attempt) async {
    var index = held
    while index > 0 && !session.connection.isLost {
      index &-= 1
      let record = attempt.operation[index].key
      let wasHeld = try? await locking.release(record, shared: attempt.operation.isReadOnly, &session.connection)
      if wasHeld == false { attempt.count(.expiredHolds) }
    }
  }
}
