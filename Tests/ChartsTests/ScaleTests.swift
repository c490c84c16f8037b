import Testing

@testable import Charts

@Suite struct ScaleTests {
  @Test(arguments: [
    ([0.0, 53_000], [0.0, 20_000, 40_000, 60_000]), ([7], [0, 2, 4, 6, 8]), ([0], [0, 0.2, 0.4, 0.6, 0.8, 1]),
    ([0.3], [0, 0.1, 0.2, 0.3]), ([], [0, 0.2, 0.4, 0.6, 0.8, 1]), ([-3, 10], [-5, 0, 5, 10]),
  ]) func aLinearScaleStartsAtZeroWithRoundTicks(values: [Double], ticks: [Double]) {
    let scale = Scale(.linear, fitting: values)
    #expect(scale.ticks == ticks)
    #expect(scale.fraction(of: ticks[0]) == 0)
    #expect(scale.fraction(of: ticks[ticks.count - 1]) == 1)
  }

  @Test func aFittedScaleLeavesZeroOut() {
    let scale = Scale(.fitted, fitting: [1012, 1048])
    #expect(scale.ticks == [1010, 1020, 1030, 1040, 1050])
    #expect(scale.fraction(of: 1030) == 0.5)
    #expect(scale.fraction(of: 1090) == 2)
  }

  @Test(arguments: [
    ([3.0, 70], [2.0, 5, 10, 20, 50, 100]), ([1, 100_000], [1, 10, 100, 1000, 10_000, 100_000]),
    ([0.93, 1.08], [0.9, 0.95, 1, 1.05, 1.1]), ([0, -4, 30, 300], [20, 50, 100, 200, 500]), ([], [1, 10]),
  ]) func aLogarithmicScaleTakesValuesAboveZero(values: [Double], ticks: [Double]) {
    let scale = Scale(.logarithmic, fitting: values)
    #expect(scale.ticks == ticks)
    #expect(scale.fraction(of: 0) == nil)
    #expect(scale.fraction(of: -1) == nil)
  }

  @Test func equalRatiosLieEquallyFarApart() {
    let scale = Scale(.logarithmic, fitting: [1, 16], ticks: [1, 2, 4, 8, 16])
    #expect([1, 2, 4, 8, 16].map { scale.fraction(of: $0) } == [0, 0.25, 0.5, 0.75, 1])
  }

  @Test func hugeLogarithmicRangesHaveFewTicks() {
    let scale = Scale(.logarithmic, fitting: [.leastNonzeroMagnitude, 1.7e308])
    #expect(scale.ticks.count <= 10)
    #expect(scale.ticks.allSatisfy { $0.isFinite && $0 > 0 })
  }

  @Test func ninesLieEquallyFarApart() throws {
    let scale = Scale(.nines, fitting: [0, 0.999])
    #expect(scale.ticks == [0, 0.5, 0.9, 0.99, 0.999])
    #expect(scale.fraction(of: 0) == 0)
    #expect(abs(try #require(scale.fraction(of: 0.9)) - 1.0 / 3) < 1e-9)
    #expect(abs(try #require(scale.fraction(of: 0.99)) - 2.0 / 3) < 1e-9)
    #expect(scale.fraction(of: 1) == nil)
    #expect(scale.fraction(of: -0.1) == nil)
  }

  @Test func ninesAreLabelledAsPercentages() {
    let axis = Axis("", scale: .nines)
    #expect(
      axis.labels(of: Scale(.nines, fitting: [0.999999]).ticks)
        == ["0 %", "50 %", "90 %", "99 %", "99.9 %", "99.99 %", "99.999 %", "99.9999 %"])
  }

  @Test func categoriesLieInTheMiddleOfTheirBands() {
    let scale = Scale(.categories(["a", "b"]), fitting: [])
    #expect(scale.fraction(of: 0) == 0.25)
    #expect(scale.fraction(of: 1) == 0.75)
    #expect(Axis("", scale: .categories(["a", "b"])).labels(of: scale.ticks) == ["a", "b"])
  }

  @Test(arguments: [Scale.Kind.linear, .fitted, .logarithmic, .nines, .categories(["a"])])
  func whatIsNotFiniteHasNoPlace(kind: Scale.Kind) {
    let scale = Scale(kind, fitting: [.nan, .infinity, -.infinity, -.greatestFiniteMagnitude, 0.5])
    #expect([Double.nan, .infinity, -.infinity].allSatisfy { scale.fraction(of: $0) == nil })
    #expect(scale.fraction(of: 0.5)?.isFinite == true)
    #expect(scale.ticks.allSatisfy { $0.isFinite })
  }
}
