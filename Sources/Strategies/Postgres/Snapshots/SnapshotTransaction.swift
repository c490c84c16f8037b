internal import Model
internal import Runtime

/// An isolation level: what the server itself finds out of two transactions that do not go together.
protocol SnapshotLevel: SendableMetatype {
  /// What the strategy is.
  static var descriptor: StrategyDescriptor { get }
  static var isolation: Isolation { get }
  /// `BEGIN` at this level.
  static var begin: Statement { get }
}

/// Reads, decides and writes in one transaction over one snapshot, without locking what is read.
struct SnapshotTransaction<Level: SnapshotLevel>: Strategy, ~Copyable {
  private var session: Session

  static func configure(_ environment: StrategyEnvironment) throws(SetupFailure) -> SessionPlan {
    try SessionPlan(
      environment, [Level.begin, .read, .readMany, .write, .commit, .rollback], isolation: Level.isolation)
  }

  static func open(
    _ plan: SessionPlan, _ worker: WorkerContext
  ) async throws(SetupFailure) -> SnapshotTransaction<Level> {
    SnapshotTransaction(session: try await Session(plan, worker))
  }

  mutating func reopen() async throws(SetupFailure) { try await session.reopen() }
  consuming func close() async {}

  mutating func perform(_ attempt: inout Attempt) async throws(AttemptFailure) -> AttemptResult {
    do throws(AttemptFailure) {
      if attempt.operation.isReadOnly {
        try await session.connection.readTogether(attempt)
        return .committed
      }
      try await session.connection.run(Level.begin)
      try await session.connection.readTogether(attempt)
      await attempt.hold()
      guard attempt.decide() == .write else {
        try await session.connection.commit(decides: false)
        return .refused
      }
      try await session.connection.writeInTransaction(attempt)
      try await session.connection.commit()
      return .committed
    } catch {
      throw await session.connection.abandon(error, attempt)
    }
  }
}
