public import Engine
public import Model
public import Results
public import Runtime
public import Services
internal import Words

/// What happens to a run while the engine works: its results are kept in memory and on disk.
public struct RunSession: RunObserver {
  /// What was measured, in order.
  public private(set) var results: [TrialResult] = []
  private let scenario: Scenario
  private let path: String
  private let place: ResultsFolder.Place
  private let keepsHistories: Bool
  private var observer: (any RunObserver)?
  private var folder: ResultsFolder?

  init(
    scenario: Scenario, path: String, place: ResultsFolder.Place, keepsHistories: Bool, observer: (any RunObserver)?
  ) {
    self.keepsHistories = keepsHistories
    self.scenario = scenario
    self.path = path
    self.place = place
    self.observer = observer
  }

  /// Where the results are; nil before the first trial.
  public var folderPath: String? { folder?.path }

  /// Below the results.
  public var histories: String? { keepsHistories ? folder.map { $0.path + "/" + ResultsFolder.historyFolder } : nil }

  /// Makes the folder.
  public mutating func willStart(_ plan: Plan, servers: [String: ServerDescription], endpoints: [Endpoint]) throws {
    folder = try ResultsFolder(
      place, scenario, path: path, plan: plan.trials,
      program: ProgramVersion.description(seed: scenario.seed), servers: servers, endpoints: endpoints)
    try observer?.willStart(plan, servers: servers, endpoints: endpoints)
  }

  /// Passes it on.
  public mutating func willRun(_ trial: PlannedTrial) { observer?.willRun(trial) }

  /// Passes it on.
  public mutating func isRunning(_ trial: PlannedTrial, _ view: LiveView) { observer?.isRunning(trial, view) }

  /// Stores the result, and then passes it on.
  public mutating func didRun(_ result: TrialResult) throws {
    results.append(result)
    try folder?.append(result)
    try observer?.didRun(result)
  }

  /// Runs a scenario to its end.
  ///
  /// - Parameters:
  ///   - scenario: what to run.
  ///   - path: its file, of which the results keep a copy.
  ///   - place: where the results go.
  ///   - keepsHistories: whether every operation is written down.
  ///   - hosts: how further hosts come together; nil for this one alone.
  ///   - observer: is told how far it is.
  /// - Returns: what was measured, and why it ended early if it did.
  public static func measure(
    _ scenario: Scenario, path: String, place: ResultsFolder.Place, keepsHistories: Bool = false,
    hosts: FleetSettings? = nil, observer: (any RunObserver)?
  ) -> (session: RunSession, failure: (any Error)?) {
    let interruption = Interruption.descriptor()
    var session = RunSession(
      scenario: scenario, path: path, place: place, keepsHistories: keepsHistories, observer: observer)
    var failure: (any Error)?
    do {
      try Run(scenario, executable: "/proc/self/exe", interruption: interruption, hosts: hosts).execute(&session)
    } catch {
      failure = error
    }
    return (session, failure)
  }

  /// A failure that ended the run, with what was kept when it was an interruption.
  public func explained(_ failure: any Error) -> any Error {
    guard let engine = failure as? EngineFailure, engine.kind == .interrupted, let path = folderPath else {
      return failure
    }
    return EngineFailure(
      .interrupted,
      "interrupted; \(counted(results.count, "finished trial is", "finished trials are")) kept in \(path)")
  }
}
