internal import Model
internal import Runtime

/// `floor.memory`: an operation that does nothing.
struct FloorStrategy: BlockingStrategy, ~Copyable {
  static let documentation = Documentation(
    floor: "an operation that does nothing.",
    algorithm: "none; every operation counts as committed.",
    guarantees: "nothing, and changes nothing: what is left is the operation loop itself.",
    roundTrips: "0; nothing is held.")

  static let descriptor = StrategyDescriptor(
    id: "floor.memory", summary: "no operation: the floor of the harness itself", documentation: documentation,
    store: "memory", scope: .host, threading: .perWorker, grade: .interesting)

  static func configure(_ environment: StrategyEnvironment) throws(SetupFailure) {}

  static func open(_: Void, _ worker: WorkerContext) throws(SetupFailure) -> FloorStrategy { FloorStrategy() }

  mutating func perform(_ attempt: inout Attempt) throws(AttemptFailure) -> AttemptResult { .committed }
}
