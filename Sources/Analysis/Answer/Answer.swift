public import Model

/// The first section of a report: what a run says, in sentences that stand on their own.
///
/// A strategy that broke an invariant, or of which it cannot be told, is never named as fast.
public struct Answer: Sendable, Equatable {
  /// What a sentence is about; the order is that of the sentences.
  public enum Kind: String, Sendable, CaseIterable {
    /// Strategies that kept every invariant, with the power of that zero.
    case correct
    /// Strategies that broke one.
    case violating
    /// Strategies of which it cannot be told.
    case unknown
    /// Which correct strategy is first, by how much; or that the data do not tell. Of a sweep the maps tell it.
    case ranking
    /// Where the order changes along a factor: three sentences at most.
    case crossover
    /// Up to which rate of arrivals correct strategies keep up, where several were offered.
    case knee
    /// What the run did not test.
    case untested
  }
  /// One sentence or a few that belong together.
  public struct Statement: Sendable, Equatable {
    /// What it is about.
    public let kind: Kind
    /// Plain text on one line; names from scenario files are in it as they are.
    public let text: String
  }
  /// Who is first where, of a sweep: among all strategies, then among those with their records in one store where there
  /// are several. Empty when there is a single load point, or nothing to rank.
  public let maps: [WinnerMap]
  /// The sentences, in the order of their kinds.
  public let statements: [Statement]
  /// Every comparison along a factor in words, where that is more than ``texts(_:)`` has of them.
  public let comparisons: [String]

  /// Draws the conclusions of one run.
  ///
  /// - Parameters:
  ///   - run: the measured trials.
  ///   - objective: by what to rank.
  ///   - lookup: what is known of strategies; some sentences on what was not tested need it.
  public init(
    _ run: MeasuredRun, by objective: Objective = .goodput, lookup: @escaping StrategyLookup = { _, _ in nil }
  ) {
    let rankings = Ranking.rankings(of: run.trials, by: objective, run: run.name)
    let crossings = Crossings.sentences(rankings)
    let turns = Crossings.turns(rankings)
    comparisons = crossings.count > turns.count ? crossings : []
    maps = Leaders.maps(rankings)
    let parts: [(Kind, [String])] = [
      (.correct, Correctness.correct(rankings)),
      (.violating, Correctness.violating(rankings)),
      (.unknown, Correctness.unknown(rankings)),
      (.ranking, maps.isEmpty ? Leaders.sentences(rankings) : []),
      (.crossover, turns), (.knee, Knee.sentences(rankings)),
      (.untested, Untested(run, rankings, lookup).sentences),
    ]
    statements = parts.flatMap { kind, texts in texts.map { Statement(kind: kind, text: $0) } }
  }

  /// The sentences of one kind.
  public func texts(_ kind: Kind) -> [String] { statements.filter { $0.kind == kind }.map(\.text) }
}
