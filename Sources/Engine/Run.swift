public import Model
public import Runtime
public import Services

/// What a run tells while it goes on. Called on the thread that called ``Run/execute(_:)``.
public protocol RunObserver {
  /// The servers are up and described; the first trial follows.
  mutating func willStart(_ plan: Plan, servers: [String: ServerDescription], endpoints: [Endpoint]) throws
  /// A trial starts.
  mutating func willRun(_ trial: PlannedTrial)
  /// Several times a second while it runs.
  mutating func isRunning(_ trial: PlannedTrial, _ view: LiveView)
  /// A trial has ended. An error ends the run.
  mutating func didRun(_ result: TrialResult) throws
  /// The folder that keeps the histories of trials; nil when none are kept.
  var histories: String? { get }
}

extension RunObserver {
  /// None are kept.
  public var histories: String? { nil }
}

/// Everything left of `results/`: services up, trials in their planned order, services down.
public struct Run {
  private let scenario: Scenario
  private let executable: String
  private let interruption: Int32
  private let hosts: FleetSettings?

  /// Prepares a run.
  ///
  /// - Parameters:
  ///   - executable: this program, which is started again for worker processes (`worker`) and guards (`guard`).
  ///   - interruption: a descriptor that becomes readable when the user wants to stop; -1 for none.
  ///   - hosts: how further hosts come together where workers are to run on several; nil for this one alone.
  public init(_ scenario: Scenario, executable: String, interruption: Int32, hosts: FleetSettings? = nil) {
    self.hosts = hosts
    self.scenario = scenario
    self.executable = executable
    self.interruption = interruption
  }

  /// Runs all trials. Whatever happens, nothing is left behind on any server and no process stays.
  ///
  /// - Throws: ``EngineFailure``, or what the observer threw.
  public func execute(_ observer: inout some RunObserver) throws {
    let testbed = try Testbed(scenario, executable: executable, interruption: interruption, hosts: hosts)
    do {
      try runTrials(&observer, testbed)
    } catch {
      try? testbed.close()
      throw error
    }
    try testbed.close()
  }

  private func runTrials(_ observer: inout some RunObserver, _ testbed: Testbed) throws {
    let plan = Plan(scenario)
    try observer.willStart(plan, servers: testbed.servers, endpoints: testbed.endpoints)
    for repetition in plan.repetitions {
      var disturbed: [ResolvedTrial] = []
      for planned in repetition {
        let trial = try ResolvedTrial(planned, of: scenario)
        if try run(trial, &observer, testbed).isWorthMeasuringAgain { disturbed.append(trial) }
      }
      try measureAgain(disturbed, &observer, testbed)
    }
  }

  /// Measures trials that others on the machine have disturbed once more, at the end of their repetition, so that they
  /// meet the machine at another time. A round in which none gets better is the last: then the machine stays busy.
  private func measureAgain(
    _ trials: [ResolvedTrial], _ observer: inout some RunObserver, _ testbed: Testbed
  ) throws {
    var waiting = trials
    while let first = waiting.first, first.planned.measurement <= first.load.remeasure {
      var disturbed: [ResolvedTrial] = []
      for trial in waiting {
        var again = trial
        again.planned.measurement += 1
        if try run(again, &observer, testbed).isWorthMeasuringAgain { disturbed.append(again) }
      }
      if disturbed.count == waiting.count { return }
      waiting = disturbed
    }
  }

  private func run(
    _ trial: ResolvedTrial, _ observer: inout some RunObserver, _ testbed: Testbed
  ) throws -> TrialResult {
    observer.willRun(trial.planned)
    var progress = observer
    let result = try testbed.run(trial, histories: observer.histories) { progress.isRunning(trial.planned, $0) }
    try observer.didRun(result)
    return result
  }
}
