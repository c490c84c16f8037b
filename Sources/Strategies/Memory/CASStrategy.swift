public import Model
public import Runtime
internal import Synchronization

/// `memory.cas`: an optimistic loop around one compare-and-exchange, `lock cmpxchg` on x86-64.
///
/// Algorithm: load the value, decide, and store the new value only if the record still holds the loaded one. A failed
/// exchange is a conflict; the engine tries again as the retry policy says, at once with `backoff: none`.
/// Guarantees: no lost update and every guard kept, also between processes that share the data. Some worker always
/// makes progress (lock-free).
/// Does not guarantee: that each worker makes progress, or operations on several records. A value that changed and came
/// back is not noticed (ABA); the decision depends on nothing but that value, so it is still right.
/// Failure window: none; a worker that dies has stored everything or nothing.
/// Round trips under the lock: 0; nothing is held.
/// Source: ISO C11 7.17.7.4 `atomic_compare_exchange_weak`; Herlihy 1991, "Wait-Free Synchronization".
public struct CASStrategy: BlockingStrategy, ~Copyable {
  /// What it is.
  public static let descriptor = StrategyDescriptor(
    id: "memory.cas", aliases: ["cas"], summary: "load, decide, compare and exchange", store: "memory", scope: .host,
    threading: .perWorker, applicability: .singleKey)
  private let records: Records

  /// All workers use the shared memory of the trial.
  public static func configure(_ environment: StrategyEnvironment) throws(SetupFailure) -> Records {
    environment.records
  }

  /// Nothing to connect to.
  public static func open(_ records: Records, _ worker: WorkerContext) throws(SetupFailure) -> CASStrategy {
    CASStrategy(records: records)
  }

  /// Loads, decides and exchanges once.
  @inline(__always) public mutating func perform(_ attempt: inout Attempt) throws(AttemptFailure) -> AttemptResult {
    let operation = attempt.operation
    let step = operation[0]
    let value = records.value(step.key)
    let loaded = value.pointee.load(ordering: .acquiring)
    attempt.holdThread()
    // Decided step by step and not by `attempt.decide()`: the value stays in a register.
    guard let new = step.apply(to: loaded, token: operation.token) else { return .refused }
    attempt.values[0] = new
    if operation.isReadOnly { return .committed }
    let (exchanged, _) = value.pointee.weakCompareExchange(
      expected: loaded, desired: new, successOrdering: .acquiringAndReleasing, failureOrdering: .relaxed)
    guard exchanged else { throw .conflict }
    return .committed
  }
}
