internal import Analysis
internal import Model
internal import Words

extension Section {
  /// Measured latencies beside the orders of magnitude that people quote; absent when the strategies are of fewer than
  /// four kinds, for then it says little.
  static func quoted(_ study: Study) -> Section? {
    let rows = study.points.flatMap { point in
      point.cells.filter(\.isComparable).compactMap { QuotedRow(study, point, $0) }
    }
    guard Set(rows.map(\.quote.mechanism)).count >= 4 else { return nil }
    return Section(
      id: "quoted", title: "Beside what people quote",
      introduction: """
        Orders of magnitude from talks and design guides, which name neither machine nor contention, beside the latency \
        of a whole operation here. Servers on the same machine answer without a network; contention adds waiting.
        """,
      blocks: [.table(table(rows, study))])
  }

  private static func table(_ rows: [QuotedRow], _ study: Study) -> Table {
    let ordered = QuotedLatency.all.flatMap { quote in rows.filter { $0.quote == quote } }
    return Table(
      caption: "Measured latency beside quoted orders of magnitude",
      columns: [
        .words("mechanism"), .words("strategy"), .words("where"), .number("quoted"), .number("p50"), .number("p99"),
        .words("p50 is"),
      ],
      rows: ordered.map { row in
        .cells([
          Table.Cell(row.quote.mechanism), study.field(row.cell), Table.Cell(study.place(row.point)),
          Table.Cell(row.range), Table.Cell(formatDuration(nanoseconds: row.median)),
          Table.Cell(row.cell.latency.supportedValue(atQuantile: 0.99).map { formatDuration(nanoseconds: $0) } ?? "-"),
          Table.Cell(row.quote.words(for: row.median)),
        ])
      }
    ).withoutEmptyColumns()
  }
}

/// A cell of which somebody quotes the latency.
private struct QuotedRow {
  let point: Point
  let cell: CellSummary
  let quote: QuotedLatency
  let median: UInt64

  init?(_ study: Study, _ point: Point, _ cell: CellSummary) {
    guard let trial = cell.trials.first, let strategy = study.lookup(trial.strategyID, trial.store),
      let quote = QuotedLatency.of(strategy, over: trial.store),
      let median = cell.latency.supportedValue(atQuantile: 0.5)
    else { return nil }
    (self.point, self.cell, self.quote, self.median) = (point, cell, quote, median)
  }

  /// `< 1 us`, `1 to 10 ms`.
  var range: String {
    let (low, high) = (quote.nanoseconds.lowerBound, quote.nanoseconds.upperBound)
    if low == 0 { return "< " + formatDuration(nanoseconds: high) }
    return "\(formatDuration(nanoseconds: low)) to \(formatDuration(nanoseconds: high))"
  }
}
