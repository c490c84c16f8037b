internal import Model
internal import Words

/// Which strategy to use for what was measured, and what that rests on.
///
/// A strategy that broke an invariant at any load point, or of which it cannot be told, is never recommended, nor is a
/// control or a null operation.
public struct Advice: Sendable {
  /// A strategy that may not be recommended.
  public struct Exclusion: Sendable, Hashable {
    /// Its label.
    public let strategy: String
    /// Why.
    public let reason: String
  }

  /// By what strategies were ranked.
  public let objective: Objective
  /// Where the answer is to be used.
  public let architecture: Architecture
  /// One recommendation per load point of each run.
  public let points: [PointAdvice]
  /// What was not considered.
  public let exclusions: [Exclusion]
  /// What the runs leave open.
  public let untested: [String]
  /// The round trips to servers at which strategies with servers were measured, whether or not they count.
  let measuredRoundTrips: [Duration]

  /// Draws the conclusions of one or more runs; cells are compared within a run, and crossovers over all of them.
  public init(
    _ runs: [MeasuredRun], by objective: Objective = .goodput, architecture: Architecture = Architecture(),
    lookup: @escaping StrategyLookup
  ) {
    self.objective = objective
    self.architecture = architecture
    let distances = Distances(lookup: lookup)
    measuredRoundTrips = distances.roundTrips(of: runs)
    let everything = Self.considered(runs, architecture)
    let runs =
      architecture.roundTrip.map { asked in everything.map { distances.trials(of: $0, at: asked) } } ?? everything
    let all = runs.map { Ranking.rankings(of: $0.trials, by: objective, run: $0.name) }
    let elsewhere = unique(everything.flatMap(\.trials).map(\.cell.strategy)).filter { name in
      !runs.contains { $0.trials.contains { $0.cell.strategy == name } }
    }
    let exclusions =
      Self.exclusions(all.flatMap { $0 }, architecture, lookup)
      + elsewhere.map {
        Exclusion(
          strategy: $0,
          reason: "it was not measured with its servers \(Self.place(architecture.roundTrip ?? .zero))")
      }
    // Speed under a fault tells nothing of speed without one.
    let isAllFaulted = runs.allSatisfy { !$0.faults.isEmpty }
    let rankings = zip(runs, all).map { isAllFaulted || $0.faults.isEmpty ? $1 : [] }
    let excluded = Set(exclusions.map(\.strategy))
    func allowed(_ ranking: Ranking) -> Ranking { ranking.keeping { !excluded.contains($0.cell.strategy) } }
    let crossovers = Crossings.found(in: rankings.flatMap { $0 }.map(allowed))
    let holds = Set(rankings.flatMap { $0 }.map(\.conditions.hold))
    points = zip(runs, rankings).flatMap { run, rankings in
      let limits = Limits(of: CellSummary.summaries(of: run.trials), lookup: lookup)
      return rankings.map { ranking in
        let situation = Situation(
          candidates: allowed(ranking), all: ranking, crossovers: crossovers, isHoldVaried: holds.count > 1,
          architecture: architecture, lookup: lookup)
        return PointAdvice(situation, limits)
      }
    }
    self.exclusions = exclusions
    untested = unique(runs.flatMap { Answer($0, by: objective, lookup: lookup).texts(.untested) })
  }

  /// Whether at least one load point allows a recommendation.
  public var isDecided: Bool { points.contains { $0.recommended != nil } }

  /// The strategy that is recommended somewhere and nowhere behind; nil when it depends on the load, or nothing is
  /// recommended.
  public var overall: String? {
    let names = unique(points.compactMap { $0.recommended?.strategy })
    return names.first { name in points.allSatisfy { $0.candidates.leaders.contains { $0.strategy == name } } }
  }

  /// The runs that count: those without faults, and those with faults that matter.
  private static func considered(_ runs: [MeasuredRun], _ architecture: Architecture) -> [MeasuredRun] {
    let named = architecture.mustSurvive
    return named.isEmpty ? runs : runs.filter { $0.faults.isEmpty || !$0.faults.isDisjoint(with: named) }
  }

  private static func exclusions(
    _ rankings: [Ranking], _ architecture: Architecture, _ lookup: StrategyLookup
  ) -> [Exclusion] {
    let violating = distinct(rankings.flatMap(\.violating))
    let unknown = distinct(rankings.flatMap(\.unknown)).filter { !violating.contains($0) }
    let broken = rankings.flatMap(\.violating)
    var exclusions = violating.map { name in
      let isFaulted = broken.filter { $0.cell.strategy == name }.allSatisfy { !$0.faultNames.isEmpty }
      let faults = unique(broken.filter { $0.cell.strategy == name }.flatMap { $0.faults.map(\.summary) })
      return Exclusion(
        strategy: name, reason: "it broke an invariant" + (isFaulted ? " under a fault: \(listed(faults))" : ""))
    }
    exclusions += unknown.map { Exclusion(strategy: $0, reason: "whether it is correct could not be told") }
    exclusions += distinct(rankings.flatMap(\.references)).filter { !violating.contains($0) }
      .map { Exclusion(strategy: $0, reason: "it protects nothing and is there for comparison") }
    for name in distinct(rankings.flatMap(\.correct).map(\.cell))
    where !exclusions.contains(where: { $0.strategy == name }) {
      let cells = rankings.flatMap(\.correct).map(\.cell) + rankings.flatMap(\.withoutFigure)
      let tried = Set(cells.filter { $0.cell.strategy == name }.flatMap(\.faultNames))
      let untried = architecture.mustSurvive.filter { !tried.contains($0) }
      guard !untried.isEmpty else { continue }
      exclusions.append(Exclusion(strategy: name, reason: "it was not tried under \(listed(untried))"))
    }
    for cell in rankings.flatMap(\.correct).map(\.cell)
    where !exclusions.contains(where: { $0.strategy == cell.cell.strategy }) {
      guard let descriptor = cell.descriptor(lookup) else {
        exclusions.append(
          Exclusion(strategy: cell.cell.strategy, reason: "this program does not know what it protects"))
        continue
      }
      let family = cell.family(lookup)
      let reason = AdviceRules.exclusions.lazy.compactMap { $0.reason(descriptor, family, architecture) }.first
      if let reason { exclusions.append(Exclusion(strategy: cell.cell.strategy, reason: reason)) }
    }
    return exclusions
  }
}

/// Each value once, in order.
func unique<Value: Hashable>(_ values: [Value]) -> [Value] {
  var seen: Set<Value> = []
  return values.filter { seen.insert($0).inserted }
}
