import Histogram
import Model
import Testing

@testable import Runtime

/// Buckets against the HdrHistogram package.
struct RecorderTests {
  private static let highest = UInt64(Int64.max)

  /// Values around every power of two and random ones of every magnitude.
  private static let values: [UInt64] = {
    var random = RandomSource(seed: 12)
    let edges = (0..<63).flatMap { bit in [-2, -1, 0, 1, 2].map { UInt64(max(0, (1 << bit) + $0)) } }
    let drawn = (0..<20_000).map { _ in random.next() >> (1 + random.below(63)) }
    return (edges + drawn).filter { $0 <= highest }
  }()

  private func oracle(_ layout: HistogramLayout) -> Histogram<UInt64> {
    Histogram<UInt64>(
      highestTrackableValue: Self.highest, numberOfSignificantValueDigits: layout.digits == 3 ? .three : .two)
  }

  @Test("every value falls into the same bucket", arguments: [HistogramLayout.latency, .phase])
  func buckets(layout: HistogramLayout) {
    let oracle = oracle(layout)
    for value in Self.values {
      let index = layout.index(of: value)
      #expect(index < layout.count)
      #expect(layout.lowestValue(at: index) == oracle.lowestEquivalentForValue(value))
      #expect(layout.highestValue(at: index) == oracle.highestEquivalentForValue(value))
    }
  }

  @Test("recorded values have the same quantiles", arguments: [RecorderKind.latency, .wait])
  func quantiles(kind: RecorderKind) throws {
    let memory = try TrialMemory(
      TrialLayout(
        records: 1, threads: 1, workers: 1, ringLength: 8, stepsPerOperation: 1, comparesValues: false))
    let recorder = memory.thread(0).recorder(kind)
    var oracle = oracle(recorder.layout)
    for value in Self.values {
      recorder.record(Int64(value))
      oracle.record(value)
    }
    let snapshot = recorder.snapshot
    #expect(snapshot.total == oracle.totalCount)
    for quantile in [0.01, 0.25, 0.5, 0.9, 0.99, 0.999] {
      #expect(snapshot.value(atQuantile: quantile) == oracle.valueAtPercentile(quantile * 100))
    }
    // The package keeps the exact maximum besides its buckets.
    let greatest = try #require(Self.values.max())
    #expect(snapshot.value(atQuantile: 1) == oracle.highestEquivalentForValue(greatest))
  }

  @Test("negative values count as zero, and no value is out of range")
  func range() throws {
    let memory = try TrialMemory(
      TrialLayout(
        records: 1, threads: 1, workers: 1, ringLength: 8, stepsPerOperation: 1, comparesValues: false))
    let recorder = memory.thread(0).recorder(.latency)
    for value in [Int64.max, 200_000_000_000, -5] { recorder.record(value) }
    #expect(recorder.snapshot.total == 3)
    #expect(recorder.snapshot.counts[0] == 1)
    #expect(recorder.snapshot.maximum == UInt64(Int64.max))
    #expect(memory.thread(0).recorder(.wait).snapshot.total == 0)
  }
}

extension Recorder {
  /// What was counted so far.
  var snapshot: HistogramSnapshot {
    HistogramSnapshot(layout, counts: Array(UnsafeBufferPointer(start: counts, count: layout.count)))
  }
}
