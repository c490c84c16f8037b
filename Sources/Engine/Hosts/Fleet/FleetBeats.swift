internal import Model

/// How often hosts give a sign of life while a trial runs.
struct FleetBeats {
  /// From one to the next, nanoseconds.
  let interval: Int64

  /// Where there are few hosts, several times a second for the live view, and more often where the driver does something to
  /// a server and tells what came of it; else once a second, so that a thousand hosts cost a hundredth of a processor.
  init(of trial: ResolvedTrial) {
    let isFew = trial.hosts <= 16
    let watchesFaults = trial.faults.contains { !$0.isOfWorkers }
    interval = !isFew ? 1_000_000_000 : watchesFaults ? 50_000_000 : 200_000_000
  }

  /// Signs of life that must have come between the start and the end of a window.
  func due(_ ending: RunningTrial.Ending) -> Int {
    ending.started == 0 ? 0 : max(0, Int((ending.windowClosed - ending.started) / interval) - 1)
  }
}
