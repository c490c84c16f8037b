internal import Model
internal import Runtime

/// `floor.postgres-select`: what any statement on PostgreSQL costs at least.
struct FloorStrategy: Strategy, ~Copyable {
  static let documentation = Documentation(
    floor: "what any statement on PostgreSQL costs at least.",
    algorithm: """
      one prepared `SELECT value FROM records WHERE id = $1` of the operation's first record, whatever the operation
      asks for.
      """,
    guarantees: "nothing, and changes nothing: a measure for the others, and for comparisons with `pgbench`.",
    roundTrips: "0; nothing is held.",
    source: #"PostgreSQL manual, "Extended Query"."#)

  static let descriptor = StrategyDescriptor(
    id: "floor.postgres-select", summary: "SELECT of one record: the floor of every statement",
    documentation: documentation, needs: ["postgres"], store: "postgres", scope: .network, threading: .perConnection,
    grade: .interesting)
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
