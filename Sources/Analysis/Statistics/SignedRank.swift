/// Estimate and exact interval of the centre of paired differences, without assuming how they are distributed except
/// that they are symmetric about it, as random order within a repetition makes them.
///
/// The estimate is that of Hodges and Lehmann: the median of the Walsh averages (d_i + d_j) / 2, i <= j. The interval
/// consists of the centres that Wilcoxon's signed-rank test does not reject; its ends are Walsh averages.
/// Source: Hollander, Wolfe and Chicken, "Nonparametric Statistical Methods", 3rd edition, sections 3.1 to 3.3.
public struct SignedRank: Sendable {
  /// All Walsh averages, ascending; n (n + 1) / 2 of them.
  public let walshAverages: [Double]
  /// Differences.
  public let count: Int

  /// Takes differences; nil when there are none or one is not finite.
  public init?(_ differences: [Double]) {
    guard !differences.isEmpty, differences.allSatisfy(\.isFinite) else { return nil }
    count = differences.count
    walshAverages = differences.indices.flatMap { i in
      differences[i...].map { (differences[i] + $0) / 2 }
    }.sorted()
  }

  /// The Hodges-Lehmann estimate of the centre.
  public var estimate: Double {
    (walshAverages[(walshAverages.count - 1) / 2] + walshAverages[walshAverages.count / 2]) / 2
  }

  /// The two-sided interval that covers the centre with at least this confidence (0 to 1); nil when there are too few
  /// differences for it: 95 % needs six, 90 % five.
  public func interval(confidence: Double) -> ClosedRange<Double>? {
    let tail = (1 - confidence) / 2
    let rank = Self.cumulative(count).firstIndex { $0 > tail } ?? 0
    guard rank > 0, rank <= walshAverages.count - rank + 1 else { return nil }
    return walshAverages[rank - 1]...walshAverages[walshAverages.count - rank]
  }

  /// The probability under "the centre is at most `bound`" of differences as far above it as these: the one-sided p
  /// value. Ties with the bound count against a finding.
  public func probability(ofCentreAtMost bound: Double) -> Double {
    Self.cumulative(count)[walshAverages.filter { $0 <= bound }.count]
  }

  /// Exact distribution of the sum of the ranks of the positive differences when the centre is zero: at index w the
  /// probability of a sum of at most w. Every rank is in the sum or not with equal probability.
  static func cumulative(_ count: Int) -> [Double] {
    var probabilities = [Double](repeating: 0, count: count * (count + 1) / 2 + 1)
    probabilities[0] = 1
    for rank in 1...count {
      for sum in stride(from: probabilities.count - 1, through: 0, by: -1) {
        probabilities[sum] = (probabilities[sum] + (sum >= rank ? probabilities[sum - rank] : 0)) / 2
      }
    }
    var total = 0.0
    return probabilities.map { probability in
      total += probability
      return total
    }
  }
}
