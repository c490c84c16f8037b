public import Engine
public import Model
internal import Runtime
internal import Services
internal import StrategyCatalog
internal import Workloads

/// The planted controls of one backend under every workload: what the checkers of this very program must find.
public struct SelfTest {
  /// A control under a workload.
  public struct Row {
    /// Id of the control.
    public let control: String
    /// Id of the workload.
    public let workload: String
    /// Trials in which an invariant was seen broken, of those that ran to their end.
    public let fired: Int
    /// Trials that ran to their end.
    public let trials: Int
    /// What was found, with how many operations in all trials: `lost-update 12,345`.
    public let found: [(kind: String, count: Int64)]
    /// Why the first trial that failed did; nil when all ran to their end.
    public let failure: String?
    /// Whether it fired often enough; nil when failed trials leave that open.
    public var holds: Bool? {
      if fired >= SelfTest.floor { return true }
      return fired + SelfTest.trials - trials >= SelfTest.floor ? nil : false
    }
  }

  /// Trials of each control.
  public static let trials = 5
  /// The least number of them in which it must fire: one may pass by luck on a machine that runs the workers one after
  /// the other.
  public static let floor = 4

  /// Controls whose violations are required, by backend in the order of the catalogue.
  public static var backends: [(name: String, controls: [StrategyDescriptor])] {
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

  /// Why a control did not run.
  public struct Absence: Error {
    /// What could not be had, in a sentence for the user.
    public let reason: String
  }

  /// Runs one control under every workload.
  ///
  /// - Parameters:
  ///   - control: the control.
  ///   - interruption: a descriptor that becomes readable when the user wants to stop.
  ///   - observer: is told how far it is, of so many trials.
  /// - Throws: ``Absence`` when what it needs cannot be had on this machine; ``EngineFailure`` when a server that was
  ///   there is lost, or the user stops it.
  public static func run(
    _ control: StrategyDescriptor, interruption: Int32, observer: (_ trials: Int) -> any RunObserver
  ) throws -> [Row] {
    let scenario = scenario(control)
    var observer = SelfTestObserver(observer: observer(Plan(scenario).trials.count))
    do {
      try Run(scenario, executable: "/proc/self/exe", interruption: interruption).execute(&observer)
    } catch let failure as EngineFailure where failure.kind == .serviceUnavailable && !observer.hasStarted {
      throw Absence(reason: failure.message)
    }
    return CellSummary.summaries(of: observer.results).map(row)
  }

  private static func scenario(_ control: StrategyDescriptor) -> Scenario {
    var load = LoadSettings()
    load.duration = leavesLocks(control.id) ? .milliseconds(1500) : .milliseconds(250)
    load.warmup = .milliseconds(50)
    load.repetitions = trials
    load.remeasure = 0
    var retry = RetryPolicy()
    if leavesLocks(control.id) { retry.backoff = .constant }
    return Scenario(
      name: "selftest", sweep: [],
      variants: WorkloadRegistry.descriptors.filter { isControl(control, under: $0) }.map { workload in
        Variant(
          name: workload.id,
          workload: WorkloadSettings(
            kind: workload.id, keys: keys(of: workload.id, control.id), hold: hold(of: control.id),
            think: think(workload.id),
            options: Options(workload.options, stated: options(of: workload.id, control.id))),
          load: load, retry: retry)
      },
      strategies: [
        StrategySelection(
          id: control.id,
          options: Options(control.options, stated: leavesLocks(control.id) ? ["try": .flag(true)] : [:]))
      ],
      services: ServiceSettings())
  }

  /// Over lists, most strategies that lose updates have no transactions, or promise so little that they keep it.
  private static func isControl(_ control: StrategyDescriptor, under workload: WorkloadDescriptor) -> Bool {
    let settings = WorkloadSettings(kind: workload.id, keys: workload.minimumKeys, options: Options(workload.options))
    guard let made = WorkloadRegistry.make(settings) else { return false }
    // An operation in one database is a local transaction, which no control over several of them spoils.
    let isSpread = ShardedStore.sharding(of: control.store, shards: settings.shards) != nil
    if isSpread && made.applicability != .any { return false }
    return made.lists == nil ? control.covers(made.applicability) : control.lists?.grade == .required
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
      fired: finished.filter { $0.verdict == .violation }.count, trials: finished.count, found: found,
      failure: cell.trials.lazy.compactMap(\.failure).first)
  }

  /// A lock that stays behind with a pooled connection blocks everybody until the pooler closes that connection, after a
  /// second without use. A trial outlasts that; nobody waits but tries again soon, and takes few locks at once.
  private static func leavesLocks(_ control: String) -> Bool { control == "postgres.pooled-advisory-lock" }

  /// Long enough that workers meet between read and write even where a machine runs them one after the other: whoever
  /// holds sleeps, and all others get their turn.
  private static func hold(of control: String) -> Duration { leavesLocks(control) ? .zero : .milliseconds(1) }

  /// How long owners keep what they claimed: two of them are seen when both have it at once.
  private static func think(_ workload: String) -> Duration {
    ["seats", "on-call"].contains(workload) ? .milliseconds(1) : .zero
  }

  /// Few records, so that workers meet.
  private static func keys(of workload: String, _ control: String) -> Int {
    switch workload {
    // With one, the very first locks may stay behind, and nobody commits anything.
    case "profile": leavesLocks(control) ? 2 : 1
    case "seats", "on-call": 2
    case "transfer", "list-append", "order": 4
    default: 1
    }
  }

  private static func options(of workload: String, _ control: String) -> [String: OptionValue] {
    switch workload {
    case "stock": ["initial": .integer(100)]
    case "transfer": ["initial": .integer(10)]
    // A late delivery finds a key that has expired; one at the same time meets the first while it is worked on.
    case "payment", "click": ["delay": .duration(control.hasPrefix("redis.") ? .milliseconds(20) : .zero)]
    // A locking control takes one lock for each field.
    case "profile":
      leavesLocks(control)
        ? ["fields": .integer(2), "reads": .number(0.2)] : ["fields": .integer(8), "reads": .number(0.5)]
    default: [:]
    }
  }
}

/// Keeps the results, and tells of trials that begin and end.
private struct SelfTestObserver: RunObserver {
  var results: [TrialResult] = []
  var observer: any RunObserver
  /// Whether all servers were there.
  var hasStarted = false

  mutating func willStart(_ plan: Plan, servers: [String: ServerDescription], endpoints: [Endpoint]) throws {
    hasStarted = true
    try observer.willStart(plan, servers: servers, endpoints: endpoints)
  }
  mutating func willRun(_ trial: PlannedTrial) { observer.willRun(trial) }
  mutating func isRunning(_ trial: PlannedTrial, _ view: LiveView) {}
  mutating func didRun(_ result: TrialResult) throws {
    results.append(result)
    try observer.didRun(result)
  }
}
