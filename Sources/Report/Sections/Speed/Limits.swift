internal import Analysis
internal import Charts
internal import Model
internal import Words

extension Section {
  /// How near strategies came to what is possible, where a limit can be stated.
  static func limits(_ study: Study) -> Section? {
    let rows = study.runs.indices.flatMap { run -> [LimitRow] in
      let points = study.points.filter { $0.run == run }
      let limits = Limits(of: points.flatMap(\.cells), lookup: study.lookup)
      return points.flatMap { point in
        point.cells.filter(\.isComparable).flatMap { cell in
          limits.limits(of: cell).map { LimitRow(point: point, cell: cell, limit: $0) }
        }
      }
    }
    guard !rows.isEmpty else { return nil }
    return Section(
      id: "limits", title: "Distance from the limit",
      introduction: """
        What cannot be exceeded, and how much of it was reached: the null operation of the same store, the critical \
        section that only one at a time can be in (Amdahl\u{27}s law), and the round trips that are made inside of it.
        """,
      blocks: Block.folding(table(rows, study), most: 24, "limit"))
  }

  private static func table(_ rows: [LimitRow], _ study: Study) -> Table {
    Table(
      caption: "Distance from the limit",
      columns: [
        .words("strategy"), .words("where"), .words("limit"), .words("from"), .number("possible/s"),
        .number("reached/s"),
        .number("share"),
      ],
      rows: rows.map { row in
        .cells([
          study.field(row.cell), Table.Cell(study.place(row.point)), Table.Cell(row.name), Table.Cell(row.limit.basis),
          Table.Cell(formatRate(row.limit.perSecond)), Table.Cell(row.cell.goodputPerSecond.map(formatRate) ?? "-"),
          Table.Cell(formatShare(row.limit.share), share: min(1, row.limit.share)),
        ])
      }
    ).withoutEmptyColumns()
  }
}

/// A limit of a cell.
private struct LimitRow {
  let point: Point
  let cell: CellSummary
  let limit: Limit

  var name: String {
    switch limit.kind {
    case .floor: "null operation"
    case .hold: "critical section"
    case .roundTrips: "round trips under the lock"
    }
  }
}
