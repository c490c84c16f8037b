internal import Charts
internal import Model
internal import Words

extension Section {
  /// What faults did to each strategy: how long nobody got a lock whose holder was lost, how long nothing went on, and
  /// how goodput was before, during and after. Absent when nothing was done to any trial.
  static func faults(_ study: Study) -> Section? {
    let effects = study.points.flatMap { point in
      point.cells.flatMap { cell in cell.faults.map { FaultEffect(point: point, cell: cell, summary: $0) } }
    }
    guard !effects.isEmpty else { return nil }
    var kinds: [String] = []
    for effect in effects where !kinds.contains(effect.title) { kinds.append(effect.title) }
    return Section(
      id: "faults", title: "Faults",
      introduction: """
        What was done to the trials while they ran. Take-over is the time from the loss of a holder until somebody \
        was inside its critical section again. The longest stall is the longest time without a commit. Recovery is the time \
        from the end of the fault until goodput was back at 90 %. The timeline shows when it happened.
        """,
      blocks: kinds.flatMap { kind in blocks(kind, effects.filter { $0.title == kind }, study) })
  }

  private static func blocks(_ kind: String, _ effects: [FaultEffect], _ study: Study) -> [Block] {
    let goodput = goodput(kind, effects, study)
    return [
      .heading(kind), .figures([takeover(kind, effects, study), goodput].compactMap(\.self)),
      .table(table(effects, study)),
    ]
  }

  private static func table(_ effects: [FaultEffect], _ study: Study) -> Table {
    Table(
      caption: "What the fault did",
      columns: [
        .words("strategy"), .words("where"), .words("verdict"), .number("happened"), .number("did not"),
        .number("two holders at once"), .number("unknown outcomes"),
        .number("of these in effect"), .number("of these not"), .number("take-overs"), .number("median"),
        .number("longest"), .number("nobody followed"), .number("abandoned locks"),
        .number("longest stall"), .number("recovery"),
      ],
      rows: effects.map { effect in
        let (cell, fault) = (effect.cell, effect.summary)
        let takeovers = fault.takeovers
        return .cells([
          study.field(cell), Table.Cell(study.place(effect.point)),
          Table.Cell(cell.verdict.rawValue, tone: effect.tone),
          Table.Cell(formatCount(fault.happened.count)),
          Table.Cell(
            fault.missed == 0 ? "-" : formatCount(fault.missed), tone: fault.missed == 0 ? .neutral : .doubtful),
          Table.Cell(
            fault.overlaps == 0 ? "0" : formatCount(fault.overlaps), tone: fault.overlaps == 0 ? .neutral : .doubtful),
          Table.Cell(formatCount(cell.counted[.unknown])), resolved(cell.unknownOutcomes.applied, cell),
          resolved(cell.unknownOutcomes.notApplied, cell),
          Table.Cell(takeovers.isEmpty ? "-" : formatCount(takeovers.count)),
          Table.Cell(seconds(FaultSummary.quantile(takeovers, 0.5))), Table.Cell(seconds(takeovers.last)),
          Table.Cell(takeovers.isEmpty || fault.openTakeovers == 0 ? "-" : formatCount(fault.openTakeovers)),
          Table.Cell(
            fault.abandonedLocks == 0 ? "-" : formatCount(fault.abandonedLocks),
            tone: fault.abandonedLocks == 0 ? .neutral : .bad),
          Table.Cell(seconds(fault.longestStall)), Table.Cell(seconds(fault.recovery)),
        ])
      }
    ).withoutEmptyColumns()
  }

  /// Of operations of unknown outcome; a dash where there are none, or the final values do not tell.
  private static func resolved(_ count: Int64, _ cell: CellSummary) -> Table.Cell {
    let outcomes = cell.unknownOutcomes
    return Table.Cell(outcomes.applied + outcomes.notApplied == 0 ? "-" : formatCount(count))
  }

  private static func seconds(_ value: Double?) -> String { formatDuration(nanoseconds: value.map { $0 * 1e9 }) }

  private static func name(_ row: FaultEffect, _ study: Study) -> String {
    [row.cell.cell.strategy, study.place(row.point)].filter { !$0.isEmpty }.joined(separator: ", ")
  }

  /// Take-over times: the median with the shortest and the longest.
  private static func takeover(_ kind: String, _ effects: [FaultEffect], _ study: Study) -> Figure? {
    let rows = effects.filter { !$0.summary.takeovers.isEmpty }
    guard !rows.isEmpty else { return nil }
    let chart = IntervalChart(
      title: "Take-over time: \(kind)",
      description: rows.map { row in
        "\(row.cell.cell.strategy): \(seconds(FaultSummary.quantile(row.summary.takeovers, 0.5)))"
      }.joined(separator: "; "),
      axis: Axis("until somebody was inside again", scale: .logarithmic, format: .duration),
      rows: rows.map { row in
        let times = row.summary.takeovers.map { max($0, 1e-6) * 1e9 }
        return IntervalChart.Row(
          name(row, study), point: FaultSummary.quantile(times, 0.5), low: times.first, high: times.last,
          text: "\(seconds(FaultSummary.quantile(row.summary.takeovers, 0.5))) (\(counted(times.count, "time")))")
      }, reference: nil)
    return Figure(
      title: "Take-over time", caption: "The median, and the range from the shortest to the longest.", chart: chart,
      table: table(rows, study), isToldElsewhere: true)
  }

  /// Goodput during and after the fault, against that before.
  private static func goodput(_ kind: String, _ effects: [FaultEffect], _ study: Study) -> Figure? {
    let rows = effects.filter { ($0.summary.goodput.before ?? 0) > 0 && $0.cell.verdict != .violation }
    guard !rows.isEmpty else { return nil }
    let stages = ["before", "during", "after"]
    func values(_ row: FaultEffect) -> [Double?] {
      let goodput = row.summary.goodput
      return [goodput.before, goodput.during, goodput.after]
    }
    let chart = IntervalChart(
      title: "Goodput during and after, against that before: \(kind)",
      description: rows.map { row in
        let parts = zip(stages, values(row)).map { "\($0) \($1.map(formatRate) ?? "-")" }
        return "\(row.cell.cell.strategy): \(parts.joined(separator: ", "))"
      }.joined(separator: "; "),
      axis: Axis("while it lasted, against before", scale: .linear, format: .ratio),
      rows: rows.map { row in
        let goodput = row.summary.goodput
        let shares = [goodput.during, goodput.after].map { value in value.map { $0 / (goodput.before ?? 1) } }
        return IntervalChart.Row(
          name(row, study), point: shares[0],
          text: "\(shares[0].map(formatFactor) ?? "-"), then \(shares[1].map(formatFactor) ?? "-")")
      }, leftHint: "less", rightHint: "as before")
    let table = Table(
      caption: "Goodput before, during and after",
      columns: [.words("strategy"), .words("where")] + stages.map { Table.Column.number($0) },
      rows: rows.map { row in
        .cells(
          [study.field(row.cell), Table.Cell(study.place(row.point))]
            + values(row).map { Table.Cell($0.map(formatRate) ?? "-") })
      }
    ).withoutEmptyColumns()
    return Figure(
      title: "Goodput during and after", caption: "Against that before: medians of all times that it happened.",
      chart: chart, table: table)
  }
}

/// One fault and what it did to one cell.
private struct FaultEffect {
  let point: Point
  let cell: CellSummary
  let summary: FaultSummary

  /// What was done, with the number of the fault where a scenario does the same twice.
  var title: String { summary.summary.prefix(1).uppercased() + summary.summary.dropFirst() }

  var tone: Tone {
    switch cell.verdict {
    case .pass: .good
    case .violation: cell.isAsExpected == true ? .doubtful : .bad
    case .unknown: .doubtful
    }
  }
}
