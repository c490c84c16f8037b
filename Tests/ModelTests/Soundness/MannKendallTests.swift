import Model
import Testing

/// The trend test against other implementations: pymannkendall 1.4.3 and SciPy 1.17.
struct MannKendallTests {
  struct Reference: Sendable, CustomTestStringConvertible {
    let name: String
    let values: [Double]
    let score: Double
    let variance: Double
    let slope: Double
    /// From SciPy's `theilslopes` and `rankdata`, and the formula of an autoregression.
    let inflation: Double
    /// pymannkendall's `original_test`, which takes values for independent.
    let independentDeviation: Double
    let independentProbability: Double
    var testDescription: String { name }
  }

  static let references: [Reference] = [
    Reference(
      name: "rising", values: [10, 12, 11, 14, 13, 17, 16, 18, 21, 20], score: 37, variance: 125, slope: 1.25,
      inflation: 1, independentDeviation: 3.219937887599697, independentProbability: 0.0012821837418053317),
    Reference(
      name: "with ties", values: [5, 5, 7, 7, 7, 6, 5, 8, 8, 9, 9, 9], score: 42, variance: 200.66666666666666,
      slope: 0.3333333333333333, inflation: 2.863907338714469, independentDeviation: 2.894317952810322,
      independentProbability: 0.00379983177248322),
    Reference(
      name: "falling", values: [100, 98.5, 97, 99, 95, 93, 94, 90, 88, 85, 86, 80, 79, 75, 76], score: -95,
      variance: 408.3333333333333, slope: -1.8571428571428572, inflation: 3.2576893885328735,
      independentDeviation: -4.651793597470699, independentProbability: 3.290603535877068e-06),
    Reference(
      name: "flat", values: [3.1, 2.9, 3.0, 3.2, 2.8, 3.05, 2.95, 3.15], score: 2, variance: 65.33333333333333,
      slope: 0.008571428571428586, inflation: 1, independentDeviation: 0.12371791482634838,
      independentProbability: 0.9015386266571279),
    Reference(
      name: "an autoregression",
      values: [
        0, 0.001, 0.3, -0.034, -0.918, -1.189, -1.943, -1.494, 0.145, -0.376, -0.921, -0.247, 0.159, 0.233, -0.744,
        -0.624, 0.196, -1.187, -1.407, -3.027,
      ], score: -36, variance: 950, slope: -0.04321031746031746, inflation: 3.253486746207145,
      independentDeviation: -1.1355499479153377, independentProbability: 0.2561449666035265),
  ]

  @Test("agrees with other implementations", arguments: references)
  func agreement(_ reference: Reference) throws {
    let test = try #require(MannKendall(reference.values))
    #expect(test.score == reference.score)
    #expect(abs(test.independentVariance - reference.variance) < 1e-9)
    #expect(abs(test.slope - reference.slope) < 1e-12)
    #expect(abs(test.inflation - reference.inflation) < 1e-9)
    #expect(abs(test.deviation * test.inflation.squareRoot() - reference.independentDeviation) < 1e-9)
    if reference.inflation == 1 { #expect(abs(test.probability - reference.independentProbability) < 1e-9) }
    if reference.inflation > 1 { #expect(test.probability > reference.independentProbability) }
  }

  @Test("what does not move has no trend, and what is too short no test")
  func edges() throws {
    let constant = try #require(MannKendall(Array(repeating: 7, count: 20)))
    #expect(constant.deviation == 0 && constant.probability == 1 && constant.slope == 0 && constant.inflation == 1)
    #expect(MannKendall(Array(repeating: 7, count: MannKendall.leastValues - 1)) == nil)
  }
}
