internal import Engine
internal import Model
internal import Runtime
internal import Services
internal import StrategyCatalog
internal import Terminal
internal import Workloads

/// The planted controls of one backend under every workload: what the checkers of this very program must find.
struct SelfTest {
  /// A control under a workload.
  struct Row {
    let control: String
    let workload: String
    /// Trials in which an invariant was seen broken, of those that ran to their end.
    let fired: Int
    let trials: Int
    /// What was found, with how many operations in all trials: `lost-update 12,345`.
    let found: [(kind: String, count: Int64)]
    /// Whether it fired often enough.
    var holds: Bool { fired >= SelfTest.floor }
  }

  /// Trials of each control, and the least number of them in which it must fire: one may pass by luck on a machine that
  /// runs the workers one after the other.
  static let trials = 5
  static let floor = 4

  /// Controls whose violations are required, by backend in the order of the catalogue.
  static var backends: [(name: String, controls: [StrategyDescriptor])] {
    var result: [(name: String, controls: [StrategyDescriptor])] = []
    for control in StrategyCatalog.descriptors where control.grade == .required {
      if let index = result.firstIndex(where: { $0.name == control.store }) {
        result[index].controls.append(control)
      } else {
        result.append((control.store, [control]))
      }
    }
    return result
  }

  /// Runs the controls of one backend.
  ///
  /// - Throws: ``EngineFailure`` when a server is missing or the user stops it.
  static func run(_ controls: [StrategyDescriptor], interruption: Int32) throws -> [Row] {
    var load = LoadSettings()
    load.duration = .milliseconds(250)
    load.warmup = .milliseconds(50)
    load.repetitions = trials
    load.remeasure = 0
    let scenario = Scenario(
      name: "selftest", sweep: [],
      variants: WorkloadRegistry.descriptors.map { workload in
        Variant(
          name: workload.id,
          workload: WorkloadSettings(
            kind: workload.id, keys: keys(of: workload.id), hold: .microseconds(20),
            options: Options(workload.options, stated: options(of: workload.id))),
          load: load, retry: RetryPolicy())
      },
      strategies: controls.map { StrategySelection(id: $0.id, options: Options($0.options)) },
      services: ServiceSettings())
    var observer = SelfTestObserver(progress: ProgressLine(trials: Plan(scenario).trials.count))
    defer { observer.progress.clear() }
    try Run(scenario, executable: "/proc/self/exe", interruption: interruption).execute(&observer)
    return CellSummary.summaries(of: observer.results).map(row)
  }

  private static func row(_ cell: CellSummary) -> Row {
    let finished = cell.trials.filter { $0.failure == nil }
    var found: [(kind: String, count: Int64)] = []
    for violation in finished.flatMap(\.violations) {
      if let index = found.firstIndex(where: { $0.kind == violation.kind.rawValue }) {
        found[index].count += violation.count
      } else {
        found.append((violation.kind.rawValue, violation.count))
      }
    }
    return Row(
      control: cell.cell.strategy, workload: cell.cell.variant,
      fired: finished.filter { $0.verdict == .violation }.count, trials: finished.count, found: found)
  }

  /// Few records, so that workers meet.
  private static func keys(of workload: String) -> Int {
    switch workload {
    case "seats", "on-call": 2
    case "transfer": 4
    default: 1
    }
  }

  private static func options(of workload: String) -> [String: OptionValue] {
    switch workload {
    case "stock": ["initial": .integer(100)]
    case "transfer": ["initial": .integer(10)]
    case "profile": ["fields": .integer(8), "reads": .number(0.5)]
    default: [:]
    }
  }
}

/// Keeps the results and shows progress.
private struct SelfTestObserver: RunObserver {
  var results: [TrialResult] = []
  var progress: ProgressLine

  mutating func willStart(_ plan: Plan, servers: [String: ServerDescription], endpoints: [Endpoint]) {}
  mutating func willRun(_ trial: PlannedTrial) { progress.begin(trial) }
  mutating func isRunning(_ trial: PlannedTrial, _ view: LiveView) {}
  mutating func didRun(_ result: TrialResult) {
    results.append(result)
    progress.end(result)
  }
}
