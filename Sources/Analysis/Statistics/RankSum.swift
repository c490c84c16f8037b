internal import Glibc

/// Estimate and exact interval of the shift between two independent samples, without assuming how they are distributed
/// except that both have the same shape.
///
/// The estimate is that of Hodges and Lehmann: the median of all differences second_j - first_i. The interval consists of
/// the shifts that the rank-sum test of Mann, Whitney and Wilcoxon does not reject; its ends are such differences.
/// Source: Hollander, Wolfe and Chicken, "Nonparametric Statistical Methods", 3rd edition, sections 4.1 to 4.3.
public struct RankSum: Sendable {
  /// All differences second_j - first_i, ascending.
  public let differences: [Double]
  /// Values of the first and of the second sample.
  public let counts: (first: Int, second: Int)

  /// Takes two samples; nil when one is empty or a value is not finite.
  public init?(first: [Double], second: [Double]) {
    guard !first.isEmpty, !second.isEmpty, (first + second).allSatisfy(\.isFinite) else { return nil }
    counts = (first.count, second.count)
    differences = first.flatMap { value in second.map { $0 - value } }.sorted()
  }

  /// The Hodges-Lehmann estimate: by how much the second sample is above the first.
  public var estimate: Double {
    (differences[(differences.count - 1) / 2] + differences[differences.count / 2]) / 2
  }

  /// The two-sided interval that covers the shift with at least this confidence (0 to 1); nil when there are too few
  /// values for it.
  public func interval(confidence: Double) -> ClosedRange<Double>? {
    let tail = (1 - confidence) / 2
    let rank = Self.cumulative(counts.first, counts.second).firstIndex { $0 > tail } ?? 0
    guard rank > 0, rank <= differences.count - rank + 1 else { return nil }
    return differences[rank - 1]...differences[differences.count - rank]
  }

  /// The probability under "the shift is at most `bound`" of a second sample as far above the first as this: the
  /// one-sided p value. Ties with the bound count against a finding.
  public func probability(ofShiftAtMost bound: Double) -> Double {
    Self.cumulative(counts.first, counts.second)[differences.filter { $0 <= bound }.count]
  }

  /// Above this product of the sample sizes the normal approximation takes the place of the exact distribution, which
  /// costs the square of it.
  static let mostExactPairs = 2500

  /// Distribution of the U statistic when both samples come from one distribution: at index u the probability of at most u
  /// pairs in which the first is the greater.
  static func cumulative(_ first: Int, _ second: Int) -> [Double] {
    guard first * second <= mostExactPairs else { return approximate(first, second) }
    var total = 0.0
    return probabilities(first, second).map { probability in
      total += probability
      return total
    }
  }

  /// Exact, by the recurrence of Mann and Whitney (1947): the greatest of all values belongs to the first sample with
  /// probability m / (m + n), and then exceeds all n of the second.
  private static func probabilities(_ first: Int, _ second: Int) -> [Double] {
    // row[n] is the distribution for m values of the first and n of the second sample; m grows by one per pass.
    var row = Array(repeating: [1.0], count: second + 1)
    for m in 1...first {
      row[0] = [1.0]
      for n in 1...second {
        let share = Double(m) / Double(m + n)
        var sums = [Double](repeating: 0, count: m * n + 1)
        for (u, probability) in row[n].enumerated() { sums[u + n] += share * probability }
        for (u, probability) in row[n - 1].enumerated() { sums[u] += (1 - share) * probability }
        row[n] = sums
      }
    }
    return row[second]
  }

  private static func approximate(_ first: Int, _ second: Int) -> [Double] {
    let (m, n) = (Double(first), Double(second))
    let deviation = (m * n * (m + n + 1) / 12).squareRoot()
    return (0...first * second).map { u in erfc(-(Double(u) + 0.5 - m * n / 2) / deviation / 2.0.squareRoot()) / 2 }
  }
}
