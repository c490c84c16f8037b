/// Which worker process a fault is about.
public enum Victim: Sendable, Equatable {
  /// The one at a position, from 0.
  case process(Int)
  /// The one of a worker that is inside a critical section.
  case holder

  /// In words: `worker process 1`, `the process of a holder`.
  var name: String {
    switch self {
    case .process(let index): "worker process \(index)"
    case .holder: "the process of a holder"
    }
  }

  /// Why a trial has no such process; nil when it has.
  func obstacle(in trial: ResolvedTrial) -> String? {
    guard case .process(let index) = self, !(0..<trial.processes).contains(index) else { return nil }
    return "there are \(trial.processes), counted from 0; state load.processes"
  }
}
