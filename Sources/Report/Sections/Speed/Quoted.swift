internal import Analysis
internal import Model
internal import Words

extension Section {
  /// Measured latencies beside the orders of magnitude that people quote; absent when the strategies are of fewer than
  /// four kinds, for then it says little.
  static func quoted(_ study: Study) -> Section? {
    let rows = QuotedRow.all(study)
    guard Set(rows.map(\.quote.mechanism)).count >= 4 else { return nil }
    let distances = Set(rows.flatMap(\.farther.keys)).sorted()
    let farther =
      distances.isEmpty
      ? "" : " The last columns were measured with servers so much farther away, as in production they are."
    return Section(
      id: "quoted", title: "Beside what people quote",
      introduction: Line(
        """
        Orders of magnitude from talks and design guides, which name neither machine nor contention, beside the latency \
        of a whole operation here. Servers on the same machine answer without a network; contention adds waiting.\(farther)
        """),
      blocks: [.table(table(rows, distances, study))])
  }

  private static func table(_ rows: [QuotedRow], _ distances: [Duration], _ study: Study) -> Table {
    let ordered = QuotedLatency.all.flatMap { quote in rows.filter { $0.quote == quote } }
    return Table(
      caption: "Measured latency beside quoted orders of magnitude",
      columns: [
        .words("mechanism"), .words("strategy"), .words("where"), .number("quoted"), .number("p50"), .number("p99"),
        .words("p50 is"),
      ]
        + distances.flatMap { distance -> [Table.Column] in
          let away = "\(formatDuration(nanoseconds: distance / .nanoseconds(1))) away"
          return [.number("p50, \(away)"), .words("p50 is, \(away)")]
        },
      rows: ordered.map { row in
        .cells(
          [
            Table.Cell(row.quote.mechanism), study.field(row.cell), Table.Cell(row.place),
            Table.Cell(row.range), Table.Cell(formatDuration(nanoseconds: row.median)),
            Table.Cell(
              row.cell.latency.supportedValue(atQuantile: 0.99).map { formatDuration(nanoseconds: $0) } ?? "-"),
            Table.Cell(row.quote.words(for: row.median)),
          ]
            + distances.flatMap { distance in
              let median = row.farther[distance]
              return [
                Table.Cell(median.map { formatDuration(nanoseconds: $0) } ?? "-"),
                Table.Cell(median.map(row.quote.words) ?? "-"),
              ]
            })
      }
    ).withoutEmptyColumns()
  }
}

/// A cell of which somebody quotes the latency, with its medians where servers were farther away.
private struct QuotedRow {
  let cell: CellSummary
  /// Everything but how far away servers were.
  let place: String
  let quote: QuotedLatency
  let median: UInt64
  /// Medians by distance.
  var farther: [Duration: UInt64] = [:]
  private let distance: Duration

  private init?(_ study: Study, _ point: Point, _ cell: CellSummary) {
    guard let trial = cell.trials.first, let strategy = study.lookup(trial.strategyID, trial.store),
      let quote = QuotedLatency.of(strategy, over: trial.store, onlyReads: trial.onlyReads),
      let median = cell.latency.supportedValue(atQuantile: 0.5)
    else { return nil }
    (self.cell, self.quote, self.median) = (cell, quote, median)
    place = Self.place(study, point)
    // That of the load point: a strategy without a server is in it, too.
    distance = point.cells.flatMap { $0.trials[0].conditions.distances.values.map(\.roundTrip) }.max() ?? .zero
  }

  /// One row for what differs only in how far away servers were, made of the nearest.
  static func all(_ study: Study) -> [QuotedRow] {
    let rows = study.points.flatMap { point in
      point.cells.filter(\.isComparable).compactMap { QuotedRow(study, point, $0) }
    }
    var merged: [QuotedRow] = []
    for row in rows.enumerated().sorted(by: { ($0.element.distance, $0.offset) < ($1.element.distance, $1.offset) }) {
      let same = merged.firstIndex {
        $0.cell.cell.strategy == row.element.cell.cell.strategy && $0.place == row.element.place
          && $0.distance < row.element.distance
      }
      if let same {
        merged[same].farther[row.element.distance] = row.element.median
      } else {
        merged.append(row.element)
      }
    }
    return merged
  }

  private static func place(_ study: Study, _ point: Point) -> String {
    let settings = point.variant.split(separator: ",").map { String($0.drop { $0 == " " }) }
      .filter { !$0.hasPrefix("rtt=") && !($0.hasPrefix("services.") && $0.contains(".rtt=")) }
    let workers = Set(study.points.map(\.workers)).count > 1 ? counted(point.workers, "worker") : ""
    return ([study.runNames[point.run]] + settings + [workers]).filter { !$0.isEmpty }.joined(separator: ", ")
  }

  /// `< 1 us`, `1 to 10 ms`.
  var range: String {
    let (low, high) = (quote.nanoseconds.lowerBound, quote.nanoseconds.upperBound)
    if low == 0 { return "< " + formatDuration(nanoseconds: high) }
    return "\(formatDuration(nanoseconds: low)) to \(formatDuration(nanoseconds: high))"
  }
}

extension TrialResult {
  /// Whether nothing was changed, of all that was done.
  fileprivate var onlyReads: Bool { total[.committed] > 0 && total[.committedReads] == total[.committed] }
}
