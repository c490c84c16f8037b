internal import Glibc

/// By what factor one thing exceeds another, with the uncertainty of the measurement: from the logarithms of the ratios
/// of pairs that were measured under the same circumstances, or of two samples without pairs.
public struct RatioInterval: Sendable, Equatable {
  /// How an interval was made.
  public enum Method: Sendable, Equatable {
    /// Exact Wilcoxon signed-rank interval of at least this confidence (0 to 1), around the Hodges-Lehmann estimate.
    case signedRank(confidence: Double)
    /// The same of two samples without pairs: exact rank-sum interval, around the Hodges-Lehmann estimate.
    case rankSum(confidence: Double)
    /// Least and greatest ratio of any pair: there were too few pairs for an interval with a confidence.
    case range
  }
  /// The estimate of the ratio; above 1 means that the first is greater.
  public let point: Double
  /// The lower end.
  public let low: Double
  /// The upper end.
  public let high: Double
  /// How the ends were found.
  public let method: Method
  /// Pairs used; without pairs the values of the smaller sample.
  public let pairs: Int
  /// Pairs left out because one of the two was disturbed, failed or missing.
  public let leftOut: Int
  /// Pairs used although foreign load disturbed one of the two, because too few others were left.
  public internal(set) var disturbed = 0

  /// The confidence of the intervals of this program.
  public static let confidence = 0.95
  /// Pairs below which a range separates nothing: two agree by chance in one of two cases.
  public static let leastPairs = 3

  /// From logarithms of ratios, one per pair; nil when there are none or one is not finite.
  public init?(logRatios: [Double], leftOut: Int = 0) {
    guard let ranks = SignedRank(logRatios), let least = logRatios.min(), let most = logRatios.max() else { return nil }
    let interval = ranks.interval(confidence: Self.confidence)
    method = interval == nil ? .range : .signedRank(confidence: Self.confidence)
    point = exp(ranks.estimate)
    low = exp(interval?.lowerBound ?? least)
    high = exp(interval?.upperBound ?? most)
    pairs = logRatios.count
    self.leftOut = leftOut
  }

  /// From logarithms of two samples that were not measured in turns, so that no value belongs to one of the other; nil when
  /// one is empty or a value is not finite. What changed between the two measurements besides the subject is not in it.
  public init?(logsOfFirst first: [Double], second: [Double], leftOut: Int = 0) {
    guard let ranks = RankSum(first: second, second: first), let least = ranks.differences.first,
      let most = ranks.differences.last
    else { return nil }
    let interval = ranks.interval(confidence: Self.confidence)
    method = interval == nil ? .range : .rankSum(confidence: Self.confidence)
    point = exp(ranks.estimate)
    low = exp(interval?.lowerBound ?? least)
    high = exp(interval?.upperBound ?? most)
    pairs = min(first.count, second.count)
    self.leftOut = leftOut
  }

  /// Whether the data tell the two apart: the interval excludes 1, and there are at least ``leastPairs`` pairs.
  public var isSeparated: Bool { pairs >= Self.leastPairs && (low > 1 || high < 1) }

  /// Whether the data tell the two apart with the stated confidence, and not only in each of a few repetitions.
  public var isConfident: Bool { isSeparated && method != .range }

  /// The ratio the other way round.
  public var inverse: RatioInterval {
    var inverse = RatioInterval(
      point: 1 / point, low: 1 / high, high: 1 / low, method: method, pairs: pairs, leftOut: leftOut)
    inverse.disturbed = disturbed
    return inverse
  }

  private init(point: Double, low: Double, high: Double, method: Method, pairs: Int, leftOut: Int) {
    self.point = point
    self.low = low
    self.high = high
    self.method = method
    self.pairs = pairs
    self.leftOut = leftOut
  }
}
