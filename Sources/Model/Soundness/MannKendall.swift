internal import Glibc

/// The Mann-Kendall test: whether a series rises or falls, whatever its distribution.
///
/// Ties shrink the variance (Kendall 1975, *Rank Correlation Methods*). Neighbours that resemble each other enlarge it: a
/// slow swing looks like a trend to a test that takes values for independent. The variance is multiplied by the factor by
/// which a first-order autoregression has fewer independent values than values (Yue and Wang 2004, *Water Resources
/// Management* 18). Its coefficient is taken from the ranks once the slope was taken out, and corrected for the bias of a
/// short series (Marriott and Pope 1954, *Biometrika* 41).
public struct MannKendall: Sendable, Equatable {
  /// Pairs that rise less pairs that fall.
  public let score: Double
  /// Variance of the score without a trend, for independent values.
  public let independentVariance: Double
  /// By what the variance is greater because neighbours resemble each other; 1 when they do not.
  public let inflation: Double
  /// The median of the slopes of all pairs, per step (Theil 1950, Sen 1968).
  public let slope: Double
  /// The median of the values.
  public let median: Double

  /// Shorter series are not tested: the distribution of the score is not yet that of Gauss.
  public static let leastValues = 8

  /// Tests a series of values at equal distances; nil when it is too short.
  public init?(_ values: [Double]) {
    guard values.count >= Self.leastValues else { return nil }
    let count = Double(values.count)
    var score = 0.0
    var slopes: [Double] = []
    slopes.reserveCapacity(values.count * (values.count - 1) / 2)
    for later in values.indices {
      for earlier in 0..<later {
        let difference = values[later] - values[earlier]
        score += difference > 0 ? 1 : difference < 0 ? -1 : 0
        slopes.append(difference / Double(later - earlier))
      }
    }
    self.score = score
    slope = Self.median(of: slopes)
    median = Self.median(of: values)
    let ties = Dictionary(grouping: values) { $0 }.values.map { Double($0.count) }
    independentVariance =
      (count * (count - 1) * (2 * count + 5) - ties.reduce(0) { $0 + $1 * ($1 - 1) * (2 * $1 + 5) }) / 18
    inflation = Self.inflation(of: values, slope: slope)
  }

  /// The score in standard deviations, moved half a step towards 0; 0 when nothing moves.
  public var deviation: Double {
    let variance = independentVariance * inflation
    guard variance > 0, score != 0 else { return 0 }
    return (score - (score > 0 ? 1 : -1)) / variance.squareRoot()
  }

  /// How likely a series without a trend has a score as far from 0.
  public var probability: Double { erfc(abs(deviation) / 2.0.squareRoot()) }

  private static func inflation(of values: [Double], slope: Double) -> Double {
    let count = Double(values.count)
    let ranks = ranks(of: values.enumerated().map { $1 - slope * Double($0) })
    let mean = (count + 1) / 2
    let total = ranks.reduce(0) { $0 + ($1 - mean) * ($1 - mean) }
    guard total > 0 else { return 1 }
    let neighbours = zip(ranks, ranks.dropFirst()).reduce(0) { $0 + ($1.0 - mean) * ($1.1 - mean) }
    let coefficient = min(0.95, max(0, (count * neighbours / total + 2) / (count - 4)))
    var sum = 0.0
    var power = 1.0
    for lag in 1..<values.count {
      power *= coefficient
      sum += (1 - Double(lag) / count) * power
    }
    return 1 + 2 * sum
  }

  /// Ranks from 1; equal values share the mean of theirs.
  private static func ranks(of values: [Double]) -> [Double] {
    let order = values.indices.sorted { values[$0] < values[$1] }
    var ranks = Array(repeating: 0.0, count: values.count)
    var first = 0
    while first < order.count {
      var end = first
      while end < order.count && values[order[end]] == values[order[first]] { end += 1 }
      for position in first..<end { ranks[order[position]] = Double(first + end + 1) / 2 }
      first = end
    }
    return ranks
  }

  private static func median(of values: [Double]) -> Double {
    let sorted = values.sorted()
    return (sorted[(sorted.count - 1) / 2] + sorted[sorted.count / 2]) / 2
  }
}
