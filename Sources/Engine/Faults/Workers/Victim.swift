internal import Model

/// Which worker process a fault is about.
public enum Victim: Sendable, Equatable {
  /// The one at a position, from 0.
  case process(Int)
  /// Any one, drawn anew each time from a seed.
  case any(UInt64)
  /// The one of a worker that is inside a critical section.
  case holder
  /// One of whose workers somebody is kept out, and nobody is inside.
  case waiter

  /// In words: `worker process 1`, `the process of a holder`.
  var name: String {
    switch self {
    case .process(let index): "worker process \(index)"
    case .any: "a worker process"
    case .holder: "the process of a holder"
    case .waiter: "the process of a waiter"
    }
  }

  /// Its position, if that is known before.
  var process: Int? { if case .process(let index) = self { index } else { nil } }

  /// Why a trial has no such process; nil when it has.
  func obstacle(in trial: ResolvedTrial) -> String? {
    guard case .process(let index) = self, !(0..<trial.processes).contains(index) else { return nil }
    return "there are \(trial.processes), counted from 0; state load.processes"
  }

  /// Stops it, once there is one: its position; nil when there is none yet.
  mutating func pause(_ trial: TrialController) -> Int? {
    switch self {
    case .holder: return trial.pauseHolder()
    case .waiter: return trial.pauseWaiter()
    case .process(let index): return trial.pause(process: index) ? index : nil
    case .any(let seed):
      let running = (0..<trial.processCount).filter { trial.isRunning(process: $0) }
      guard !running.isEmpty else { return nil }
      var random = RandomSource(seed: seed, stream: 11)
      let index = running[Int(random.below(UInt64(running.count)))]
      self = .any(random.next())
      return trial.pause(process: index) ? index : nil
    }
  }

  /// What a scenario states as `target`.
  init(_ option: OptionValue?, in trial: ResolvedTrial) {
    switch option {
    case .integer(let index): self = .process(index)
    case .word("holder"): self = .holder
    case .word("waiter"): self = .waiter
    default: self = .any(trial.planned.seed)
    }
  }

  /// The option of a scenario.
  static let option = OptionSpecification(
    "target", .wordOrInteger(["any", "holder", "waiter"], 0...999), default: .word("holder"),
    "Whose worker process: that of a holder (whoever is inside the critical section), of a waiter, any, or its number from 0."
  )
}
