internal import Model

/// One load point, as the rules ask about it.
struct Situation {
  /// The strategies that may be recommended, best first.
  let candidates: Ranking
  /// The same load point before any was excluded.
  let all: Ranking
  /// Where orders change between this load point and others.
  let crossovers: [Crossover]
  /// Whether the hold time varies over the load points.
  let isHoldVaried: Bool
  let architecture: Architecture
  let lookup: StrategyLookup

  /// Processes of the application.
  var processes: Int { architecture.processes ?? all.processes }

  func family(_ entry: Ranking.Entry) -> Family? { entry.cell.family(lookup) }

  func scope(_ entry: Ranking.Entry) -> Scope? { entry.cell.descriptor(lookup)?.scope }

  /// The best candidate of which something holds.
  func best(_ condition: (Ranking.Entry) -> Bool) -> Ranking.Entry? { candidates.correct.first(where: condition) }

  /// A candidate with its figure: `postgres.for-update (3,276/s)`.
  func named(_ entry: Ranking.Entry) -> String { "\(entry.strategy) (\(candidates.objective.text(entry.value)))" }

  /// The crossovers that a strategy is part of.
  func changes(of entry: Ranking.Entry) -> [Crossover] {
    crossovers.filter { ($0.first == entry.strategy || $0.second == entry.strategy) && !$0.changes.isEmpty }
  }

  /// Conflicts per attempt of the best optimistic strategy over a store, whether or not it may be recommended.
  func conflicts(store: String) -> (strategy: String, ratio: Double)? {
    let entry = all.correct.first { family($0) == .optimistic && $0.cell.store == store }
    return entry.flatMap { entry in entry.cell.conflictRatio.map { (entry.strategy, $0) } }
  }
}
