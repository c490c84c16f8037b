import Testing

@testable import Analysis

/// Differences with what SciPy 1.17.1 makes of them: the median of the Walsh averages, the centres that
/// `scipy.stats.wilcoxon(d - centre, method="exact")` does not reject at 5 %, and the p value of `alternative="greater"`.
struct SignedRankReference {
  let differences: [Double]
  let estimate: Double
  let interval: ClosedRange<Double>?
  let greater: Double

  static let all: [SignedRankReference] = [
    SignedRankReference(
      differences: [0.0501, 0.0679, 0.0336], estimate: 0.050425, interval: nil, greater: 0.125),
    SignedRankReference(
      differences: [-0.0034, 0.0227, -0.0095, 0.0536, 0.1304], estimate: 0.0251, interval: nil, greater: 0.15625),
    SignedRankReference(
      differences: [0.0205, 0.0128, 0.0794, 0.0714, 0.0563, -0.0058], estimate: 0.0384,
      interval: -0.0058...0.0794, greater: 0.03125),
    SignedRankReference(
      differences: [0.0482, 0.0917, -0.0307, 0.0225, -0.0641, -0.0274, -0.0605, 0.0359], estimate: 0.000075,
      interval: -0.0474...0.0571, greater: 0.52734375),
    SignedRankReference(
      differences: [-0.026, 0.0663, 0.0594, 0.0388, -0.101, 0.0177, 0.0471, 0.0568, -0.0418, 0.0213],
      estimate: 0.0195, interval: -0.02695...0.05255, greater: 0.1875),
    SignedRankReference(
      differences: [
        -0.0087, 0.0015, 0.1137, 0.0015, 0.048, 0.1031, 0.015, 0.0433, 0.0566, 0.0538, -0.0235, 0.0546, 0.1315,
        -0.0428, 0.1016,
      ],
      estimate: 0.04605, interval: 0.0099...0.0777, greater: 0.00335693359375),
  ]
}

@Suite struct SignedRankTests {
  @Test(arguments: SignedRankReference.all.indices)
  func `agrees with SciPy`(index: Int) throws {
    let reference = SignedRankReference.all[index]
    let ranks = try #require(SignedRank(reference.differences))
    #expect(abs(ranks.estimate - reference.estimate) < 1e-12)
    #expect(abs(ranks.probability(ofCentreAtMost: 0) - reference.greater) < 1e-12)
    let interval = ranks.interval(confidence: 0.95)
    #expect((interval == nil) == (reference.interval == nil))
    if let interval, let expected = reference.interval {
      #expect(abs(interval.lowerBound - expected.lowerBound) < 1e-12)
      #expect(abs(interval.upperBound - expected.upperBound) < 1e-12)
    }
  }

  @Test func `the null distribution is SciPy's`() {
    let six = [0.015625, 0.03125, 0.046875, 0.078125, 0.109375, 0.15625, 0.21875, 0.28125, 0.34375, 0.421875, 0.5]
    #expect(Array(SignedRank.cumulative(6).prefix(11)) == six)
    let ten = SignedRank.cumulative(10)
    #expect(ten[10] == 0.0419921875 && ten[11] == 0.052734375)
    #expect(abs((ten.last ?? 0) - 1) < 1e-12)
  }

  @Test func `90 percent needs five and 95 percent six`() {
    let values = [1.0, 2, 4, 8, 16, 32]
    #expect(SignedRank(Array(values.prefix(4)))?.interval(confidence: 0.9) == nil)
    #expect(SignedRank(Array(values.prefix(5)))?.interval(confidence: 0.9) == 1...16)
    #expect(SignedRank(Array(values.prefix(5)))?.interval(confidence: 0.95) == nil)
    #expect(SignedRank(values)?.interval(confidence: 0.95) == 1...32)
  }

  @Test func `ties with the bound count against a finding`() {
    #expect(SignedRank([0, 0, 0, 0, 0])?.probability(ofCentreAtMost: 0) == 1)
    #expect(SignedRank([1, 1, 1, 1, 1])?.probability(ofCentreAtMost: 0) == 0.03125)
  }

  @Test func `refuses what is not a number`() {
    #expect(SignedRank([]) == nil)
    #expect(SignedRank([1, .nan]) == nil)
    #expect(SignedRank([1, .infinity]) == nil)
  }

  @Test func `many differences do not overflow`() throws {
    let ranks = try #require(SignedRank((1...200).map { Double($0) }))
    let interval = try #require(ranks.interval(confidence: 0.95))
    #expect(interval.lowerBound > 85 && interval.upperBound < 116 && interval.contains(100.5))
  }
}
