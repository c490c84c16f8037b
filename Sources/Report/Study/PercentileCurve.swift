internal import Glibc
internal import Model

/// Quantiles of a histogram at evenly spaced "nines": 0 is the least value, 1 the 90th percentile, 2 the 99th.
struct PercentileCurve: Sendable {
  /// Values in nanoseconds at `position(i)`; ends where fewer than ``fewest`` values are left above.
  let nanoseconds: [UInt64]
  /// Values that a percentile must have above it to be shown.
  static let fewest = 10.0
  /// Distance of two points in nines.
  static let step = 0.05

  /// Nines of a point: -log10(1 - q).
  static func position(_ index: Int) -> Double { Double(index) * step }

  /// Reads all quantiles in one pass.
  init(_ histogram: HistogramSnapshot) {
    let total = histogram.total
    var values: [UInt64] = []
    var seen: UInt64 = 0
    if Double(total) >= Self.fewest {
      let last = Int((log10(Double(total) / Self.fewest) / Self.step).rounded(.down))
      for index in histogram.counts.indices where histogram.counts[index] > 0 {
        seen += histogram.counts[index]
        while values.count <= last, seen >= Self.rank(values.count, of: total) {
          values.append(histogram.layout.highestValue(at: index))
        }
      }
    }
    nanoseconds = values
  }

  /// The position in the sorted values, from 1, as ``HistogramSnapshot/value(atQuantile:)`` takes it.
  private static func rank(_ index: Int, of total: UInt64) -> UInt64 {
    let quantile = 1 - pow(10, -position(index))
    return max(1, UInt64((quantile.nextDown * Double(total)).rounded(.up)))
  }
}
