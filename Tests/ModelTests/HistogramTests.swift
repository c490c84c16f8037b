import Model
import Testing

/// Buckets, quantiles, merging.
struct HistogramTests {
  @Test("buckets leave no gap and are as narrow as their layout says", arguments: [HistogramLayout.latency, .phase])
  func buckets(layout: HistogramLayout) {
    let width = 1.0 / Double(1 << (layout.precisionBits - 1))
    var next: UInt64 = 0
    for index in 0..<layout.count {
      let lowest = layout.lowestValue(at: index)
      let highest = layout.highestValue(at: index)
      #expect(lowest == next, "buckets leave no gap")
      #expect(layout.index(of: lowest) == index)
      #expect(layout.index(of: highest) == index)
      #expect(Double(highest - lowest) <= width * Double(lowest))
      guard lowest == next, highest >= lowest else { return }
      next = highest + 1
    }
    #expect(next == 1 << 63, "the range is every time there is")
  }

  @Test("values below 2^11 are exact, larger ones keep three digits")
  func precision() {
    #expect(HistogramLayout.latency.highestValue(at: HistogramLayout.latency.index(of: 2047)) == 2047)
    #expect(HistogramLayout.latency.highestValue(at: HistogramLayout.latency.index(of: 2048)) == 2049)
    #expect(HistogramLayout.latency.highestValue(at: HistogramLayout.latency.index(of: 1_000_000)) == 1_000_447)
  }

  private func histogram(_ values: some Sequence<UInt64>) -> HistogramSnapshot {
    var snapshot = HistogramSnapshot(.latency)
    for value in values { snapshot.record(value) }
    return snapshot
  }

  @Test(
    "quantiles have the exact rank",
    arguments: [
      (0, 1), (0.01, 1), (0.07, 7), (0.5, 50), (0.501, 51), (0.9, 90), (0.99, 99), (0.999, 100), (1, 100),
    ] as [(Double, UInt64)])
  func quantiles(quantile: Double, value: UInt64) {
    #expect(histogram(1...100).value(atQuantile: quantile) == value)
  }

  @Test("an empty histogram has no values")
  func empty() {
    let snapshot = HistogramSnapshot(.phase)
    #expect(snapshot.total == 0)
    #expect(snapshot.value(atQuantile: 0.5) == nil)
    #expect(snapshot.supportedValue(atQuantile: 0.5) == nil)
    #expect(snapshot.maximum == nil)
    #expect(snapshot.mean == nil)
  }

  @Test(
    "a quantile is reported only with 100 values beyond it",
    arguments: [(0.5, 200), (0.9, 1000), (0.99, 10_000)] as [(Double, UInt64)])
  func support(quantile: Double, needed: UInt64) {
    #expect(histogram((1..<needed).map { $0 % 1000 }).supportedValue(atQuantile: quantile) == nil)
    #expect(histogram((1...needed).map { $0 % 1000 }).supportedValue(atQuantile: quantile) != nil)
  }

  @Test("mean and maximum")
  func meanAndMaximum() {
    let snapshot = histogram([10, 20, 60])
    #expect(snapshot.mean == 30)
    #expect(snapshot.maximum == 60)
    #expect(histogram([0]).mean == 0)
  }

  @Test("percentiles are those of the sorted values, to the width of a bucket", arguments: 0..<20)
  func percentilesOfAnyValues(seed: UInt64) {
    var random = RandomSource(seed: seed)
    for layout in [HistogramLayout.latency, .phase] {
      // Every magnitude from nanoseconds to centuries: also what a limit of 64 s would lose.
      let values = (0..<Int(random.below(3000) + 1)).map { _ in random.next() >> (1 + random.below(63)) }.sorted()
      var snapshot = HistogramSnapshot(layout)
      for value in values { snapshot.record(value) }
      #expect(snapshot.total == UInt64(values.count))
      for quantile in [0.0, 0.001, 0.25, 0.5, 0.9, 0.99, 0.999, 1] {
        let rank = max(1, Int((quantile.nextDown * Double(values.count)).rounded(.up)))
        let exact = values[rank - 1]
        let found = snapshot.value(atQuantile: quantile) ?? 0
        #expect(found >= exact)
        #expect(Double(found - exact) <= Double(exact) / Double(1 << (layout.precisionBits - 1)))
      }
    }
  }

  @Test("merging adds, and the difference to an earlier snapshot takes away")
  func merging() {
    var merged = histogram(1...50)
    merged += histogram(51...100)
    #expect(merged == histogram(1...100))
    #expect(merged.since(histogram(1...50)) == histogram(51...100))
  }
}
