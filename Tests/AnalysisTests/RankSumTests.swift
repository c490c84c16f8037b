import Testing

@testable import Analysis

/// Samples with what SciPy 1.17.1 makes of them: `stats.mannwhitneyu(second, first, alternative="greater",
/// method="exact").pvalue` and `np.median(np.subtract.outer(second, first))`, the samples being
/// `np.round(rng.normal(0, 1, m), 3)` and `np.round(rng.normal(0.6, 1, n), 3)` of `np.random.default_rng(20261121)`.
struct RankSumReference {
  let first: [Double]
  let second: [Double]
  let probability: Double
  let median: Double

  static let all: [RankSumReference] = [
    RankSumReference(
      first: [0.179, 0.655, 0.425, 0.848, 0.535], second: [-0.17, 0.291, 0.075, 0.832, 0.489],
      probability: 0.8888888888888888, median: -0.244),
    RankSumReference(
      first: [0.021, -2.283, -0.993, 0.524, 0.438],
      second: [-0.054, 1.83, 0.464, 1.141, 0.764, 0.687, 0.441, -0.791],
      probability: 0.046620046620046623, median: 0.723),
    RankSumReference(
      first: [-0.721, -1.761, 0.324, -0.422, -0.957, 1.447, 1.055, -0.407],
      second: [-0.791, -1.334, 0.728, 0.439, -0.52, 0.181, 0.127, -2.269],
      probability: 0.6773115773115774, median: -0.17),
    RankSumReference(
      first: [0.241, -0.374, -2.673, -0.993, -0.875, -0.657, 0.02, -0.394, 0.198, -0.096],
      second: [0.561, 0.859, -0.81, 2.392, -0.295, -1.488, 2.139, 1.324, 0.009, 0.935],
      probability: 0.021628526272489117, median: 1.057),
    RankSumReference(
      first: [1.005, -0.078, 0.177, 1.17, 2.343, -0.177, -0.853, 0.614, -1.231, -1.405, -1.015, 0.441],
      second: [-0.606, 1.506, 1.595, -0.057, 1.144, 2.56, 1.546],
      probability: 0.027824085099626895, median: 1.085),
  ]
}

@Suite struct RankSumTests {
  @Test(arguments: RankSumReference.all.indices)
  func `agrees with SciPy`(index: Int) throws {
    let reference = RankSumReference.all[index]
    let ranks = try #require(RankSum(first: reference.first, second: reference.second))
    #expect(abs(ranks.probability(ofShiftAtMost: 0) - reference.probability) < 1e-12)
    #expect(abs(ranks.estimate - reference.median) < 1e-12)
  }

  /// Ranks k of the ends of one-sided 95 % bounds, as tables of the rank-sum test give them.
  @Test(arguments: [(8, 16), (10, 28), (15, 73)])
  func `the ends of the interval have the ranks of the tables`(size: Int, rank: Int) throws {
    let first = (0..<size).map { Double($0) * 1.0001 }
    let second = (0..<size).map { Double($0) * 0.9 + 0.03 }
    let ranks = try #require(RankSum(first: first, second: second))
    let interval = try #require(ranks.interval(confidence: 0.9))
    #expect(interval == ranks.differences[rank - 1]...ranks.differences[size * size - rank])
  }

  @Test func `ties count against a finding`() throws {
    let same = try #require(RankSum(first: [1, 2, 3, 4, 5], second: [1, 2, 3, 4, 5]))
    #expect(same.probability(ofShiftAtMost: 0) > 0.5)
    let shift = try #require(RankSum(first: [1, 1, 1], second: [1, 1, 1]))
    #expect(shift.probability(ofShiftAtMost: 0) == 1)
  }

  @Test func `what is not finite or empty is refused`() {
    #expect(RankSum(first: [], second: [1]) == nil)
    #expect(RankSum(first: [1, .nan], second: [1]) == nil)
    #expect(RankSum(first: [1], second: [.infinity]) == nil)
  }

  @Test func `the approximation continues the exact distribution`() {
    let exact = RankSum.cumulative(50, 50)
    let approximate = RankSum.cumulative(50, 51)
    #expect(abs(exact[1008] - 0.05) < 0.005 && abs(approximate[1029] - 0.05) < 0.005)
    #expect(abs((exact.last ?? 0) - 1) < 1e-9)
  }
}
