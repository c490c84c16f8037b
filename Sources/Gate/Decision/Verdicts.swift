public import Model

/// What one metric of one cell shows.
public enum ComparisonVerdict: String, Sendable, Codable, CaseIterable {
  /// Worse by at least the tolerance, and confirmed.
  case regressed
  /// Worse by at least the tolerance in the first stage, and not measured anew yet.
  case flagged
  /// Worse in the first stage, and not in the second.
  case unconfirmed
  /// Better by at least the tolerance. Never fails a gate.
  case improved
  /// A growth of the size that must be detected is excluded with 95 % confidence.
  case pass
  /// Neither: the data allow for no growth and for one that must be detected.
  case inconclusive
  /// The trials do not tell the metric.
  case unavailable
  /// Not compared, because results of the cell are wrong: their speed means nothing.
  case suppressed
}

/// The bounds of a rule for one cell: from which growth of the cost on it is material, and which must be excluded.
///
/// For ratios logarithms of 1 + m and 1 + M; otherwise absolute, from the base's level and the floor, whichever is more:
/// both the relative and the absolute floor must be passed.
public struct GateBounds: Sendable, Equatable {
  /// The tolerance.
  public let material: Double
  /// The size to detect.
  public let limit: Double

  /// - Parameter base: cost of the base; it only matters for metrics that are no ratios.
  public init(_ metric: GateMetric, _ rule: GateRule, base: Double) {
    if metric.isRatio {
      (material, limit) = (logOfGrowth(rule.tolerance), logOfGrowth(rule.mustDetect))
    } else {
      material = max(rule.floor, rule.tolerance * abs(base))
      limit = max(rule.floor * rule.mustDetect / rule.tolerance, rule.mustDetect * abs(base))
    }
  }

  /// The verdict of one look at the data, before any confirmation.
  public func verdict(_ difference: CostDifference?) -> ComparisonVerdict {
    guard let difference else { return .inconclusive }
    if difference.probabilityNotWorse <= CostDifference.alpha, difference.estimate >= material { return .flagged }
    if difference.probabilityNotBetter <= CostDifference.alpha, difference.estimate <= -material { return .improved }
    return difference.high < limit ? .pass : .inconclusive
  }
}
