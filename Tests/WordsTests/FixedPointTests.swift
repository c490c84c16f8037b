import Testing
import Words

@Suite struct FixedPointTests {
  @Test(
    "prints what %.nf prints",
    arguments: [
      (0, 3, "0.000"), (1.5, 0, "2"), (2.0005, 2, "2.00"), (0.999, 2, "1.00"), (-0.25, 1, "-0.3"), (-0.0001, 2, "0.00"),
      (1_772_366_400.25, 3, "1772366400.250"), (63.999_999_999, 9, "63.999999999"), (7, 1, "7.0"),
    ] as [(Double, Int, String)])
  func text(_ value: Double, _ decimals: Int, _ text: String) { #expect(value.fixedPoint(decimals: decimals) == text) }

  @Test("what has no such form is nil", arguments: [Double.nan, .infinity, -.infinity, 1e19])
  func unprintable(_ value: Double) { #expect(value.fixedPoint(decimals: 3) == nil) }

  @Test(
    "without zeros at its end",
    arguments: [(0, 3, "0"), (1.5, 3, "1.5"), (100, 0, "100"), (-0.0001, 2, "0"), (120.25, 1, "120.3")]
      as [(Double, Int, String)])
  func short(_ value: Double, _ decimals: Int, _ text: String) {
    #expect(value.shortFixedPoint(decimals: decimals) == text)
  }
}
