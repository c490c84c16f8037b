@preconcurrency internal import Glibc
public import Model
public import Runtime
internal import Synchronization

/// `memory.none`: no protection at all.
public struct NoneStrategy: BlockingStrategy, ~Copyable {
  static let documentation = Documentation(
    introduction: "no protection at all. A planted control: the checkers must catch it.",
    algorithm: """
      load, give the processor away, decide, store. The yield between steps makes sure that others come between even on
      one processor; without it a lost update may take minutes to appear.
      """,
    guarantees: """
      nothing. Single loads and stores are atomic, so that updates are lost the way correct code loses them.
      """,
    doesNotGuarantee: "that any acknowledged update stays, or that several values read belong together.",
    failureWindow: "all the time.",
    roundTrips: "0; nothing is held.",
    source: #"the lost update P4 of Berenson et al. 1995, "A Critique of ANSI SQL Isolation Levels"."#)

  /// What it is.
  public static let descriptor = StrategyDescriptor(
    id: "memory.none", summary: "no protection: the control that must lose updates", documentation: documentation,
    store: "memory", scope: .process, threading: .perWorker, grade: .required, returnsValues: true)
  private let records: Records

  /// All workers use the shared memory of the trial.
  public static func configure(_ environment: StrategyEnvironment) throws(SetupFailure) -> Records {
    environment.records
  }

  /// Nothing to connect to.
  public static func open(_ records: Records, _ worker: WorkerContext) throws(SetupFailure) -> NoneStrategy {
    NoneStrategy(records: records)
  }

  /// Believes to be alone, as the witness shows.
  @inline(__always) public mutating func perform(_ attempt: inout Attempt) throws(AttemptFailure) -> AttemptResult {
    let operation = attempt.operation
    attempt.enter()
    for index in 0..<operation.count {
      attempt.values[index] = records.value(operation[index].key).pointee.load(ordering: .relaxed)
      sched_yield()
    }
    attempt.holdThread()
    let decision = attempt.decide()
    if decision == .write {
      for index in 0..<operation.count where operation[index].writes {
        if index > 0 { sched_yield() }
        records.value(operation[index].key).pointee.store(attempt.values[index], ordering: .relaxed)
      }
    }
    attempt.leave()
    return decision == .refuse ? .refused : .committed
  }
}
