internal import Model
internal import Runtime

/// `postgres.table-lock`: lock the whole table, then read, decide and write.
struct TableLockStrategy: Strategy, ~Copyable {
  static let documentation = Documentation(
    introduction: "lock the whole table, then read, decide and write.",
    algorithm: """
      READ COMMITTED transaction: `BEGIN`; `LOCK TABLE records IN ... MODE`, the mode from the option `mode`; `SELECT
      value FROM records WHERE id = $1` (one statement for several records); per changed record `UPDATE records SET
      value = $2 WHERE id = $1`; `COMMIT`. A refused operation ends with `ROLLBACK`. Operations that only read take one
      `SELECT`, which waits with `mode: access-exclusive` only.
      """,
    guarantees: """
      one writer at a time, whatever it reads and writes: no lost update and no write skew, no deadlock among those who
      lock the table first. Waiters are served first come, first served.
      """,
    doesNotGuarantee: """
      that operations on different records run side by side: all wait for all. With `access-exclusive`, also readers do,
      and those who come later wait behind a waiting writer.
      """,
    failureWindow: "none. The server releases the lock when the session ends.",
    roundTrips: "3 (`SELECT`, `UPDATE`, `COMMIT`), plus one per further record.",
    source: "PostgreSQL manual, section 13.3.1 and `LOCK`.")

  static let descriptor = StrategyDescriptor(
    id: "postgres.table-lock", summary: "LOCK TABLE, SELECT, UPDATE, COMMIT", documentation: documentation,
    needs: ["postgres"], store: "postgres",
    options: [
      OptionSpecification(
        "mode", .word(Mode.allCases.map(\.rawValue)), default: .word(Mode.exclusive.rawValue),
        "Mode of the lock. All exclude writers; access-exclusive also excludes plain reads.")
    ], scope: .network, threading: .perConnection, returnsValues: true, roundTripsUnderLock: 3)
  private var session: Session
  private let lock: Statement

  private enum Mode: String, CaseIterable {
    case shareRowExclusive = "share-row-exclusive"
    case exclusive
    case accessExclusive = "access-exclusive"

    var lock: Statement {
      switch self {
      case .shareRowExclusive: Statement("lock", "LOCK TABLE records IN SHARE ROW EXCLUSIVE MODE")
      case .exclusive: Statement("lock", "LOCK TABLE records IN EXCLUSIVE MODE")
      case .accessExclusive: Statement("lock", "LOCK TABLE records IN ACCESS EXCLUSIVE MODE")
      }
    }
  }

  struct Configuration: Sendable {
    let plan: SessionPlan
    let lock: Statement
  }

  static func configure(_ environment: StrategyEnvironment) throws(SetupFailure) -> Configuration {
    let lock = (Mode(rawValue: environment.options.word("mode")) ?? .exclusive).lock
    let plan = try SessionPlan(environment, [.begin, lock, .read, .readMany, .write, .commit, .rollback])
    return Configuration(plan: plan, lock: lock)
  }

  static func open(
    _ configuration: Configuration, _ worker: WorkerContext
  ) async throws(SetupFailure) -> TableLockStrategy {
    TableLockStrategy(session: try await Session(configuration.plan, worker), lock: configuration.lock)
  }

  mutating func reopen() async throws(SetupFailure) { try await session.reopen() }
  consuming func close() async {}

  mutating func perform(_ attempt: inout Attempt) async throws(AttemptFailure) -> AttemptResult {
    do throws(AttemptFailure) {
      if attempt.operation.isReadOnly {
        try await session.connection.readTogether(attempt)
        return .committed
      }
      try await session.connection.run(.begin)
      try await session.connection.run(lock)
      attempt.enter()
      try await session.connection.readTogether(attempt)
      await attempt.hold()
      let decision = attempt.decide()
      if decision == .write { try await session.connection.writeInTransaction(attempt) }
      attempt.leave()
      if decision == .refuse {
        await session.connection.rollBack()
        return .refused
      }
      try await session.connection.commit()
      return .committed
    } catch {
      throw await session.connection.abandon(error, attempt)
    }
  }
}
