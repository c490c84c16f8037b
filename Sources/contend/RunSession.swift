internal import Engine
internal import Model
internal import Results
internal import Runtime
internal import Services
internal import Terminal
internal import Words

/// What `contend run` does while the engine works: keeps results in memory and on disk, and shows progress.
struct RunSession: RunObserver {
  private(set) var results: [TrialResult] = []
  private let scenario: Scenario
  private let path: String
  private let place: ResultsFolder.Place
  private var progress: ProgressLine?
  private var folder: ResultsFolder?

  init(scenario: Scenario, path: String, place: ResultsFolder.Place, progress: ProgressLine?) {
    self.scenario = scenario
    self.path = path
    self.place = place
    self.progress = progress
  }

  /// Where the results are; nil before the first trial.
  var folderPath: String? { folder?.path }

  mutating func willStart(_ plan: Plan, servers: [String: ServerDescription], endpoints: [Endpoint]) throws {
    folder = try ResultsFolder(
      place, scenario, path: path, plan: plan.trials,
      program: ProgramVersion.description(seed: scenario.seed), servers: servers, endpoints: endpoints)
  }

  mutating func willRun(_ trial: PlannedTrial) { progress?.begin(trial) }

  mutating func isRunning(_ trial: PlannedTrial, _ view: LiveView) {
    progress?.show(
      ProgressView(
        elapsed: view.elapsed, committedPerSecond: view.committedPerSecond, p99Nanoseconds: view.p99Nanoseconds,
        failedAttempts: view.failedAttempts))
  }

  mutating func didRun(_ result: TrialResult) throws {
    results.append(result)
    try folder?.append(result)
    progress?.end(result)
  }

  /// Clears the progress line.
  mutating func finish() { progress?.clear() }

  /// Runs a scenario to its end; what was measured, and why it ended early if it did.
  static func measure(
    _ scenario: Scenario, path: String, place: ResultsFolder.Place, progress: ProgressLine?
  ) -> (session: RunSession, failure: (any Error)?) {
    let interruption = Interruption.descriptor()
    var session = RunSession(scenario: scenario, path: path, place: place, progress: progress)
    var failure: (any Error)?
    do {
      try Run(scenario, executable: "/proc/self/exe", interruption: interruption).execute(&session)
    } catch {
      failure = error
    }
    session.finish()
    return (session, failure)
  }

  /// A failure that ended the run, with what was kept when it was an interruption.
  func explained(_ failure: any Error) -> any Error {
    guard let engine = failure as? EngineFailure, engine.kind == .interrupted, let path = folderPath else {
      return failure
    }
    return EngineFailure(
      .interrupted,
      "interrupted; \(counted(results.count, "finished trial is", "finished trials are")) kept in \(path)")
  }
}
