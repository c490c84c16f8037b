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
  let care: SagaCare
  private var random: RandomSource
  private var pauses: SagaPause
  /// The saga that is led.
  var script: SagaScript
  /// Sagas that have changed what was read.
  var changers: [Int64] = []
  /// What tells that a record has changed, by position in the operation.
  var stamps = [Int64](repeating: 0, count: Operation.maximumSteps)
  /// The step that was given up on and that is still on its way.
  var late: Int?
  /// When to give up undoing, in ``monotonicNow()``; the workers themselves only do at the end of the trial.
  var deadline = Int64.max

  /// How careful it is: the controls are not.
  struct SagaCare: Sendable {
    /// Whether a compensation asks whether it was done before.
    var compensatesOnce = true
    /// Whether a compensation that finds no step keeps one away that comes later.
    var leavesTombstones = true
    /// Whether anything is undone at all.
    var compensates = true

    /// How it undoes a step.
    var undo: Statement {
      if !leavesTombstones { return SagaStatements.undoDone }
      return compensatesOnce ? SagaStatements.undo : SagaStatements.undoAgain
    }
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
    pauses = SagaPause(worker.loop)
    script = SagaScript(configuration.sharding, isInOrderOfDatabases: settings.hasSemanticLock)
  }

  /// Whether nobody waits for it any more.
  var isOver: Bool { worker.events.isOver(since: Self.patience) || monotonicNow() > deadline }
  /// How long compensations go on after the trial, in nanoseconds.
  private static let patience: Int64 = 1_000_000_000

  /// Begins a new row of waits.
  func resetPause() { pauses.reset() }

  /// Waits before another look or try, longer each time.
  func pause() async { await pauses.next(using: &random) }

  /// Whether something happens that happens so often.
  func draws(_ share: Double) -> Bool { share > 0 && random.fraction() < share }

  /// Sagas of one step have no points: nothing of them can be half done.
  func reach(_ point: Point) {
    if script.groups.count > 1 { worker.points.reach(point.rawValue) }
  }
}
