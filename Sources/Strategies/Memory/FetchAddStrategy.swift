public import Model
public import Runtime
internal import Synchronization

/// `memory.fetch-add`: one atomic addition, `lock xadd` on x86-64.
public struct FetchAddStrategy: BlockingStrategy, ~Copyable {
  static let documentation = Documentation(
    introduction: "one atomic addition, `lock xadd` on x86-64.",
    algorithm: "atomic read-modify-write of the value; never retries, and the hardware decides the order.",
    guarantees: "no lost update, also between processes that share the data. The fastest there is: the ceiling.",
    doesNotGuarantee: "a bound. A guarded decrement needs `memory.cas`.",
    failureWindow: "none; a worker that dies has added or not.",
    roundTrips: "0; nothing is held.",
    source: "ISO C11 7.17.7.5 `atomic_fetch_add`.")

  /// What it is.
  public static let descriptor = StrategyDescriptor(
    id: "memory.fetch-add", summary: "one atomic addition", documentation: documentation, store: "memory", scope: .host,
    threading: .perWorker, applicability: .unguardedAdd, returnsValues: true)
  private let records: Records

  /// All workers use the shared memory of the trial.
  public static func configure(_ environment: StrategyEnvironment) throws(SetupFailure) -> Records {
    environment.records
  }

  /// Nothing to connect to.
  public static func open(_ records: Records, _ worker: WorkerContext) throws(SetupFailure) -> FetchAddStrategy {
    FetchAddStrategy(records: records)
  }

  /// Adds; the new value is the old one plus the operand.
  @inline(__always) public mutating func perform(_ attempt: inout Attempt) throws(AttemptFailure) -> AttemptResult {
    let step = attempt.operation[0]
    attempt.holdThread()
    attempt.values[0] =
      records.value(step.key).pointee.wrappingAdd(step.operand, ordering: .acquiringAndReleasing).newValue
    return .committed
  }
}
