internal import Model
internal import Runtime

/// `postgres.lock-row`: a lock row with status, owner and expiry, and a fencing token that the records check.
struct LockRowStrategy: Strategy, ~Copyable {
  static let documentation = Documentation(
    introduction: "a lock row with status, owner and expiry, and a fencing token that the records check.",
    algorithm: """
      per record, in the order of the steps, one statement that takes a row which is new, free or expired by the
      server's clock, `clock_timestamp()` and not the start of the transaction, because it may wait for the row:

          INSERT INTO lock_rows AS held VALUES ($1, 'held', $2, clock_timestamp() + ttl, 1)
          ON CONFLICT (name) DO UPDATE SET status = 'held', owner = $2, until = clock_timestamp() + ttl,
            fence = held.fence + 1
          WHERE held.status = 'free' OR held.until <= clock_timestamp() RETURNING fence

      No row came back: sleep for `poll` times 0.5 to 1.5 and try again, until `timeout`. Then read and mark, `UPDATE
      records SET version = $2 WHERE id = $1 AND version < $2 RETURNING value`; decide; write, `UPDATE records SET value
      = $2 WHERE id = $1 AND version = $3`, several records in one transaction; per record, in reverse, `UPDATE
      lock_rows SET status = 'free' WHERE name = $1 AND owner = $2 AND fence = $3`. The token is marked when reading and
      not only when writing: else a holder that is late could write between the next one's read and write. With `fence:
      false` read and write are plain statements. The clean-up job, run by the first worker every `clean-up`, frees
      expired rows: `UPDATE lock_rows SET status = 'free' WHERE status = 'held' AND until <= clock_timestamp()`. It
      never deletes one: the next token would start at 1 again, below the one that the record has seen. Operations that
      only read take one `SELECT`.
      """,
    guarantees: """
      one holder at a time as long as nobody holds longer than `ttl`; with `fence: true` no lost update even then: the
      write of a holder whose lock has gone to another fails (`lease-lost`) and is tried again.
      """,
    doesNotGuarantee: """
      with `fence: false` anything beyond `ttl`. Order among those who wait; a bound on an operation that takes longer
      than `ttl` and is overtaken each time.
      """,
    failureWindow: """
      none with `fence: true`; without it from the expiry until the holder notices. A holder that dies blocks others for
      `ttl`.
      """,
    roundTrips: "3 (read, write, release), for several records more.",
    source: """
      the expiry of Spring Integration's `DefaultLockRepository`, with the fencing token of Kleppmann 2016, "How to do
      distributed locking".
      """)

  static let descriptor = StrategyDescriptor(
    id: "postgres.lock-row", summary: "lock row with status, expiry and fencing token", documentation: documentation,
    needs: ["postgres"], store: "postgres",
    options: [
      OptionSpecification(
        "ttl", .duration(.milliseconds(1) ... .seconds(3600)), default: .duration(.seconds(10)),
        "How long the lock lasts if nobody releases it; whole milliseconds."),
      OptionSpecification(
        "fence", .flag, default: .flag(true), "Whether records refuse the writes of a holder that was overtaken."),
      OptionSpecification(
        "clean-up", .duration(.milliseconds(1) ... .seconds(3600)), default: .duration(.seconds(10)),
        "How often the clean-up job frees expired rows."),
    ] + Waiting.options(), scope: .network, threading: .perConnection, returnsValues: true, roundTripsUnderLock: 3)

  private static var mark: Statement {
    Statement(
      "mark", "UPDATE records SET version = $2 WHERE id = $1 AND version < $2 RETURNING value")
  }
  private static var writeFenced: Statement {
    Statement("write-fenced", "UPDATE records SET value = $2 WHERE id = $1 AND version = $3")
  }

  struct Configuration: Sendable {
    let plan: SessionPlan
    let rows: LockRow.Configuration
    let isFenced: Bool
    let cleanUpInterval: Int64
  }

  private var session: Session
  private var rows: LockRow
  private let configuration: Configuration
  /// When this worker runs the clean-up job next; never, unless it is the first.
  private var nextCleanUp: Int64

  static func configure(_ environment: StrategyEnvironment) throws(SetupFailure) -> Configuration {
    let rows = LockRow.configure(environment)
    let own = [.begin, mark, writeFenced, .commit, .rollback]
    return Configuration(
      plan: try SessionPlan(environment, LockRow.statements(rows) + own + PostgresRecords.statements), rows: rows,
      isFenced: environment.options.flag("fence"),
      cleanUpInterval: environment.options.duration("clean-up").nanoseconds)
  }

  static func open(
    _ configuration: Configuration, _ worker: WorkerContext
  ) async throws(SetupFailure) -> LockRowStrategy {
    LockRowStrategy(
      session: try await Session(configuration.plan, worker), rows: LockRow(configuration.rows, worker),
      configuration: configuration,
      nextCleanUp: worker.index == 0 ? monotonicNow() &+ configuration.cleanUpInterval : .max)
  }

  private init(session: consuming Session, rows: LockRow, configuration: Configuration, nextCleanUp: Int64) {
    self.session = session
    self.rows = rows
    self.configuration = configuration
    self.nextCleanUp = nextCleanUp
  }

  mutating func reopen() async throws(SetupFailure) {
    try await session.reopen()
    do throws(AttemptFailure) {
      try await rows.forget(&session.connection)
    } catch {
      throw SetupFailure("PostgreSQL did not take back the locks of a lost session: \(session.connection.lastError)")
    }
  }

  consuming func close() async {}

  mutating func perform(_ attempt: inout Attempt) async throws(AttemptFailure) -> AttemptResult {
    let operation = attempt.operation
    var held = 0
    do throws(AttemptFailure) {
      try await cleanUpIfDue()
      if operation.isReadOnly {
        try await session.connection.readTogether(attempt)
        return .committed
      }
      while held < operation.count {
        try await rows.take(operation[held].key, configuration.rows.waiting, &session.connection, &attempt)
        held &+= 1
      }
      let result = try await performHolding(&attempt)
      await release(held, attempt)
      return result
    } catch {
      // The text of an unexpected error must not be replaced by the answer to a release.
      let failure = await session.connection.abandon(error, attempt)
      await release(held, attempt)
      throw failure
    }
  }

  private mutating func performHolding(_ attempt: inout Attempt) async throws(AttemptFailure) -> AttemptResult {
    attempt.enter()
    // Also when it fails: who was overtaken believed to be alone until then.
    defer { attempt.leave() }
    try await read(attempt)
    await attempt.hold()
    guard attempt.decide() == .write else { return .refused }
    if configuration.isFenced {
      try await writeFenced(attempt)
    } else {
      try await session.connection.writeTogether(attempt, decides: true)
    }
    return .committed
  }

  private mutating func read(_ attempt: Attempt) async throws(AttemptFailure) {
    guard configuration.isFenced else { return try await session.connection.readTogether(attempt) }
    for index in 0..<attempt.operation.count {
      let record = attempt.operation[index].key
      session.connection.parameters.set(0, int4: record)
      session.connection.parameters.set(1, int8: rows.token(record))
      try await session.connection.run(Self.mark, parameters: 2)
      guard session.connection.reply.rows == 1 else { throw .leaseLost }
      attempt.values[index] = session.connection.reply[0, 0]
    }
  }

  private mutating func writeFenced(_ attempt: Attempt) async throws(AttemptFailure) {
    let operation = attempt.operation
    if operation.count > 1 { try await session.connection.run(.begin) }
    for index in 0..<operation.count where operation[index].writes {
      session.connection.setWrite(index, attempt)
      session.connection.parameters.set(2, int8: rows.token(operation[index].key))
      try await session.connection.run(Self.writeFenced, parameters: 3, decides: operation.count == 1)
      guard session.connection.reply.affected == 1 else { throw .leaseLost }
    }
    if operation.count > 1 { try await session.connection.commit() }
  }

  /// Gives back the locks of the first steps, last first. What was written stays written whatever becomes of them; a
  /// connection that is lost shows with the next statement, and reopening it gives them back.
  private mutating func release(_ held: Int, _ attempt: Attempt) async {
    var index = held
    while index > 0 {
      index &-= 1
      let wasHeld = try? await rows.giveBack(attempt.operation[index].key, &session.connection)
      if wasHeld == false { attempt.count(.expiredHolds) }
    }
  }

  private mutating func cleanUpIfDue() async throws(AttemptFailure) {
    guard nextCleanUp < .max, monotonicNow() >= nextCleanUp else { return }
    nextCleanUp = monotonicNow() &+ configuration.cleanUpInterval
    try await rows.cleanUp(&session.connection)
  }
}
