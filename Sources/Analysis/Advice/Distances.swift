internal import Model
internal import Words

/// How far away servers were, for advice at a distance: from measurements there, and none from arithmetic.
struct Distances {
  let lookup: StrategyLookup

  /// What is left of a run at a round trip. A strategy that needs no server is the same at any distance, and stays where
  /// others were measured at this one, or none needs a server.
  func trials(of run: MeasuredRun, at roundTrip: Duration) -> MeasuredRun {
    let points = Dictionary(grouping: run.trials) { LoadPoint($0.cell) }.filter { _, trials in
      let served = trials.compactMap(self.roundTrip)
      return served.isEmpty || served.contains(roundTrip)
    }
    return MeasuredRun(
      name: run.name,
      trials: run.trials.filter { trial in
        points[LoadPoint(trial.cell)] != nil && self.roundTrip(trial).map { $0 == roundTrip } ?? true
      },
      missing: run.missing.filter { points[LoadPoint($0.cell)] != nil })
  }

  /// The round trips at which strategies with servers were measured, the shortest first.
  func roundTrips(of runs: [MeasuredRun]) -> [Duration] {
    Set(runs.flatMap(\.trials).compactMap(roundTrip)).sorted()
  }

  /// The round trip to the servers of a trial; nil without any. Where they were not equally far, that to the farthest:
  /// nobody asks for less.
  private func roundTrip(_ trial: TrialResult) -> Duration? {
    var servers = trial.conditions.servers
    // Older results do not state them.
    if servers.isEmpty { servers = lookup(trial.strategyID, trial.store)?.services(over: trial.store) ?? [] }
    return servers.map { trial.conditions.distances[$0]?.roundTrip ?? .zero }.max()
  }
}

extension Advice {
  /// Why nothing can be said at the round trip that was asked for, in one sentence; nil when something was measured there,
  /// or nothing that was measured needs a server.
  public var missingDistance: String? {
    guard let asked = architecture.roundTrip, !measuredRoundTrips.isEmpty, !measuredRoundTrips.contains(asked) else {
      return nil
    }
    let there = listed(measuredRoundTrips.map(Self.place))
    return "nothing was measured with its servers \(Self.place(asked)): they were \(there)"
  }

  /// Where servers were, in a sentence.
  static func place(_ roundTrip: Duration) -> String {
    roundTrip == .zero
      ? "at no added distance" : "\(formatDuration(nanoseconds: roundTrip / .nanoseconds(1))) away"
  }
}
