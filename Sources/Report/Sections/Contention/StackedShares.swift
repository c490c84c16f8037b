internal import Charts
internal import Model
internal import Words

/// What parts of a whole each strategy has at one load point, as a chart of shares and a table of amounts.
struct StackedShares {
  /// A strategy with the amount of each part.
  struct Row {
    let cell: CellSummary
    let amounts: [Double]
    /// Words for the whole, beside the name.
    var note = ""
  }

  let study: Study
  let point: Point
  let title: String
  var caption = ""
  let parts: [String]
  let rows: [Row]
  /// How amounts are written in the table.
  let format: (Double) -> String

  /// The figure; nil when no strategy has any amount. Parts that nobody has are left out.
  var figure: Figure? {
    let present = parts.indices.filter { part in rows.contains { $0.amounts[part] > 0 } }
    let filled = rows.filter { whole($0) > 0 }
    guard !filled.isEmpty, !present.isEmpty else { return nil }
    let place = study.place(point)
    let chart = BarChart(
      title: title + (place.isEmpty ? "" : ", \(place)"), description: description(filled, present),
      axis: Axis("share", format: .percent), series: present.map { parts[$0] },
      rows: filled.map { row in
        BarChart.Row(row.cell.cell.strategy, present.map { BarChart.Bar(row.amounts[$0]) }, note: row.note)
      }, arrangement: .shares)
    return Figure(
      title: place.isEmpty ? title : place, caption: caption, chart: chart, table: table(filled, present, place))
  }

  private func whole(_ row: Row) -> Double { row.amounts.reduce(0, +) }

  private func description(_ rows: [Row], _ present: [Int]) -> String {
    rows.map { row in
      let shares = present.filter { row.amounts[$0] > 0 }
        .map { "\(parts[$0]) \(formatShare(row.amounts[$0] / whole(row)))" }
      return "\(row.cell.cell.strategy): \(shares.joined(separator: ", "))"
    }.joined(separator: "; ")
  }

  private func table(_ rows: [Row], _ present: [Int], _ place: String) -> Table {
    Table(
      caption: title + (place.isEmpty ? "" : ", \(place)"),
      columns: [.words("strategy")] + present.map { .number(parts[$0]) },
      rows: rows.map { row in
        .cells(
          [study.field(row.cell)]
            + present.map { part in
              row.amounts[part] > 0
                ? Table.Cell(format(row.amounts[part]), share: row.amounts[part] / whole(row)) : "-"
            })
      })
  }
}
