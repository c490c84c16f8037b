internal import Model
internal import Runtime

/// Leads the sagas of one worker, one at a time: does their steps forward, and undoes them in reverse when one fails.
///
/// What it knows lies in the first database, so that whoever comes after it can go on.
final class SagaOrchestrator {
  /// The databases in order; the first one holds the rows of sagas.
  let participants: [SagaParticipant]
  let worker: WorkerContext
  let settings: SagaSettings
  private let care: SagaCare
  private var random: RandomSource
  private var pause: SagaPause
  /// The saga that is led.
  var script: SagaScript
  /// Sagas that have changed what was read.
  var changers: [Int64] = []
  /// What tells that a record has changed, by position in the operation.
  var stamps = [Int64](repeating: 0, count: Operation.maximumSteps)
  /// When to give up undoing, in ``monotonicNow()``; the workers themselves only do at the end of the trial.
  var deadline = Int64.max

  /// How careful it is: the controls are not.
  struct SagaCare: Sendable {
    /// Whether a compensation asks whether it was done before.
    var compensatesOnce = true
    /// Whether anything is undone at all.
    var compensates = true

    /// How it undoes a step.
    var undo: Statement { compensatesOnce ? SagaStatements.undo : SagaStatements.undoAgain }
  }

  /// Positions of the points at which a process can be made to end.
  enum Point: Int, CaseIterable {
    case beforeFirstStep, betweenSteps, afterLastStep, beforeCompensation, betweenCompensations, afterCompensation

    var name: String {
      switch self {
      case .beforeFirstStep: "before-first-step"
      case .betweenSteps: "between-steps"
      case .afterLastStep: "after-last-step"
      case .beforeCompensation: "before-compensation"
      case .betweenCompensations: "between-compensations"
      case .afterCompensation: "after-compensation"
      }
    }
  }

  init(_ configuration: SagaConfiguration, _ worker: WorkerContext) async throws(SetupFailure) {
    settings = configuration.settings
    care = configuration.care
    var participants: [SagaParticipant] = []
    for plan in configuration.plans {
      participants.append(
        try await SagaParticipant(plan, worker, undo: care.undo, hasSemanticLock: settings.hasSemanticLock))
    }
    self.participants = participants
    self.worker = worker
    random = worker.random
    pause = SagaPause(worker.loop)
    script = SagaScript(configuration.sharding, isInOrderOfDatabases: settings.hasSemanticLock)
  }

  // MARK: forward

  /// Why the steps did not all take effect.
  enum Turn {
    /// The business rule or the service said no: the steps before have to be undone.
    case refused
    /// A step failed as often as it may.
    case failed(AttemptFailure)
  }

  /// Does the steps of the script in turn. Returns how many are done, or may be, and why it went no further; nil when all
  /// of them are done.
  func advance(
    _ saga: SagaIdentity, opens: Bool, _ values: UnsafeMutablePointer<Int64>?, between: () async -> Void
  ) async -> (reached: Int, turn: Turn)? {
    for step in script.groups.indices {
      if step > 0 {
        reach(.betweenSteps)
        await between()
      }
      if !script.isRetriable && draws(settings.failureRate) { return (step, .refused) }
      let isLast = step == script.groups.count - 1
      let isAtHome = script.groups[step].database == 0 && script.groups.count > 1
      let company = SagaParticipant.Company(
        opens: opens && step == 0 && isAtHome, finishes: isLast && isAtHome && !settings.hasSemanticLock)
      if let (isOpen, turn) = await act(saga, step, company, values) { return (isOpen ? step + 1 : step, turn) }
    }
    return nil
  }

  /// Sends a step until it is done, has failed as often as it may, or is refused; nil when it is done.
  private func act(
    _ saga: SagaIdentity, _ step: Int, _ company: SagaParticipant.Company, _ values: UnsafeMutablePointer<Int64>?
  ) async -> (isOpen: Bool, turn: Turn)? {
    let participant = participants[script.groups[step].database]
    let start = monotonicNow()
    var failures = 0
    var isOpen = false
    pause.reset()
    while true {
      do throws(AttemptFailure) {
        switch try await participant.act(saga, script, step, with: company, values) {
        case .done, .known: return nil
        case .refused: return (false, .refused)
        case .pending:
          worker.events.add(.polls)
          let isEnough = script.isRetriable ? isOver : monotonicNow() &- start > settings.stepTimeout.nanoseconds
          if isEnough { return (isOpen, .failed(.notAcquired)) }
        }
      } catch {
        failures += 1
        if error == .ambiguous { isOpen = true }
        let isEnough = script.isRetriable ? isOver : failures >= settings.attempts
        if error == .error || isEnough { return (isOpen, .failed(error)) }
      }
      await pause.next(using: &random)
    }
  }

  /// Writes the saga down before its first step, where that does not lie in the first database.
  func open(_ saga: SagaIdentity) async throws(AttemptFailure) {
    var failures = 0
    var isOpen = false
    pause.reset()
    while true {
      do throws(AttemptFailure) {
        try await participants[0].open(saga, script)
        return
      } catch {
        failures += 1
        if error == .ambiguous { isOpen = true }
        // Whoever finds the row does the saga.
        if error == .error || failures >= settings.attempts { throw isOpen ? .ambiguous : error }
      }
      await pause.next(using: &random)
    }
  }

  /// All steps are done: nobody has to go on with it.
  func finish(_ saga: SagaIdentity) async throws(AttemptFailure) {
    if settings.hasSemanticLock {
      // While one record is pending, nobody sees half of it.
      for step in script.groups.indices {
        try await insist { () async throws(AttemptFailure) in
          try await self.participants[self.script.groups[step].database].free(saga, self.script, step)
        }
      }
    } else if script.groups.last?.database == 0 {
      // The last step has said so.
      return
    }
    try await record(.finished, of: saga, step: 0)
  }

  // MARK: backward

  /// Undoes the steps that are done or may be, last first, however often that takes.
  ///
  /// - Parameter count: of the steps.
  /// - Throws: ``AttemptFailure/ambiguous`` when the trial ends before; whoever comes then goes on.
  func compensate(_ saga: SagaIdentity, steps count: Int) async throws(AttemptFailure) {
    guard care.compensates && count > 0 else { return try await record(.compensated, of: saga, step: 0) }
    reach(.beforeCompensation)
    try await record(.compensating, of: saga, step: count)
    var isStuck = false
    for step in (0..<count).reversed() {
      if step < count - 1 { reach(.betweenCompensations) }
      if try await undo(saga, step) == .refused { isStuck = true }
      if draws(settings.lateReplies) {
        worker.events.add(.redeliveries)
        if try await undo(saga, step) == .known { worker.events.add(.rejectedDuplicates) }
      }
    }
    reach(.afterCompensation)
    try await record(isStuck ? .stuck : .compensated, of: saga, step: count)
  }

  private func undo(_ saga: SagaIdentity, _ step: Int) async throws(AttemptFailure) -> SagaParticipant.Answer {
    pause.reset()
    while draws(settings.compensationFailures) {
      worker.events.add(.retriedCompensations)
      if isOver { throw .ambiguous }
      await pause.next(using: &random)
    }
    var answer = SagaParticipant.Answer.pending
    try await insist(counting: .retriedCompensations) { () async throws(AttemptFailure) in
      answer = try await self.participants[self.script.groups[step].database].undo(saga, self.script, step)
    }
    if answer == .done { worker.events.add(.compensations) }
    return answer
  }

  /// Writes down how far a saga has come.
  private func record(_ state: SagaState, of saga: SagaIdentity, step: Int) async throws(AttemptFailure) {
    try await insist { () async throws(AttemptFailure) in
      try await self.participants[0].set(state, of: saga, step: step)
    }
  }

  /// Does something until it holds.
  ///
  /// - Throws: ``AttemptFailure/ambiguous`` when the trial ends before.
  private func insist(
    counting counter: Counter? = nil, _ body: () async throws(AttemptFailure) -> Void
  ) async throws(AttemptFailure) {
    pause.reset()
    while true {
      do throws(AttemptFailure) {
        return try await body()
      } catch {
        if let counter { worker.events.add(counter) }
        if isOver { throw .ambiguous }
      }
      await pause.next(using: &random)
    }
  }

  /// Whether nobody waits for it any more.
  private var isOver: Bool { worker.events.isOver(since: Self.patience) || monotonicNow() > deadline }
  /// How long compensations go on after the trial, in nanoseconds.
  private static let patience: Int64 = 1_000_000_000

  /// Waits before another look.
  func wait() async { await pause.next(using: &random) }

  private func draws(_ share: Double) -> Bool { share > 0 && random.fraction() < share }

  /// Sagas of one step have no points: nothing of them can be half done.
  func reach(_ point: Point) {
    if script.groups.count > 1 { worker.points.reach(point.rawValue) }
  }
}

/// The waits between two tries of a step: exponential, with full jitter.
private struct SagaPause {
  private let loop: EventLoop
  private var ceiling = SagaPause.shortest
  private static let shortest: Int64 = 1_000_000
  private static let longest: Int64 = 100_000_000

  init(_ loop: EventLoop) { self.loop = loop }

  mutating func reset() { ceiling = Self.shortest }

  mutating func next(using random: inout RandomSource) async {
    let nanoseconds = Int64(random.below(UInt64(ceiling) + 1))
    ceiling = min(ceiling * 2, Self.longest)
    await loop.sleep(nanoseconds: nanoseconds)
  }
}
