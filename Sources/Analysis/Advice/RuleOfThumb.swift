/// A published recommendation for one family of strategies over others.
struct RuleOfThumb: Sendable {
  let id: String
  let text: String
  let source: String
  let favours: Set<Family>
  let over: Set<Family>
  /// Why the rule speaks of records in this store; nil when it does not.
  let fact: @Sendable (Situation, _ store: String) -> String?

  /// The rule beside the measurement: the best of both sides over each store that has both.
  func findings(_ situation: Situation) -> [RuleFinding] {
    let entries = situation.candidates.correct
    return Set(entries.map(\.cell.store)).sorted().compactMap { store in
      func best(_ families: Set<Family>) -> Ranking.Entry? {
        entries.first { $0.cell.store == store && situation.family($0).map(families.contains) ?? false }
      }
      guard let fact = fact(situation, store), let favoured = best(favours), let other = best(over) else { return nil }
      return RuleFinding(
        id: id, text: text, source: source, fact: fact, favoured: favoured.strategy, other: other.strategy,
        ratio: situation.candidates.objective.ratio(of: favoured.cell, to: other.cell))
    }
  }
}

/// What the measurement says to a rule of thumb.
public struct RuleFinding: Sendable, Equatable {
  /// Whether rule and measurement agree.
  public enum Result: String, Sendable {
    /// What the rule favours is better.
    case agrees
    /// What the rule favours is worse.
    case disagrees
    /// The data do not tell the two apart.
    case open
  }
  /// Id of the rule.
  public let id: String
  /// The rule.
  public let text: String
  /// Where it is published.
  public let source: String
  /// Why it applies here.
  public let fact: String
  /// The best measured strategy of those that the rule favours.
  public let favoured: String
  /// The best measured strategy of those that it does not.
  public let other: String
  /// By what factor the favoured one is better.
  public let ratio: RatioInterval?

  /// Whether rule and measurement agree.
  public var result: Result {
    guard let ratio, ratio.isSeparated else { return .open }
    return ratio.low > 1 ? .agrees : .disagrees
  }

  /// The measurement in a sentence.
  public var measurement: String {
    guard let ratio else { return "no pair of trials with a figure compares \(favoured) with \(other)" }
    return switch result {
    case .agrees: "\(favoured) is \(ratio.words) better than \(other)"
    case .disagrees: "\(other) is \(ratio.inverse.words) better than \(favoured)"
    case .open: "the data do not tell \(favoured) and \(other) apart: \(ratio.words)"
    }
  }
}
