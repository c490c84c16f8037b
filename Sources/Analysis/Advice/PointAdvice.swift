internal import Model
internal import Words

/// What is recommended at one load point, and why.
public struct PointAdvice: Sendable {
  /// What the data allow.
  public enum Decision: Sendable {
    /// One strategy.
    case use(Ranking.Entry)
    /// The data do not tell these apart.
    case undecided([Ranking.Entry])
    /// No strategy may be recommended.
    case none
  }
  /// A sentence with its source.
  public struct Note: Sendable, Hashable {
    /// The sentence.
    public let text: String
    /// Where it is published.
    public let source: String
  }

  /// The strategies that may be recommended, best first.
  public let candidates: Ranking
  /// What the data allow.
  public let decision: Decision
  /// Why, in sentences.
  public let reasons: [String]
  /// Published rules of thumb that apply, beside the measurement.
  public let rules: [RuleFinding]
  /// What would change the answer.
  public let changes: [String]
  /// What to take care of.
  public let cautions: [Note]

  /// The best of those that were not recommended; nil when there is none.
  public var runnerUp: Ranking.Entry? { candidates.correct.count > 1 ? candidates.correct[1] : nil }

  /// The recommended strategy; nil when there is none.
  public var recommended: Ranking.Entry? {
    if case .use(let entry) = decision { return entry }
    return nil
  }

  init(_ situation: Situation, _ limits: Limits) {
    candidates = situation.candidates
    let leaders = situation.candidates.leaders
    rules = AdviceRules.preferences.flatMap { $0.findings(situation) }
    guard let first = leaders.first else {
      (decision, reasons, changes, cautions) = (.none, ["No strategy was shown to be correct here."], [], [])
      return
    }
    guard leaders.count == 1 else {
      decision = .undecided(leaders)
      reasons = [Self.tie(situation, leaders)]
      changes = []
      cautions = []
      return
    }
    decision = .use(first)
    reasons = Self.reasons(first, situation, limits)
    changes = AdviceRules.changes.compactMap { $0.text(situation, first) }
    cautions = AdviceRules.cautions.filter { $0.applies(situation, first) }
      .map { Note(text: $0.text, source: $0.source) }
  }

  private static func tie(_ situation: Situation, _ leaders: [Ranking.Entry]) -> String {
    let names = listed(leaders.map(situation.named))
    guard let lead = situation.candidates.lead else {
      return "\(names): no pair of trials with a figure compares them; measure again with more repetitions."
    }
    let remedy =
      lead.pairs < RatioInterval.leastPairs
      ? " \(RatioInterval.leastPairs) repetitions are the least that tell strategies apart, 6 give 95 % confidence."
      : ""
    return "\(names): the first is \(lead.words) better than the second.\(remedy)"
  }

  private static func reasons(_ entry: Ranking.Entry, _ situation: Situation, _ limits: Limits) -> [String] {
    let examined = formatCount(entry.cell.examinedCount)
    var reasons = ["Correct here: 0 violations in \(examined) operations, a true rate below 3/\(examined) (95 %)."]
    let figure = situation.candidates.objective.text(entry.value)
    if let lead = situation.candidates.lead {
      let other = situation.named(situation.candidates.correct[1])
      reasons.append("\(figure), \(lead.words) better than the runner-up \(other).")
      if !lead.isConfident { reasons.append("Too few repetitions for a confidence: run 6.") }
    } else {
      reasons.append("\(figure); no other candidate was measured.")
    }
    if let descriptor = entry.cell.descriptor(situation.lookup) {
      let services = descriptor.services(over: entry.cell.store)
      let needs = services.isEmpty ? "no server" : listed(services)
      reasons.append("Needs \(needs); protects \(reach(descriptor.scope)).")
    }
    let nearest = limits.limits(of: entry.cell).max { $0.share < $1.share }
    if let nearest {
      let limit = "\(formatRate(nearest.perSecond))/s"
      reasons.append("It reaches \(formatPercent(nearest.share)) of its limit of \(limit): \(nearest.basis).")
    }
    return reasons
  }

  private static func reach(_ scope: Scope) -> String {
    switch scope {
    case .process: "the threads of one process"
    case .host: "the processes of one host"
    case .network: "everybody who reaches the server"
    }
  }
}
