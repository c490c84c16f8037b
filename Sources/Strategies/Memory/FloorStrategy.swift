internal import Model
internal import Runtime

/// `floor.memory`: an operation that does nothing.
///
/// Algorithm: none; every operation counts as committed.
/// Guarantees: nothing, and changes nothing: what is left is the operation loop itself.
/// Round trips under the lock: 0; nothing is held.
struct FloorStrategy: BlockingStrategy, ~Copyable {
  static let descriptor = StrategyDescriptor(
    id: "floor.memory", summary: "no operation: the floor of the harness itself", store: "memory", scope: .host,
    threading: .perWorker, grade: .interesting)

  static func configure(_ environment: StrategyEnvironment) throws(SetupFailure) {}

  static func open(_: Void, _ worker: WorkerContext) throws(SetupFailure) -> FloorStrategy { FloorStrategy() }

  mutating func perform(_ attempt: inout Attempt) throws(AttemptFailure) -> AttemptResult { .committed }
}
