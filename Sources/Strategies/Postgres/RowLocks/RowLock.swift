internal import Model
internal import Runtime

/// A way to lock rows with the `SELECT` that reads them: all that tells these strategies apart.
protocol RowLock: SendableMetatype {
  /// What the strategy is.
  static var descriptor: StrategyDescriptor { get }
  /// Locks and reads the record `$1`; one column, the value.
  static var select: Statement { get }
  /// Whether nobody else can hold the lock at the same time.
  static var isExclusive: Bool { get }
  /// How long one `SELECT` may wait; nil when the transaction sets no limit.
  static func waitLimit(_ options: Options) -> Duration?
  /// Whether statements that do not depend on each other's results are sent together.
  static func isPipelined(_ options: Options) -> Bool
}

extension RowLock {
  static var isExclusive: Bool { true }
  static func waitLimit(_ options: Options) -> Duration? { nil }
  static func isPipelined(_ options: Options) -> Bool { false }
}

extension OptionSpecification {
  /// Fewer round trips for a lock that waits.
  static let pipeline = OptionSpecification(
    "pipeline", .flag, default: .flag(false),
    "Send BEGIN with the SELECTs, and the UPDATEs with COMMIT: two round trips instead of four.")
}

/// A READ COMMITTED transaction: `BEGIN`, a locking `SELECT` per record, a decision, an `UPDATE` per changed record,
/// `COMMIT`; a refused operation ends with `ROLLBACK`. Operations that only read lock nothing: one `SELECT` sees one
/// snapshot.
struct RowLocked<Lock: RowLock>: Strategy, ~Copyable {
  private var session: Session
  /// Milliseconds; 0 when the transaction sets no limit.
  private let waitLimit: Int64

  struct Configuration: Sendable {
    let plan: SessionPlan
    let waitLimit: Int64
  }

  /// As `SET LOCAL lock_timeout`, which takes no parameters.
  private static var setLimit: Statement {
    Statement("set-limit", "SELECT set_config('lock_timeout', ($1::int8)::text, true)")
  }

  static func configure(_ environment: StrategyEnvironment) throws(SetupFailure) -> Configuration {
    let limit = Lock.waitLimit(environment.options)
    let statements =
      [.begin, Lock.select, .write, .commit, .rollback, .read, .readMany] + (limit == nil ? [] : [setLimit])
    return Configuration(
      plan: try SessionPlan(environment, statements, isPipelined: Lock.isPipelined(environment.options)),
      waitLimit: limit.map { max(1, $0.nanoseconds / 1_000_000) } ?? 0)
  }

  static func open(
    _ configuration: Configuration, _ worker: WorkerContext
  ) async throws(SetupFailure) -> RowLocked<Lock> {
    RowLocked(session: try await Session(configuration.plan, worker), waitLimit: configuration.waitLimit)
  }

  mutating func reopen() async throws(SetupFailure) { try await session.reopen() }
  consuming func close() async {}

  mutating func perform(_ attempt: inout Attempt) async throws(AttemptFailure) -> AttemptResult {
    do throws(AttemptFailure) {
      if attempt.operation.isReadOnly {
        try await session.connection.readTogether(attempt)
        return .committed
      }
      if session.connection.isPipelined {
        try await lockTogether(attempt)
      } else {
        try await lockOneByOne(attempt)
      }
      if Lock.isExclusive { attempt.enter() }
      await attempt.hold()
      guard attempt.decide() == .write else {
        if Lock.isExclusive { attempt.leave() }
        await session.connection.rollBack()
        return .refused
      }
      if session.connection.isPipelined {
        try await writeAndCommitTogether(&attempt)
      } else {
        try await session.connection.writeInTransaction(attempt)
        if Lock.isExclusive { attempt.leave() }
        try await session.connection.commit()
      }
      return .committed
    } catch {
      throw await session.connection.abandon(error, attempt)
    }
  }

  private mutating func lockOneByOne(_ attempt: Attempt) async throws(AttemptFailure) {
    try await session.connection.run(.begin)
    if waitLimit > 0 {
      session.connection.parameters.set(0, int8: waitLimit)
      try await session.connection.run(Self.setLimit, parameters: 1)
    }
    for index in 0..<attempt.operation.count {
      session.connection.parameters.set(0, int4: attempt.operation[index].key)
      try await session.connection.run(Lock.select, parameters: 1)
      try session.connection.requireRecords(session.connection.reply.rows, of: 1)
      attempt.values[index] = session.connection.reply[0, 0]
    }
  }

  /// `BEGIN` and every locking `SELECT` in one flush: the server works through them in this order.
  private mutating func lockTogether(_ attempt: Attempt) async throws(AttemptFailure) {
    let count = attempt.operation.count
    try session.connection.send(.begin)
    for index in 0..<count {
      session.connection.parameters.set(0, int4: attempt.operation[index].key)
      try session.connection.send(Lock.select, parameters: 1)
    }
    try await session.connection.complete()
    try session.connection.requireRecords(session.connection.reply.rows, of: count)
    for index in 0..<count { attempt.values[index] = session.connection.reply[index, 0] }
  }

  /// Every `UPDATE` and `COMMIT` in one flush; the rows are locked, so no `UPDATE` can fail for the sake of others.
  private mutating func writeAndCommitTogether(_ attempt: inout Attempt) async throws(AttemptFailure) {
    for index in 0..<attempt.operation.count where attempt.operation[index].writes {
      session.connection.setWrite(index, attempt)
      try session.connection.send(.write, parameters: 2)
    }
    try session.connection.send(.commit)
    attempt.leave()
    try await session.connection.complete(decides: true)
    try session.connection.checkCommit()
  }
}
