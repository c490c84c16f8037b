internal import Analysis

/// By how much a cost grew, from base to candidate, and how sure that is.
///
/// For ratios all values are logarithms; for rates and indices they are in the unit of the metric.
public struct CostDifference: Sendable, Equatable, Codable {
  /// Level of every test, on one side.
  public static let alpha = 0.05
  /// The least number of pairs of blocks for a verdict.
  public static let leastPairs = 8
  /// The least number of repetitions on each side for a verdict without pairs.
  public static let leastUnpaired = 5

  /// The Hodges-Lehmann estimate.
  public let estimate: Double
  /// The cost grew by at least this, with 95 % confidence.
  public let low: Double
  /// The cost grew by at most this, with 95 % confidence.
  public let high: Double
  /// p of "the cost did not grow".
  public let probabilityNotWorse: Double
  /// p of "the cost did not fall".
  public let probabilityNotBetter: Double
  /// Standard deviation of one difference.
  public let deviation: Double
  /// Pairs of blocks, or repetitions of the smaller side.
  public let count: Int

  /// From the differences of pairs, candidate less base; nil below ``leastPairs`` or with a value that is not finite.
  ///
  /// Exact signed-rank test: the order within pairs is random, so without a difference their signs are too.
  public init?(paired differences: [Double]) {
    guard differences.count >= Self.leastPairs, let grown = SignedRank(differences),
      let fallen = SignedRank(differences.map { -$0 }), let interval = grown.interval(confidence: 1 - 2 * Self.alpha),
      let deviation = standardDeviation(differences)
    else { return nil }
    (estimate, low, high) = (grown.estimate, interval.lowerBound, interval.upperBound)
    probabilityNotWorse = grown.probability(ofCentreAtMost: 0)
    probabilityNotBetter = fallen.probability(ofCentreAtMost: 0)
    self.deviation = deviation
    count = differences.count
  }

  /// From two samples that were not taken in turns; nil below ``leastUnpaired`` or with a value that is not finite.
  ///
  /// Exact rank-sum test.
  public init?(base: [Double], candidate: [Double]) {
    guard min(base.count, candidate.count) >= Self.leastUnpaired,
      let grown = RankSum(first: base, second: candidate), let fallen = RankSum(first: candidate, second: base),
      let interval = grown.interval(confidence: 1 - 2 * Self.alpha),
      let first = standardDeviation(base), let second = standardDeviation(candidate)
    else { return nil }
    (estimate, low, high) = (grown.estimate, interval.lowerBound, interval.upperBound)
    probabilityNotWorse = grown.probability(ofShiftAtMost: 0)
    probabilityNotBetter = fallen.probability(ofShiftAtMost: 0)
    deviation = (first * first + second * second).squareRoot()
    count = min(base.count, candidate.count)
  }
}
