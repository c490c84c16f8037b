internal import Model

/// One bucket of a histogram of a trial.
struct HistogramBucket: Sendable, Equatable {
  /// Which time was measured: `latency`, `wait`, ...
  let kind: String
  /// The least value that the bucket counts, nanoseconds.
  let lowest: UInt64
  /// The greatest.
  let highest: UInt64
  /// Values in it.
  let count: UInt64

  /// The buckets of all histograms of a trial that hold a value.
  static func all(of trial: TrialResult) -> [HistogramBucket] {
    HistogramLog.histograms(of: trial).flatMap { kind, histogram in
      histogram.counts.indices.filter { histogram.counts[$0] > 0 }.map { index in
        HistogramBucket(
          kind: kind, lowest: histogram.layout.lowestValue(at: index),
          highest: histogram.layout.highestValue(at: index), count: histogram.counts[index])
      }
    }
  }
}

/// `histograms.csv`: what `latency.hlog` holds, for readers without a decoder of HdrHistogram.
let histogramTable = Table<TrialRow<HistogramBucket>>(
  file: "histograms.csv",
  columns: keyColumns() + [
    .text("kind", "What was measured: `latency`, `wait`, `hold`, `commit`, `backoff` or `censored`.", \.detail.kind),
    .integer("bucket_from_ns", "The least value that the bucket counts.", \.detail.lowest),
    .integer("bucket_to_ns", "The greatest: percentiles are quoted as this one.", \.detail.highest),
    .integer("values_count", "Values in it; buckets without one have no row.", \.detail.count),
    variantColumn(\.trial.cell),
    measurementColumn(\.trial),
  ])
