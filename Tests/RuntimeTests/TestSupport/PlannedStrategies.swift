import Model
import Runtime
import Synchronization
import TrialSupport

/// Follows ``OutcomeTests/cycle``, one entry per attempt.
struct AttemptPlan {
  private let records: Records
  private var position = 0

  init(_ records: Records) { self.records = records }

  mutating func next(_ attempt: Attempt) throws(AttemptFailure) -> AttemptResult {
    defer { position += 1 }
    switch OutcomeTests.cycle[position % OutcomeTests.cycle.count] {
    case .commit:
      change(attempt)
      return .committed
    case .refuse: return .refused
    case .fail(let failure): throw failure
    case .failAfterEffect(let failure):
      change(attempt)
      throw failure
    }
  }

  private func change(_ attempt: Attempt) {
    let step = attempt.operation[0]
    records.value(step.key).pointee.wrappingAdd(step.operand, ordering: .relaxed)
  }
}

/// Fails by plan and blocks.
struct PlannedBlocking: BlockingStrategy, ~Copyable {
  private var plan: AttemptPlan

  static func configure(_ environment: StrategyEnvironment) throws(SetupFailure) -> Records { environment.records }
  static func open(_ records: Records, _ worker: WorkerContext) throws(SetupFailure) -> PlannedBlocking {
    PlannedBlocking(plan: AttemptPlan(records))
  }
  mutating func perform(_ attempt: inout Attempt) throws(AttemptFailure) -> AttemptResult { try plan.next(attempt) }
}

/// Fails by plan and suspends; every third attempt really does.
struct PlannedSuspending: Strategy, ~Copyable {
  private var plan: AttemptPlan
  private var attempts = 0

  static func configure(_ environment: StrategyEnvironment) throws(SetupFailure) -> Records { environment.records }
  static func open(_ records: Records, _ worker: WorkerContext) async throws(SetupFailure) -> PlannedSuspending {
    PlannedSuspending(plan: AttemptPlan(records))
  }
  mutating func perform(_ attempt: inout Attempt) async throws(AttemptFailure) -> AttemptResult {
    attempts += 1
    if attempts % 3 == 0 { await attempt.sleep(nanoseconds: 1000) }
    return try plan.next(attempt)
  }
}

/// Commits after 200 conflicts.
struct PersistentBlocking: BlockingStrategy, ~Copyable {
  private let records: Records
  private var failures = 0

  static func configure(_ environment: StrategyEnvironment) throws(SetupFailure) -> Records { environment.records }
  static func open(_ records: Records, _ worker: WorkerContext) throws(SetupFailure) -> PersistentBlocking {
    PersistentBlocking(records: records)
  }
  mutating func perform(_ attempt: inout Attempt) throws(AttemptFailure) -> AttemptResult {
    failures += 1
    if failures % 201 != 0 { throw .conflict }
    return .committed
  }
}

/// The same for the loop of strategies that suspend.
struct PersistentSuspending: Strategy, ~Copyable {
  static let descriptor = StrategyDescriptor(
    id: "test.persistent", summary: "commits after 200 conflicts", documentation: .sample, store: "memory",
    scope: .host, threading: .perWorker, applicability: .unguardedAdd)

  private var blocking: PersistentBlocking

  static func configure(_ environment: StrategyEnvironment) throws(SetupFailure) -> Records { environment.records }
  static func open(_ records: Records, _ worker: WorkerContext) async throws(SetupFailure) -> PersistentSuspending {
    PersistentSuspending(blocking: try PersistentBlocking.open(records, worker))
  }
  mutating func perform(_ attempt: inout Attempt) async throws(AttemptFailure) -> AttemptResult {
    try blocking.perform(&attempt)
  }
}
