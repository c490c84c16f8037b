internal import Engine
internal import Model
internal import Runtime
internal import Services
internal import Terminal

/// Shows on standard error how far a run is.
final class TrialProgress: RunObserver {
  private var line: ProgressLine

  init(trials: Int) { line = ProgressLine(trials: trials) }

  func willStart(_ plan: Plan, servers: [String: ServerDescription], endpoints: [Endpoint]) {}

  func willRun(_ trial: PlannedTrial) { line.begin(trial) }

  func isRunning(_ trial: PlannedTrial, _ view: LiveView) {
    line.show(
      ProgressView(
        elapsed: view.elapsed, committedPerSecond: view.committedPerSecond, p99Nanoseconds: view.p99Nanoseconds,
        failedAttempts: view.failedAttempts))
  }

  func didRun(_ result: TrialResult) { line.end(result) }

  /// Takes the line away.
  func clear() { line.clear() }
}
