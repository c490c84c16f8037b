internal import Model
internal import Runtime

/// What tells the sagas apart: all but one are controls.
protocol SagaKind: SendableMetatype {
  /// What the strategy is.
  static var descriptor: StrategyDescriptor { get }
  /// How careful its orchestrator is.
  static var care: SagaOrchestrator.SagaCare { get }
}

/// A saga led by the worker: a local transaction at each database in turn, and compensations when one fails.
struct SagaStrategy<Kind: SagaKind>: Strategy, ~Copyable {
  private let orchestrator: SagaOrchestrator
  /// The operation of the last attempt, and how many attempts there were.
  private var operation = OperationIdentity(worker: -1, number: 0)
  private var attempts: Int64 = 0

  static func configure(_ environment: StrategyEnvironment) throws(SetupFailure) -> SagaConfiguration {
    try SagaConfiguration(environment, SagaSettings(environment.options), Kind.care)
  }

  static func open(
    _ configuration: SagaConfiguration, _ worker: WorkerContext
  ) async throws(SetupFailure) -> SagaStrategy<Kind> {
    let orchestrator = try await SagaOrchestrator(configuration, worker)
    if Kind.care.compensates { await orchestrator.takeOver() }
    return SagaStrategy(orchestrator: orchestrator)
  }

  private init(orchestrator: SagaOrchestrator) { self.orchestrator = orchestrator }

  mutating func reopen() async throws(SetupFailure) {
    for participant in orchestrator.participants {
      do throws(AttemptFailure) { try await participant.mend() } catch {
        throw SetupFailure(participant.errorText ?? "PostgreSQL cannot be reached")
      }
    }
    if Kind.care.compensates { await orchestrator.takeOver() }
  }

  consuming func close() async {}

  mutating func perform(_ attempt: inout Attempt) async throws(AttemptFailure) -> AttemptResult {
    do throws(AttemptFailure) {
      orchestrator.script.set(attempt.operation)
      if attempt.operation.isReadOnly {
        if orchestrator.settings.hasSemanticLock {
          try await orchestrator.readSettled(attempt)
        } else {
          try await orchestrator.readAll(attempt)
        }
        return .committed
      }
      return try await orchestrator.lead(try nextSaga(attempt), attempt)
    } catch {
      if error == .error { orchestrator.noteError(attempt) }
      throw error
    }
  }

  private mutating func nextSaga(_ attempt: Attempt) throws(AttemptFailure) -> SagaIdentity {
    let identity = attempt.identity
    attempts = identity == operation ? attempts + 1 : 0
    operation = identity
    guard attempts <= SagaIdentity.largestAttempt else { throw .error }
    return SagaIdentity(identity, attempt: attempts)
  }
}

extension SagaOrchestrator {
  /// Leads the saga of the script to its end: all of its steps, or none.
  func lead(_ saga: SagaIdentity, _ attempt: Attempt) async throws(AttemptFailure) -> AttemptResult {
    let start = monotonicNow()
    let isOne = script.groups.count == 1
    reach(.beforeFirstStep)
    if isOne { await attempt.hold() }
    // A saga of one step is a local transaction, which nobody has to lead.
    let opensFirst = !isOne && script.groups[0].database != 0
    if opensFirst { try await open(saga) }
    var isFirst = true
    let stop = await advance(saga, opens: true, attempt.values) {
      if isFirst { await attempt.hold() }
      isFirst = false
    }
    guard let (reached, turn) = stop else {
      reach(.afterLastStep)
      if !isOne { try await finish(saga) }
      worker.stages.record(0, nanoseconds: monotonicNow() &- start)
      return .committed
    }
    if script.isRetriable, case .failed(let failure) = turn, reached > 0 || opensFirst {
      // Whoever comes next goes on with it.
      throw failure.isRetryable || failure == .ambiguous ? .ambiguous : failure
    }
    // Without a row nobody would ever go on with it, and without a step there is nothing to undo.
    if reached > 0 || opensFirst {
      let turned = monotonicNow()
      try await turnBack(saga, steps: reached)
      if reached > 0 { worker.stages.record(1, nanoseconds: monotonicNow() &- turned) }
    }
    switch turn {
    case .refused: return .refused
    case .failed(let failure): throw failure == .ambiguous ? .connectionLost : failure
    }
  }

  /// Goes on with what a process has left that had this worker before. What cannot be ended now is left to the end of the
  /// trial.
  func takeOver() async {
    let own = deadline
    defer { deadline = own }
    deadline = monotonicNow() + 5_000_000_000
    try? await recover(SagaIdentity.numbers(ofWorker: worker.index))
  }

  /// Keeps the text of an unexpected error for the report.
  func noteError(_ attempt: Attempt) {
    attempt.note(error: errorText ?? "too many attempts at one operation")
  }

  /// The text of an unexpected error.
  var errorText: String? { participants.lazy.compactMap(\.errorText).first }
}
