internal import Model
internal import Words

extension Section {
  /// Terms of office and what they cost, for elections. Absent when nobody led.
  static func elections(_ study: Study) -> Section? {
    let rows = study.points.flatMap { point in
      point.cells.compactMap { cell in
        cell.elections.map { ElectionRow(point: point, cell: cell, elections: $0) }
      }
    }
    guard !rows.isEmpty else { return nil }
    return Section(
      id: "elections", title: "Elections",
      introduction: """
        Terms of office that began in the measured windows. Without cause is one that followed neither a fault nor a \
        leader that gave its office back. Handover is the time from the last effect of a leader to the first one of the \
        next: how long the work was left undone. Two leaders at once are effects during which another had begun one, \
        which does no harm by itself; late effects that the store took do.
        """,
      blocks: [.table(table(rows, study))])
  }

  private static func table(_ rows: [ElectionRow], _ study: Study) -> Table {
    Table(
      caption: "Terms of office",
      columns: [
        .words("strategy"), .words("where"), .words("verdict"), .number("terms"), .number("given back"),
        .number("after faults"), .number("without cause"), .number("handover, median"), .number("longest"),
        .number("two leaders at once"), .number("late effects sent"), .number("late effects taken"),
        .number("requests per second"),
      ],
      rows: rows.map { row in
        let elections = row.elections
        return .cells([
          study.field(row.cell), Table.Cell(study.place(row.point)), Table.Cell(row.cell.verdict.rawValue),
          Table.Cell(formatCount(elections.terms)), Table.Cell(formatCount(elections.givenBack)),
          Table.Cell(formatCount(elections.lost)), count(Int64(elections.withoutCause), .doubtful),
          Table.Cell(formatDuration(nanoseconds: elections.handoverMedian)),
          Table.Cell(formatDuration(nanoseconds: elections.longestHandover)),
          count(elections.overlaps, .doubtful), count(elections.staleEffectsAttempted, .doubtful),
          count(elections.staleEffectsAccepted, .bad),
          Table.Cell(row.requestsPerSecond.map(formatRate) ?? "-"),
        ])
      }
    ).withoutEmptyColumns()
  }

  private static func count(_ count: Int64, _ tone: Tone) -> Table.Cell {
    Table.Cell(formatCount(count), tone: count == 0 ? .neutral : tone)
  }
}

/// The elections of one cell.
private struct ElectionRow {
  let point: Point
  let cell: CellSummary
  let elections: ElectionSummary

  /// What leaders and candidates asked of servers, effects included.
  var requestsPerSecond: Double? {
    let seconds = cell.trials.reduce(0) { $0 + $1.measuredSeconds }
    return seconds > 0 ? Double(cell.measured[.statements]) / seconds : nil
  }
}
