public import Model

/// Sagas: each has ended, with all of its steps in effect or with none, and no step was done or undone twice.
///
/// Decides from what the orchestrator and the databases wrote down; the values of the records are for the checkers of the
/// workload.
public struct SagaEndings: Checker {
  /// Rows of the orchestrator: saga, state, number of steps. States count from 0: running, compensating, finished,
  /// compensated, stuck.
  public static let instances = "saga-instances"
  /// Rows of the databases: saga, step, how often it was done, how often it was undone.
  public static let steps = "saga-steps"

  /// Nothing to state.
  public init() {}

  /// `sagas`.
  public var name: String { "sagas" }

  /// The databases know the sagas of lost workers, too; those under way are left out.
  public var whenHostsAreLost: LostHostRule { .decides }

  /// Puts the rows of each saga together.
  public func check(_ evidence: Evidence, of workload: any Workload) -> CheckResult? {
    guard let instances = evidence.remains[Self.instances], let steps = evidence.remains[Self.steps] else { return nil }
    var sagas: [Int64: Saga] = [:]
    for row in instances where row.count == 3 { sagas[row[0], default: Saga()].take(state: row[1], steps: row[2]) }
    for row in steps where row.count == 4 { sagas[row[0], default: Saga()].take(row) }
    var findings = Findings()
    let leftOpen = evidence.leftOpen
    for (number, saga) in sagas.sorted(by: { $0.key < $1.key }) {
      saga.report(number, endings: leftOpen == nil, &findings)
    }
    return CheckResult(
      checker: name, examined: Int64(sagas.count), violations: findings.violations, unknown: leftOpen)
  }

  /// Whether a saga in this state has yet to end.
  static func isUnderWay(_ state: Int64) -> Bool { state == Saga.running || state == Saga.compensating }

  /// What is known of one saga.
  private struct Saga {
    /// Nil for one of a single step, which nobody has to lead.
    private var state: Int64?
    private var stepCount: Int64 = 1
    private var inEffect: Int64 = 0
    private var repeated: [Int64] = []

    private static let states = ["running", "compensating", "finished", "compensated", "stuck"]
    static let running: Int64 = 0
    static let compensating: Int64 = 1
    private static let finished: Int64 = 2
    private static let compensated: Int64 = 3

    mutating func take(state: Int64, steps: Int64) {
      self.state = state
      stepCount = steps
    }

    mutating func take(_ row: [Int64]) {
      let (step, done, undone) = (row[1], row[2], row[3])
      if done > undone { inEffect += 1 }
      if done > 1 || undone > 1 { repeated.append(step) }
      // Nobody leads it, and yet it has come beyond its first step.
      if state == nil && step > 0 { stepCount = max(stepCount, step + 1) }
    }

    /// - Parameter endings: whether all has ended, so that what has not is wrong.
    func report(_ number: Int64, endings: Bool, _ findings: inout Findings) {
      let evidence = "saga \(number) has \(inEffect) of \(stepCount) steps in effect"
      if !repeated.isEmpty {
        findings.add(.duplicateEffect, key: nil, count: 1) {
          ("each step done and undone once", "step \(repeated[0]) more than once", evidence)
        }
      }
      guard endings else { return }
      let word = state.map { Self.states.indices.contains(Int($0)) ? Self.states[Int($0)] : "\($0)" } ?? "not led"
      guard state == Self.finished || state == Self.compensated || (state == nil && stepCount == 1) else {
        findings.add(.unfinishedSaga, key: nil, count: 1) { ("finished or compensated", word, evidence) }
        return
      }
      let expected = state == Self.compensated ? 0 : stepCount
      if state != nil && inEffect != expected {
        findings.add(.halfCompensated, key: nil, count: 1) { ("\(expected) steps in effect", "\(inEffect)", evidence) }
      }
    }
  }
}
