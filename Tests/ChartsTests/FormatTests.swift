import Testing

@testable import Charts

@Suite struct FormatTests {
  @Test(arguments: [
    (NumberFormat.plain, 0.05, "0.05"), (.plain, 1234, "1234"), (.plain, -2.5, "-2.5"), (.plain, 0, "0"),
    (.plain, 1.2e-7, "1.2e-7"), (.plain, .leastNonzeroMagnitude, "4.94e-324"), (.plain, 1.797e308, "1.8e308"),
    (.plain, .nan, "-"),
    (.count, 999.4, "999"), (.count, 999.6, "1 k"), (.count, 1234, "1.23 k"), (.count, 2_500_000, "2.5 M"),
    (.count, -40_000, "-40 k"), (.duration, 85, "85 ns"), (.duration, 12_300, "12.3 us"),
    (.duration, 1_250_000, "1.25 ms"), (.duration, 999_999, "1 ms"), (.duration, 2e9, "2 s"),
    (.duration, 90e9, "90 s"), (.ratio, 0.904, "0.904×"), (.percent, 0.125, "12.5 %"), (.percent, 1, "100 %"),
    (.count, .infinity, "-"),
  ]) func writesValues(format: NumberFormat, value: Double, text: String) {
    #expect(format.text(value) == text)
  }

  @Test(arguments: [(0.0, "0"), (12.34, "12.3"), (-0.04, "0"), (-7.25, "-7.3"), (.nan, "0"), (1e99, "1000000")])
  func coordinatesHaveOneDecimal(value: Double, text: String) {
    #expect(coordinate(value) == text)
  }

  @Test func neighbouringTicksAreToldApart() {
    #expect(Axis("", format: .count).labels(of: [10_012, 10_014]) == ["10.012 k", "10.014 k"])
  }

  @Test func longNamesKeepTheirStartAndTheirEnd() {
    let name = "redis.lock over postgres (keys=16, hold=1ms)"
    let short = TextWidth.shortened(name, toFit: 150)
    #expect(short.hasPrefix("redis.lock") && short.hasSuffix("1ms)") && short.contains("…"))
    #expect(TextWidth.of(short) <= 150)
    #expect(TextWidth.shortened("redis.lock", toFit: 150) == "redis.lock")
    #expect(TextWidth.shortened("anything", toFit: 0) == "…")
  }

  @Test func labelsAreMovedApartAndStayInside() {
    #expect(spread([10, 12, 50], apart: 16, from: 0, to: 100) == [10, 26, 50])
    #expect(spread([95, 96, 97], apart: 16, from: 0, to: 100) == [68, 84, 100])
    #expect(spread([], apart: 16, from: 0, to: 100) == [])
  }

  @Test func decimationKeepsPeaksAndEnds() {
    var points = (0..<10_000).map { LineChart.Point(x: Double($0), y: 1) }
    points[4321].y = 99
    points[8765].y = -99
    let kept = decimated(points)
    #expect(kept.count <= 400)
    #expect(kept.first == points.first && kept.last == points.last)
    #expect(kept.contains(points[4321]) && kept.contains(points[8765]))
    #expect(kept.map(\.x) == kept.map(\.x).sorted())
    #expect(decimated(Array(points.prefix(400))) == Array(points.prefix(400)))
  }
}
