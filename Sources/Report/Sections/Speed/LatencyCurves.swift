internal import Charts
internal import Glibc
internal import Model
internal import Words

/// Latencies by percentile in one chart.
struct LatencyCurves {
  /// What all repetitions of a cell say together, and each of them.
  struct Curve {
    let name: String
    /// Position that decides mark and colour.
    let style: Int
    let histogram: HistogramSnapshot
    let merged: PercentileCurve
    let repetitions: [PercentileCurve]

    init(_ cell: CellSummary, name: String, style: Int) {
      self.name = name
      self.style = style
      histogram = cell.latency
      merged = PercentileCurve(histogram)
      repetitions = cell.trials.filter { $0.failure == nil }.map { PercentileCurve($0.latency) }
    }
  }

  /// Where they were measured; empty when there is one place only.
  let place: String
  private let curves: [Curve]

  /// Keeps the curves that have enough samples for a point.
  init(place: String, _ curves: [Curve]) {
    self.place = place
    self.curves = curves.filter { !$0.merged.nanoseconds.isEmpty }
  }

  /// The chart with its table; nil without a curve.
  var figure: Figure? {
    guard !curves.isEmpty else { return nil }
    let series = curves.map { curve in
      LineChart.Series(curve.name, places(curve), intervals: .band, style: curve.style)
    }
    let chart = LineChart(
      title: "Latency by percentile" + (place.isEmpty ? "" : ", \(place)"), description: description,
      x: Axis("share of operations that were at least as fast", scale: .nines),
      y: Axis("latency", scale: .logarithmic, format: .duration), series: series, plotHeight: 300)
    return Figure(title: place.isEmpty ? "Latency of committed operations" : place, chart: chart, table: table)
  }

  private func places(_ curve: Curve) -> [LineChart.Point] {
    curve.merged.nanoseconds.enumerated().map { index, value in
      let values = curve.repetitions.compactMap { index < $0.nanoseconds.count ? $0.nanoseconds[index] : nil }
      // A band needs two repetitions that reach this far.
      let hasBand = values.count > 1
      return LineChart.Point(
        x: 1 - pow(10, -PercentileCurve.position(index)), y: Double(value),
        low: hasBand ? values.min().map { Double($0) } : nil, high: hasBand ? values.max().map { Double($0) } : nil)
    }
  }

  private var description: String {
    curves.map { curve in
      let values = [(0.5, "median"), (0.99, "99th percentile")].compactMap { quantile, name in
        curve.histogram.supportedValue(atQuantile: quantile).map { "\(name) \(formatDuration(nanoseconds: $0))" }
      }
      return "\(curve.name): \(values.isEmpty ? "too few samples" : values.joined(separator: ", "))"
    }.joined(separator: "; ")
  }

  private static let quantiles: [(quantile: Double, name: String)] = [
    (0.5, "p50"), (0.9, "p90"), (0.95, "p95"), (0.99, "p99"), (0.999, "p99.9"), (0.9999, "p99.99"),
  ]

  private var table: Table {
    Table(
      caption: "Latency by percentile" + (place.isEmpty ? "" : ", \(place)"),
      columns: [.words("strategy")] + Self.quantiles.map { .number($0.name) } + [
        .number("greatest"), .number("samples"),
      ],
      rows: curves.map { curve in
        .cells(
          [Table.Cell(curve.name, strategy: curve.style)]
            + Self.quantiles.map { quantile in
              Table.Cell(
                curve.histogram.supportedValue(atQuantile: quantile.quantile).map { formatDuration(nanoseconds: $0) }
                  ?? "-")
            } + [
              Table.Cell(curve.histogram.maximum.map { formatDuration(nanoseconds: $0) } ?? "-"),
              Table.Cell(formatCount(curve.histogram.total)),
            ])
      }
    ).withoutEmptyColumns()
  }
}
