import Testing
import Words

/// Numbers and lengths of time as people read them.
struct NumberTests {
  @Test(
    "three significant digits and the unit that fits",
    arguments: [
      (0, "0 ns"), (85, "85 ns"), (999, "999 ns"), (1000, "1.00 us"), (12_345, "12.3 us"), (9_994, "9.99 us"),
      (9_996, "10.0 us"), (99_960, "100 us"), (999_499, "999 us"), (999_500, "1.00 ms"), (1_250_000, "1.25 ms"),
      (1_005_000, "1.01 ms"), (2_100_000_000, "2.10 s"), (999_999_999, "1.00 s"), (64_000_000_000, "64.0 s"),
      (999_960_000_000, "1,000 s"), (1_234_000_000_000, "1,234 s"), (.max, "18,446,744,074 s"),
    ] as [(UInt64, String)])
  func durations(nanoseconds: UInt64, text: String) {
    #expect(formatDuration(nanoseconds: nanoseconds) == text)
  }

  @Test(
    "rates",
    arguments: [
      (0, "0.00"), (0.126, "0.13"), (2.5, "2.50"), (9.994, "9.99"), (9.996, "10.0"), (42.04, "42.0"), (99.96, "100"),
      (6_543.4, "6,543"), (1_234_567.5, "1,234,568"), (-3, "-3.00"), (.nan, "-"), (.infinity, "-"),
      (1e300, "9,223,372,036,854,775,807"),
    ] as [(Double, String)])
  func rates(perSecond: Double, text: String) { #expect(formatRate(perSecond) == text) }

  @Test(
    "thousands separators",
    arguments: [
      (0, "0"), (999, "999"), (1000, "1,000"), (123_456, "123,456"), (1_234_567, "1,234,567"), (-1000, "-1,000"),
      (-100, "-100"), (.min, "-9,223,372,036,854,775,808"),
    ] as [(Int64, String)])
  func counts(count: Int64, text: String) { #expect(formatCount(count) == text) }

  @Test(
    "decimals",
    arguments: [
      (1.005, 1, "1.0"), (1.06, 1, "1.1"), (1234.5, 2, "1,234.50"), (0.999, 2, "1.00"), (7.4, 0, "7"),
      (-0.5, 2, "-0.50"), (-1234, 0, "-1,234"), (.nan, 1, "-"), (-.infinity, 1, "-"),
      (1e300, 2, "9,223,372,036,854,775,807"),
    ] as [(Double, Int, String)])
  func decimals(value: Double, digits: Int, text: String) { #expect(formatDecimal(value, digits: digits) == text) }

  @Test(
    "growths have a sign unless they are nothing",
    arguments: [
      (0.1234, 3, "+0.123"), (-0.1, 1, "-0.1"), (0.0001, 2, "0.00"), (-0.0001, 2, "0.00"), (0, 1, "0.0"),
      (1234.56, 1, "+1,234.6"), (.infinity, 1, "+inf"), (-.infinity, 1, "-inf"), (.nan, 1, "-"),
    ] as [(Double, Int, String)])
  func signed(value: Double, digits: Int, text: String) { #expect(formatSigned(value, digits: digits) == text) }

  @Test(
    "significant digits, without zeros at the end",
    arguments: [
      (0.05, "0.05"), (1.2345, "1.23"), (1234.4, "1234"), (-2.5, "-2.5"), (0, "0"), (1.2e-7, "1.2e-7"),
      (.leastNonzeroMagnitude, "4.94e-324"), (1.797e308, "1.8e308"), (9.996, "10"), (.nan, "0"),
    ] as [(Double, String)])
  func significant(value: Double, text: String) { #expect(formatSignificant(value, digits: 3) == text) }

  @Test("lengths of time that need not be whole, or there")
  func fractions() {
    #expect(formatDuration(nanoseconds: 84.6) == "85 ns")
    #expect(formatDuration(nanoseconds: 1e300) == "18,446,744,074 s")
    for none in [nil, .nan, .infinity, -1] as [Double?] { #expect(formatDuration(nanoseconds: none) == "-") }
  }

  @Test(
    "shares",
    arguments: [
      (0, "0 %", "0.0 %"), (0.0001, "0 %", "< 0.1 %"), (0.0456, "5 %", "4.6 %"), (0.05, "5 %", "5.0 %"),
      (0.125, "13 %", "13 %"), (0.345, "35 %", "35 %"),
      (1, "100 %", "100 %"), (.nan, "- %", "- %"),
    ] as [(Double, String, String)])
  func shares(share: Double, percent: String, text: String) {
    #expect(formatPercent(share) == percent)
    #expect(formatShare(share) == text)
  }

  @Test(
    "ratios",
    arguments: [
      (0.05123, "0.0512", "0.0512×"), (0.95, "0.950", "0.95×"), (1, "1.00", "1×"), (12.34, "12.3", "12.3×"),
      (7420.4, "7,420", "7,420×"), (.infinity, "-", "-"),
    ] as [(Double, String, String)])
  func ratios(ratio: Double, text: String, factor: String) {
    #expect(formatRatio(ratio) == text)
    #expect(formatFactor(ratio) == factor)
  }

  @Test("a word after a count")
  func counts() {
    #expect(counted(1, "worker") == "1 worker")
    #expect(counted(0, "worker") == "0 workers")
    #expect(counted(1200, "process", "processes") == "1,200 processes")
    #expect(counted(UInt64.max, "trial") == "18,446,744,073,709,551,615 trials")
  }

  @Test(
    "time left",
    arguments: [(0, "1 s"), (44.2, "45 s"), (59.5, "1 min 0 s"), (200, "3 min 20 s"), (7500, "2 h 5 min")])
  func timeLeft(seconds: Double, text: String) { #expect(formatTimeLeft(seconds: seconds) == text) }
}
