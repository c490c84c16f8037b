public import Model

/// One metric of one cell, base against candidate.
public struct GateComparison: Sendable, Equatable {
  /// The cell.
  public let cell: Cell
  /// The metric.
  public let metric: GateMetric
  /// The rule that it was judged by.
  public let rule: GateRule
  /// What it shows.
  public var verdict: ComparisonVerdict
  /// Typical value of the base, in the unit that people read: operations per second, nanoseconds, a rate, an index.
  public var base: Double?
  /// The same of the candidate.
  public var candidate: Double?
  /// Growth of the cost in the first stage; nil when there are too few blocks or repetitions.
  public var screening: CostDifference?
  /// The same in the second stage, on fresh data; nil when there was none.
  public var confirmation: CostDifference?
  /// Growth over both stages, for display and for the bound of an unconfirmed regression.
  public var pooled: CostDifference?
  /// The bounds that the growth was compared with; nil when the metric is unavailable.
  public var bounds: GateBounds?
  /// About how many pairs of blocks (repetitions, when stored) would decide; nil when it is decided or not known.
  public var needed: Int?
  /// What to know besides.
  public var remark: String?
  /// The waiver that covers it.
  public var waiver: GateWaiver?

  /// Makes a comparison of which nothing is known yet.
  public init(cell: Cell, metric: GateMetric, rule: GateRule, verdict: ComparisonVerdict = .unavailable) {
    self.cell = cell
    self.metric = metric
    self.rule = rule
    self.verdict = verdict
  }

  /// What to show: all data where there are two stages.
  public var shown: CostDifference? { pooled ?? screening }

  /// What follows for the gate.
  public var conclusion: GateConclusion {
    guard waiver == nil, rule.blocksOn != .nothing else { return .passed }
    switch verdict {
    case .regressed: return .regressed
    case .flagged: return .inconclusive
    case .inconclusive, .unavailable: return rule.blocksOn == .doubt ? .inconclusive : .passed
    case .unconfirmed: return rule.blocksOn == .doubt && !excludesLimit ? .inconclusive : .passed
    case .improved, .pass, .suppressed: return .passed
    }
  }

  /// Whether all data together exclude a growth of the size that must be detected.
  private var excludesLimit: Bool {
    guard let shown, let bounds else { return false }
    return shown.high < bounds.limit
  }

  /// A growth of the cost as a share: 0.1 is 10 % more. Of what is no ratio, the absolute growth.
  public func growth(_ value: Double) -> Double { metric.isRatio ? Gate.growth(ofLog: value) : value }

  /// Takes the first of these waivers that covers the comparison.
  ///
  /// A regression is covered up to the waiver's ratio by its estimate; an open comparison when its whole interval is.
  mutating func apply(_ waivers: [GateWaiver]) {
    guard let shown, [.regressed, .unconfirmed, .inconclusive].contains(verdict) else { return }
    let ratio = costRatio(verdict == .regressed ? shown.estimate : shown.high)
    waiver = waivers.first {
      $0.cell == cell.title && $0.subject.rawValue == metric.rawValue && ratio <= $0.maximumRatio
    }
  }

  /// The ratio of the costs, candidate to base, that a growth stands for.
  private func costRatio(_ value: Double) -> Double {
    if metric.isRatio { return 1 + growth(value) }
    guard let base, base > 0 else { return .infinity }
    // Less of a fairness index is worse, more of everything else.
    return metric == .fairness ? base / max(base - value, .leastNormalMagnitude) : (base + value) / base
  }
}
