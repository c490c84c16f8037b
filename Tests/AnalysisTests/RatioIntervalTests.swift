import Analysis
import Foundation
import Testing

@Suite struct RatioIntervalTests {
  private func interval(_ ratios: [Double], leftOut: Int = 0) throws -> RatioInterval {
    try #require(RatioInterval(logRatios: ratios.map { log($0) }, leftOut: leftOut))
  }

  @Test func `few pairs give their range and say so`() throws {
    let ratio = try interval([1.2, 1.1, 1.3], leftOut: 2)
    #expect(ratio.method == .range)
    #expect(abs(ratio.low - 1.1) < 1e-12 && abs(ratio.high - 1.3) < 1e-12)
    #expect(ratio.low < ratio.point && ratio.point < ratio.high)
    #expect(ratio.pairs == 3 && ratio.leftOut == 2)
    #expect(ratio.isSeparated && !ratio.isConfident)
  }

  @Test func `six pairs give a signed-rank interval`() throws {
    let ratio = try interval([1.2, 1.1, 1.3, 1.25, 1.15, 1.22])
    #expect(ratio.method == .signedRank(confidence: 0.95))
    #expect(ratio.isSeparated && ratio.isConfident)
    #expect(try !interval([1.2, 1.1, 1.3, 1.25, 1.15, 0.99]).isSeparated)
  }

  @Test func `two pairs separate nothing`() throws {
    #expect(try !interval([3, 3.1]).isSeparated)
    #expect(try !interval([3]).isSeparated)
    #expect(RatioInterval(logRatios: []) == nil)
    #expect(RatioInterval(logRatios: [.infinity, 1, 1]) == nil)
  }

  @Test func `samples without pairs give a rank-sum interval from four values each on`() throws {
    let base = [100.0, 104, 98, 102].map { log($0) }
    let ratio = try #require(RatioInterval(logsOfFirst: [150.0, 148, 153, 160].map { log($0) }, second: base))
    #expect(ratio.method == .rankSum(confidence: 0.95))
    // With 4 and 4 values the 95 % interval is the whole range: P(U = 0) = 1/70.
    #expect(abs(ratio.low - 148.0 / 104) < 1e-12 && abs(ratio.high - 160.0 / 98) < 1e-12)
    #expect(ratio.low < ratio.point && ratio.point < ratio.high)
    #expect(ratio.isConfident && ratio.pairs == 4)
    let few = try #require(RatioInterval(logsOfFirst: [log(150), log(148), log(90)], second: base, leftOut: 1))
    #expect(few.method == .range && few.leftOut == 1 && few.pairs == 3)
    #expect(!few.isSeparated && abs(few.low - 90.0 / 104) < 1e-12)
    #expect(RatioInterval(logsOfFirst: [], second: base) == nil)
  }

  @Test func `the inverse swaps the ends`() throws {
    let ratio = try interval([2, 2.5, 4])
    #expect(abs(ratio.inverse.low - 0.25) < 1e-12 && abs(ratio.inverse.high - 0.5) < 1e-12)
    #expect(ratio.inverse.isSeparated)
  }

  @Test func `an even ratio is not separated`() throws {
    #expect(try !interval([1, 1, 1, 1, 1, 1, 1]).isSeparated)
  }

  @Test func `the median of none is nothing`() {
    #expect(median([]) == nil)
    #expect(median([3]) == 3)
    #expect(median([4, 1, 3]) == 3)
    #expect(median([4, 1, 3, 2]) == 2.5)
  }
}
