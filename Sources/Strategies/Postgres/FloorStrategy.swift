internal import Model
internal import Runtime

/// `floor.postgres-select`: what any statement on PostgreSQL costs at least.
///
/// Algorithm: one prepared `SELECT value FROM records WHERE id = $1` of the operation's first record, whatever the
/// operation asks for.
/// Guarantees: nothing, and changes nothing: a measure for the others, and for comparisons with `pgbench`.
/// Round trips under the lock: 0; nothing is held.
/// Source: PostgreSQL manual, "Extended Query".
struct FloorStrategy: Strategy, ~Copyable {
  static let descriptor = StrategyDescriptor(
    id: "floor.postgres-select", summary: "SELECT of one record: the floor of every statement", needs: ["postgres"],
    store: "postgres", scope: .network, threading: .perConnection, grade: .interesting)
  private var session: Session

  static func configure(_ environment: StrategyEnvironment) throws(SetupFailure) -> SessionPlan {
    try SessionPlan(environment, [.read])
  }

  static func open(_ plan: SessionPlan, _ worker: WorkerContext) async throws(SetupFailure) -> FloorStrategy {
    FloorStrategy(session: try await Session(plan, worker))
  }

  mutating func reopen() async throws(SetupFailure) { try await session.reopen() }
  consuming func close() async {}

  mutating func perform(_ attempt: inout Attempt) async throws(AttemptFailure) -> AttemptResult {
    do throws(AttemptFailure) {
      session.connection.parameters.set(0, int4: attempt.operation[0].key)
      try await session.connection.run(.read, parameters: 1)
      return .committed
    } catch {
      throw await session.connection.abandon(error, attempt)
    }
  }
}
