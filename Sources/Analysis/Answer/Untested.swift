internal import Model
internal import Words

/// Sentences on what a run leaves open, so that nobody takes silence for a result.
struct Untested {
  private let run: MeasuredRun
  private let rankings: [Ranking]
  private let lookup: StrategyLookup

  init(_ run: MeasuredRun, _ rankings: [Ranking], _ lookup: @escaping StrategyLookup) {
    self.run = run
    self.rankings = rankings
    self.lookup = lookup
  }

  var sentences: [String] {
    [checkers, missing, failed, disturbed, repetitions, figures, processes, leases, loads, openLoop, faults].compactMap
    { $0 }
  }

  private var checkers: String? {
    let caught = distinct(rankings.flatMap(\.violating))
    let controls = distinct(rankings.flatMap(\.references).filter(\.isControl)).filter { !caught.contains($0) }
    guard !controls.isEmpty else { return nil }
    return "The checkers were not put to the test: the control \(listed(controls)) broke nothing."
  }

  private var missing: String? {
    guard !run.missing.isEmpty else { return nil }
    let planned = run.trials.standing.count + run.missing.count
    return "\(counted(run.missing.count, "trial")) of \(planned) planned did not run."
  }

  private var failed: String? {
    let count = run.trials.filter { $0.failure != nil }.count
    return count == 0
      ? nil : "\(counted(count, "trial")) failed and \(count == 1 ? "tells" : "tell") nothing about speed."
  }

  private var disturbed: String? {
    let trials = run.trials.standing
    let count = trials.filter(\.machine.isDisturbed).count
    guard count > 0 else { return nil }
    return "\(counted(count, "trial")) of \(trials.count) ran beside foreign load; ratios leave "
      + "\(count == 1 ? "it" : "them") out where \(RatioInterval.leastPairs) others are left, the figures of the table do not."
  }

  private var repetitions: String? {
    let pairs = rankings.compactMap { $0.lead?.pairs }
    guard let least = pairs.min(), least < 6 else { return nil }
    let few =
      least < RatioInterval.leastPairs
      ? "does not tell strategies apart: it takes \(RatioInterval.leastPairs), and 6"
      : "give no interval with a confidence (all agree by chance in 1 of \(1 << (least - 1)) cases): it takes 6"
    let verb = least == 2 ? few.replacing("does", with: "do") : few
    return "\(counted(least, "repetition")) \(verb) for 95 % (load.repetitions)."
  }

  private var figures: String? {
    let names = distinct(rankings.flatMap(\.withoutFigure))
    guard let objective = rankings.first?.objective, !names.isEmpty else { return nil }
    return "\(listed(names)) has too few samples for \(objective.name)."
  }

  private var processes: String? {
    guard run.trials.allSatisfy({ $0.processes == 1 }) else { return nil }
    let local = distinct(rankings.flatMap(\.correct).map(\.cell).filter { $0.descriptor(lookup)?.scope == .process })
    let consequence = local.isEmpty ? "" : "; \(listed(local)) would not protect them from each other"
    return "Only one process: several were not tested (load.processes)\(consequence)."
  }

  private var leases: String? {
    let locks = rankings.flatMap(\.correct).map(\.cell).filter {
      $0.family(lookup) == .distributedLock && $0.trials.allSatisfy { $0.total[.expiredHolds] == 0 }
    }
    guard !locks.isEmpty else { return nil }
    let longest = locks.compactMap(\.longestHold).max().map { " (longest here: \(formatDuration(nanoseconds: $0)))" }
    return
      "No holder of \(listed(distinct(locks))) lost its lock while it worked\(longest ?? ""): what happens then was "
      + "not tested."
  }

  private var loads: String? {
    guard let only = rankings.first, rankings.count == 1 else { return nil }
    return "Only one load point: \(only.point.name), \(Factor.keys.text(Factor.keys.value(of: only))), "
      + "\(Factor.hold.text(Factor.hold.value(of: only)))."
  }

  private var openLoop: String? {
    guard rankings.first?.objective == .p99, run.trials.allSatisfy({ $0.conditions.ratePerSecond == nil }) else {
      return nil
    }
    return "A closed loop: the latency at a given arrival rate was not tested (load.rate)."
  }

  private var faults: String? {
    let isFaulted = run.trials.contains { trial in trial.faults.contains { $0.injectedSecond != nil } }
    return run.trials.isEmpty || isFaulted ? nil : "No fault was injected: no pause, no crash, no lost connection."
  }
}
