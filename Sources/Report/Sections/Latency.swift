internal import Charts
internal import Glibc
internal import Model
internal import Terminal

extension Section {
  /// Latency of committed operations by percentile, a chart per load point.
  static func latency(_ study: Study) -> Section? {
    let figures = study.points.compactMap { LatencyCurves(study, $0).figure }
    guard !figures.isEmpty else { return nil }
    return Section(
      id: "latency", title: "Latency by percentile",
      introduction: """
        From the first attempt to the answer, committed operations only; in an open loop from the intended start. To the \
        right the slower ones: each step is ten times rarer. A curve ends where fewer than ten samples are left beyond; \
        the band is the range of the repetitions. Controls and cells that broke an invariant are left out.
        """,
      blocks: Block.folding(figures))
  }
}

/// The latencies at one load point.
private struct LatencyCurves {
  private struct Curve {
    let cell: CellSummary
    let merged: PercentileCurve
    let repetitions: [PercentileCurve]
  }

  let study: Study
  let point: Point
  private let curves: [Curve]

  init(_ study: Study, _ point: Point) {
    self.study = study
    self.point = point
    curves = point.cells.filter(\.isComparable).map { cell in
      Curve(
        cell: cell, merged: PercentileCurve(cell.latency),
        repetitions: cell.trials.filter { $0.failure == nil }.map { PercentileCurve($0.latency) })
    }.filter { !$0.merged.nanoseconds.isEmpty }
  }

  var figure: Figure? {
    guard !curves.isEmpty else { return nil }
    let place = study.place(point)
    let series = curves.map { curve in
      LineChart.Series(
        curve.cell.cell.strategy, places(curve), intervals: .band,
        style: study.index(of: curve.cell.cell.strategy))
    }
    let chart = LineChart(
      title: "Latency by percentile" + (place.isEmpty ? "" : ", \(place)"), description: description,
      x: Axis("share of operations that were at least as fast", scale: .nines),
      y: Axis("latency", scale: .logarithmic, format: .duration), series: series, plotHeight: 300)
    return Figure(title: place.isEmpty ? "Latency of committed operations" : place, chart: chart, table: table(place))
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
        curve.cell.latency.supportedValue(atQuantile: quantile).map { "\(name) \(formatDuration(nanoseconds: $0))" }
      }
      return "\(curve.cell.cell.strategy): \(values.isEmpty ? "too few samples" : values.joined(separator: ", "))"
    }.joined(separator: "; ")
  }

  private static let quantiles: [(quantile: Double, name: String)] = [
    (0.5, "p50"), (0.9, "p90"), (0.95, "p95"), (0.99, "p99"), (0.999, "p99.9"), (0.9999, "p99.99"),
  ]

  private func table(_ place: String) -> Table {
    Table(
      caption: "Latency by percentile" + (place.isEmpty ? "" : ", \(place)"),
      columns: [.words("strategy")] + Self.quantiles.map { .number($0.name) } + [
        .number("greatest"), .number("samples"),
      ],
      rows: curves.map { curve in
        let histogram = curve.cell.latency
        return .cells(
          [study.field(curve.cell)]
            + Self.quantiles.map { quantile in
              Table.Cell(
                histogram.supportedValue(atQuantile: quantile.quantile).map { formatDuration(nanoseconds: $0) } ?? "-")
            } + [
              Table.Cell(histogram.maximum.map { formatDuration(nanoseconds: $0) } ?? "-"),
              Table.Cell(formatCount(Int64(clamping: histogram.total))),
            ])
      }
    ).withoutEmptyColumns()
  }
}
