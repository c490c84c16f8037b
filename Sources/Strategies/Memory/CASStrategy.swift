internal import CLinux
public import Model
public import Runtime
internal import Synchronization

/// `memory.cas`: an optimistic loop around one compare-and-exchange, `lock cmpxchg` on x86-64.
public struct CASStrategy: BlockingStrategy, ~Copyable {
  static let documentation = Documentation(
    introduction: "an optimistic loop around one compare-and-exchange, `lock cmpxchg` on x86-64.",
    algorithm: """
      load the value, decide, and store the new value only if the record still holds the loaded one. A failed exchange
      is a conflict, and is tried again as the retry policy says: unless the scenario states one, at once, with the
      value that the exchange has found. With `backoff: true` the worker first pauses, spinning: 2, 4, 8 ... up to 1024
      pause hints, from the start again after a success, and loads anew.
      """,
    guarantees: """
      no lost update and every guard kept, also between processes that share the data. Some worker always makes progress
      (lock-free).
      """,
    doesNotGuarantee: """
      that each worker makes progress, or operations on several records. A value that changed and came back is not
      noticed (ABA); the decision depends on nothing but that value, so it is still right.
      """,
    failureWindow: "none; a worker that dies has stored everything or nothing.",
    roundTrips: "0; nothing is held.",
    source: """
      ISO C11 7.17.7.4 `atomic_compare_exchange_weak`; Herlihy 1991, "Wait-Free Synchronization"; the backoff of
      crossbeam.
      """)

  /// What it is.
  public static let descriptor = StrategyDescriptor(
    id: "memory.cas", aliases: ["cas"], summary: "load, decide, compare and exchange", documentation: documentation,
    store: "memory",
    options: [
      OptionSpecification(
        "backoff", .flag, default: .flag(false), "Pause longer and longer, spinning, after exchanges that failed.")
    ], scope: .host, threading: .perWorker, applicability: .singleKey, returnsValues: true)
  private let records: Records
  private let backsOff: Bool
  /// Exchanges that failed since the last one that did not, as far as they count.
  private var failures = 0
  /// 2 to the power of this is the most pause hints at a time.
  private static var longestBackoff: Int { 10 }

  /// What the workers of a process share.
  public struct Configuration: Sendable {
    let records: Records
    let backsOff: Bool
  }

  /// All workers use the shared memory of the trial.
  public static func configure(_ environment: StrategyEnvironment) throws(SetupFailure) -> Configuration {
    Configuration(records: environment.records, backsOff: environment.options.flag("backoff"))
  }

  /// Nothing to connect to.
  public static func open(_ configuration: Configuration, _ worker: WorkerContext) throws(SetupFailure) -> CASStrategy {
    CASStrategy(records: configuration.records, backsOff: configuration.backsOff)
  }

  init(records: Records, backsOff: Bool) {
    self.records = records
    self.backsOff = backsOff
  }

  /// Loads, decides and exchanges.
  @inline(__always) public mutating func perform(_ attempt: inout Attempt) throws(AttemptFailure) -> AttemptResult {
    let step = attempt.operation.steps
    let value = records.value(step.pointee.key)
    let loaded = value.pointee.load(ordering: .acquiring)
    attempt.holdThread()
    // Decided step by step and not by `attempt.decide()`: the value stays in a register.
    guard let new = step.pointee.apply(to: loaded, token: attempt.operation.token) else { return .refused }
    if _slowPath(step.pointee.effect == .read) {
      attempt.values[0] = new
      return .committed
    }
    let (exchanged, found) = value.pointee.weakCompareExchange(
      expected: loaded, desired: new, successOrdering: .acquiringAndReleasing, failureOrdering: .acquiring)
    guard exchanged else { return try exchangeAgain(&attempt, found) }
    // Not before: the exchange would wait for this store.
    attempt.values[0] = new
    if _slowPath(failures > 0) { failures = 0 }
    return .committed
  }

  /// Goes on at once after a conflict, as often as the policy allows. That is not left to the loop of the engine, because
  /// for a moment after an exchange that has failed this processor owns the line; and it is not part of the loop of those
  /// that succeed, because its variables would cost them stores, for which the exchange waits.
  @inline(never) private mutating func exchangeAgain(
    _ attempt: inout Attempt, _ found: Int64
  ) throws(AttemptFailure) -> AttemptResult {
    let step = attempt.operation.steps
    let value = records.value(step.pointee.key)
    var loaded = found
    for _ in 0..<attempt.repeatsAtOnce {
      attempt.conflicts &+= 1
      if backsOff {
        pause()
        loaded = value.pointee.load(ordering: .acquiring)
      }
      attempt.holdThread()
      guard let new = step.pointee.apply(to: loaded, token: attempt.operation.token) else { return .refused }
      let (exchanged, found) = value.pointee.weakCompareExchange(
        expected: loaded, desired: new, successOrdering: .acquiringAndReleasing, failureOrdering: .acquiring)
      if exchanged {
        attempt.values[0] = new
        failures = 0
        return .committed
      }
      loaded = found
    }
    if backsOff { pause() }
    throw .conflict
  }

  @inline(never) private mutating func pause() {
    failures = min(failures + 1, Self.longestBackoff)
    for _ in 0..<(1 << failures) { clinux_pause() }
  }
}
