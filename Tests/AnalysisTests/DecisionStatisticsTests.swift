import Testing

@testable import Analysis

/// What decisions over several comparisons, over counts, and before a measurement are made of.
@Suite struct DecisionStatisticsTests {
  @Test func `Holm rejects step by step`() {
    #expect(holmRejections([0.01, 0.04, 0.03, 0.005], alpha: 0.05) == [true, false, false, true])
    #expect(holmRejections([0.04], alpha: 0.05) == [true])
    #expect(holmRejections([0.03, 0.03], alpha: 0.05) == [false, false])
    #expect(holmRejections([0.025, 0.05], alpha: 0.05) == [true, true])
    #expect(holmRejections([], alpha: 0.05).isEmpty)
  }

  @Test func `with ten pairs Holm can fire among at most 51`() {
    let least = 0x1p-10
    func fires(_ count: Int) -> Bool {
      holmRejections([least] + Array(repeating: 1, count: count - 1), alpha: 0.05)[0]
    }
    #expect(fires(51) && !fires(52))
  }

  /// `scipy.stats.binomtest(k, c + k, tc / (tb + tc), alternative="greater").pvalue` of SciPy 1.17.1.
  @Test(
    arguments: [
      (0, 5, 1000.0, 1000.0, 0.03125), (3, 10, 1000, 1000, 0.046142578125), (10, 30, 2e6, 1e6, 8.47487803311314e-08),
      (0, 1, 10, 30, 0.75), (100, 130, 1e6, 1e6, 0.02780678889069619), (5000, 5200, 1e7, 1e7, 0.02439398156341117),
    ] as [(Int64, Int64, Double, Double, Double)])
  func `counts agree with SciPy`(first: Int64, second: Int64, base: Double, candidate: Double, expected: Double) {
    let probability = probabilityOfMoreEvents(first: first, second: second, exposures: (base, candidate))
    #expect(abs(probability - expected) < 1e-9 * max(1, expected) && abs(probability / expected - 1) < 1e-6)
  }

  @Test func `no event in the second exposure is no finding`() {
    #expect(probabilityOfMoreEvents(first: 7, second: 0, exposures: (1, 1)) == 1)
    #expect(probabilityOfMoreEvents(first: 0, second: 3, exposures: (0, 5)) == 1)
  }

  /// Greatest deviations at which so many pairs detect a growth of 10 %, from 20,000 simulated gates each.
  @Test(arguments: [(8, 0.065), (10, 0.077), (12, 0.087), (15, 0.098), (20, 0.115), (30, 0.143)])
  func `the needed number agrees with simulations to one`(count: Int, deviation: Double) throws {
    let needed = try #require(neededPairs(deviation: deviation, size: 0.0953101798))
    #expect(abs(needed - count) <= 1)
  }

  @Test func `nothing is needed of impossible numbers`() {
    #expect(neededPairs(deviation: 1, size: 0) == nil)
    #expect(neededPairs(deviation: .infinity, size: 1) == nil)
    #expect(neededPairs(deviation: 0, size: 1) == 2)
    #expect(standardDeviation([1]) == nil)
    #expect(standardDeviation([1, 3]) == 2.0.squareRoot())
  }
}
