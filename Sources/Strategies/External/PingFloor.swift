internal import Model
internal import Runtime

/// `floor.external`: a request to a program that answers at once.
struct PingFloor: Strategy, ~Copyable {
  static let documentation = Documentation(
    floor: "a request to a program that answers at once: what every request to a program of yours costs at least.",
    algorithm: "`ping`, answered with `pong` by `contend adapter run floor`. The records are not touched.",
    guarantees: "nothing; acknowledged operations have no effect, and checkers say so.",
    roundTrips: "0; 1 over two pipes per operation.")

  static let descriptor = StrategyDescriptor(
    id: "floor.external", summary: "a ping to a program over two pipes: the floor of every external client",
    documentation: documentation, store: "memory", scope: .host, threading: .shared, grade: .interesting)

  private let session: AdapterSession

  static func configure(_ environment: StrategyEnvironment) throws(SetupFailure) -> AdapterPlan {
    try AdapterPlan(environment, role: .lock, settings: AdapterSettings(builtIn: "floor"))
  }

  static func open(_ plan: AdapterPlan, _ worker: WorkerContext) async throws(SetupFailure) -> PingFloor {
    PingFloor(session: try await AdapterSession(plan, worker))
  }

  mutating func perform(_ attempt: inout Attempt) async throws(AttemptFailure) -> AttemptResult {
    guard case .reply = await session.ask(.ping) else { throw .connectionLost }
    return .committed
  }

  mutating func reopen() async throws(SetupFailure) { try await session.reopen() }
  consuming func close() async { await session.close() }
}
