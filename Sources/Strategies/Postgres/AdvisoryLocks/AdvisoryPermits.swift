internal import Model
internal import Runtime

/// `postgres.advisory-semaphore`: one of a few advisory locks, on a connection of its own.
///
/// Between taking and giving back, the holder is at work and says so in a table: who is at work at the same time is counted
/// there, whatever the locks say.
struct AdvisoryPermits: LockClient, ~Copyable {
  static let documentation = Documentation(
    introduction: "at most `limit` at once, each with one of so many advisory locks.",
    algorithm: """
      for each of `limit` numbers, beginning with one that is drawn, `SELECT pg_try_advisory_lock($1)`, until one is free.
      When none is, sleep for `poll` times 0.5 to 1.5 and try again, until `timeout`. `SELECT pg_advisory_unlock($1)` gives
      the permit back.

      Whoever has a permit works for `workload.hold` and then changes its record as `postgres.atomic` does, so that nothing
      is lost when several work at once. Before that, and after it, it says so in a table, which tells how many work at the
      same time.
      """,
    guarantees: """
      at most `limit` at work, wherever they run, as long as sessions live. A permit whose holder has died is free as soon as
      the server notices the end of its session: no lease, no clock.
      """,
    doesNotGuarantee: """
      an order among those who wait; anything behind a pooler that hands a server session to another client per transaction.
      All must state the same limit.
      """,
    failureWindow: """
      from the loss of a session, which frees the permit, until its holder notices. A holder that hangs keeps its permit.
      """,
    roundTrips: """
      5: to the table twice, to the record, to the table and to give the permit back. Those who wait send `limit` statements
      for each try.
      """,
    source: "PostgreSQL manual, section 9.28.10.")

  static let descriptor = StrategyDescriptor(
    id: "postgres.advisory-semaphore", summary: "A few permits, each an advisory lock", documentation: documentation,
    needs: ["postgres"], store: "postgres",
    options: [
      OptionSpecification("limit", .integer(1...1000), default: .integer(3), "How many may work at once.")
    ] + Waiting.options(),
    scope: .network, threading: .perConnection, applicability: .unguardedAdd, returnsValues: true,
    roundTripsUnderLock: 5)

  private static var take: Statement { Statement("take", "SELECT pg_try_advisory_lock($1)") }
  private static var giveBack: Statement { Statement("give-back", "SELECT pg_advisory_unlock($1)") }

  private var session: Session
  private let keys: AdvisoryKeys
  private let limit: Int32
  private let waiting: Waiting
  private let worker: Int32
  /// Which of the permits is ours; nil for none.
  private var held: Int32?

  struct Configuration: Sendable {
    let plan: SessionPlan
    let keys: AdvisoryKeys
    let limit: Int32
    let waiting: Waiting
  }

  static func configure(_ environment: StrategyEnvironment) throws(SetupFailure) -> Configuration {
    Configuration(
      plan: try SessionPlan(environment, [take, giveBack] + PermitTables.statements),
      keys: AdvisoryKeys(namespace: environment.namespace + ":permits"),
      limit: Int32(environment.options.integer("limit")),
      waiting: Waiting(environment.options, pause: "poll", isJittered: true))
  }

  static func open(
    _ configuration: Configuration, _ worker: WorkerContext
  ) async throws(SetupFailure) -> AdvisoryPermits {
    AdvisoryPermits(session: try await Session(configuration.plan, worker), configuration, worker)
  }

  private init(session: consuming Session, _ configuration: Configuration, _ worker: WorkerContext) {
    self.session = session
    keys = configuration.keys
    limit = configuration.limit
    waiting = configuration.waiting
    self.worker = Int32(worker.index)
  }

  mutating func acquire(_ key: Int32, shared: Bool, _ attempt: inout Attempt) async throws(AttemptFailure) {
    var deadline: Int64?
    do throws(AttemptFailure) {
      while try await !takeAny(of: key, &attempt) {
        attempt.count(.polls)
        let now = monotonicNow()
        let end = deadline ?? now &+ waiting.timeout
        if now >= end { throw .notAcquired }
        deadline = end
        await attempt.sleep(nanoseconds: waiting.pause(&attempt.random))
      }
      try await PermitTables.enter(worker, key, &session.connection)
    } catch {
      let failure = await session.connection.abandon(error, attempt)
      if !failure.breaksSession { try? await release(key, shared: shared, &attempt) }
      throw failure
    }
  }

  private mutating func takeAny(of key: Int32, _ attempt: inout Attempt) async throws(AttemptFailure) -> Bool {
    let first = Int32(attempt.random.below(UInt64(limit)))
    for step in 0..<limit {
      let permit = (first &+ step) % limit
      session.connection.parameters.set(0, int8: number(of: permit, key))
      try await session.connection.run(Self.take, parameters: 1)
      if session.connection.reply[0, 0] == 1 {
        held = permit
        return true
      }
    }
    return false
  }

  private func number(of permit: Int32, _ key: Int32) -> Int64 { keys.lock(of: key &* 1000 &+ permit) }

  /// Is no longer at work, and gives the permit back.
  mutating func release(_ key: Int32, shared: Bool, _ attempt: inout Attempt) async throws(AttemptFailure) {
    guard let permit = held else { return }
    held = nil
    do throws(AttemptFailure) {
      try await PermitTables.leave(worker, &session.connection)
      session.connection.parameters.set(0, int8: number(of: permit, key))
      try await session.connection.run(Self.giveBack, parameters: 1)
      if session.connection.reply[0, 0] != 1 { attempt.count(.expiredHolds) }
    } catch {
      throw await session.connection.abandon(error, attempt)
    }
  }

  /// Connects again; no permit is held then.
  mutating func reopen() async throws(SetupFailure) {
    try await session.reopen()
    held = nil
  }

  consuming func close() async {}
}
