internal import Engine
public import Model
internal import Words

extension Scenario {
  /// What a run of it comes to, one line each: the variants if there are several, the number of trials, how long they
  /// take.
  public var extent: [String] {
    let trials = Plan(self).trials.count
    let names = sweep.isEmpty ? [] : ["\(variants.count) variants:"] + variants.map { "  \($0.name)" }
    return names + ["\(trials) trials, \(roughLength)"]
  }

  /// Windows and warm-ups of all trials, and what comes with each of them: seeding, opening sessions, checking.
  private var roughLength: String {
    let cells = Double(strategies.count * workers.count * repetitions)
    let besides = 0.1
    var seconds = 0.0
    for load in variants.map(\.load) {
      // The time that a number of operations takes is what the run is to find out.
      guard let duration = load.duration else { return "each until its operations are done" }
      seconds += cells * ((load.warmup + duration) / .seconds(1) + besides)
    }
    return "about \(formatTimeLeft(seconds: seconds))"
  }
}
