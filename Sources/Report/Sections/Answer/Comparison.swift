internal import Analysis
internal import Charts
internal import Model
internal import Results
internal import Words

extension Section {
  /// Every cell in figures, load point by load point; those that broke an invariant stand apart and have no rank.
  static func comparison(_ study: Study) -> Section? {
    guard !study.points.isEmpty else { return nil }
    var blocks: [Block] = []
    let groups = study.points.map { Comparison(study, $0) }
    // One chart says at a glance what a table says; many are better looked up.
    if groups.count == 1 { blocks += Block.folding(groups.compactMap(\.figure)) }
    for group in groups.prefix(Comparison.most) { blocks += group.blocks }
    let rest = groups.dropFirst(Comparison.most)
    if !rest.isEmpty {
      blocks.append(.details(summary: counted(rest.count, "more load point"), rest.flatMap(\.blocks)))
    }
    let figures = groups.compactMap(\.figure)
    if groups.count > 1, !figures.isEmpty {
      blocks.append(.details(summary: "Factors as charts", [.figures(figures)]))
    }
    blocks += notes(study)
    return Section(
      id: "comparison", title: "Comparison",
      introduction: """
        Goodput is committed operations per second, the median of the repetitions. The factor says how many times \
        faster the best correct strategy is, with its interval; where the interval includes 1, the data do not tell the \
        two apart. Percentiles need enough samples behind them: a dash says that there were too few.
        """,
      blocks: blocks)
  }

  /// What a reader of the tables must know besides, in the words of the terminal.
  private static func notes(_ study: Study) -> [Block] {
    let notes = study.runs.flatMap { Footnotes($0.trials, isComplete: $0.missing.isEmpty).notes }
    return notes.isEmpty
      ? [] : [.heading("What to know besides"), .list(notes.map { Line($0.prefix(1).uppercased() + $0.dropFirst()) })]
  }
}

/// The comparison at one load point.
private struct Comparison {
  let study: Study
  let point: Point
  /// More load points than this are folded away.
  static let most = 6

  init(_ study: Study, _ point: Point) {
    self.study = study
    self.point = point
  }

  var blocks: [Block] {
    let place = study.place(point)
    return (place.isEmpty ? [] : [.heading(place)]) + [.table(table)]
  }

  var figure: Figure? {
    let behind = point.ranking.correct.filter { $0.behindFirst != nil }
    guard let best = point.ranking.correct.first, !behind.isEmpty else { return nil }
    let chart = IntervalChart(
      title: "How many times faster \(best.strategy) is\(inPlace)",
      description: behind.map { "\($0.strategy): \(Comparison.factor($0))" }.joined(separator: "; "),
      axis: Axis("", scale: .logarithmic, format: .ratio),
      rows: behind.compactMap { entry in entry.behindFirst.map { row(entry, $0) } })
    let title = "How many times faster \(best.strategy) is"
    return Figure(
      title: study.place(point).isEmpty ? title : study.place(point),
      caption: study.place(point).isEmpty ? "Hollow: the data do not tell the two apart." : title, chart: chart,
      table: intervals(behind), isToldElsewhere: true)
  }

  private var inPlace: String { study.place(point).isEmpty ? "" : ", \(study.place(point))" }

  private func intervals(_ entries: [Ranking.Entry]) -> Table {
    Table(
      caption: "Factors with their intervals\(inPlace)",
      columns: [
        .words("strategy"), .number("factor"), .number("low"), .number("high"), .number("pairs"),
        .number("pairs left out"), .words("interval"),
      ],
      rows: entries.compactMap { entry in
        entry.behindFirst.map { ratio in
          .cells([
            study.field(entry.cell), Table.Cell(formatFactor(ratio.point)), Table.Cell(formatFactor(ratio.low)),
            Table.Cell(formatFactor(ratio.high)), Table.Cell("\(ratio.pairs)"), Table.Cell("\(ratio.leftOut)"),
            Table.Cell(
              (ratio.method == .range ? "range of the pairs" : "95 %, signed rank")
                + (ratio.disturbed == 0 ? "" : ", \(ratio.disturbed) disturbed")),
          ])
        }
      })
  }

  private var table: Table {
    let ranking = point.ranking
    let best = ranking.correct.first?.value
    let others = (ranking.withoutFigure + ranking.references).map { row($0, factor: "-", share: nil) }
    var rows: [Table.Row] = ranking.correct.enumerated().map { index, entry in
      row(
        entry.cell, factor: index == 0 ? "best" : Comparison.factor(entry),
        share: best.map { $0 > 0 ? entry.value / $0 : 0 })
    }
    if !others.isEmpty { rows += [.group("Not ranked: no figure, or nothing to protect", .neutral)] + others }
    if !ranking.unknown.isEmpty {
      rows += [.group("Unknown: it cannot be told, not ranked", .doubtful)]
      rows += ranking.unknown.map { row($0, factor: "-", share: nil) }
    }
    if !ranking.violating.isEmpty {
      rows += [.group("Violations: not ranked", .bad)]
      rows += ranking.violating.map { row($0, factor: "-", share: nil) }
    }
    return Table(caption: "Comparison\(inPlace)", columns: Comparison.columns, rows: rows).withoutEmptyColumns()
  }

  private static let columns: [Table.Column] = [
    .words("strategy"), .words("verdict"), .number("goodput/s"), .words("best is faster by"), .number("p50"),
    .number("p99"), .number("p99.9"), .number("tries/op"), .number("deadlocks"), .number("gave up"),
    .number("failed"), .number("unknown"), .number("violations"), .number("trials"), .number("disturbed"),
  ]

  private func row(_ cell: CellSummary, factor: String, share: Double?) -> Table.Row {
    let judgement = judgement(cell)
    let disturbed = cell.disturbedTrials.count
    return .cells([
      study.field(cell), Table.Cell(judgement.words, tone: judgement.tone),
      Table.Cell(cell.goodputPerSecond.map(formatRate) ?? "-", share: share), Table.Cell(factor),
      percentile(cell, 0.5), percentile(cell, 0.99), percentile(cell, 0.999),
      Table.Cell(cell.triesPerOperation.map { formatDecimal($0, digits: 2) } ?? "-"),
      count(cell.counted[.deadlock]), count(cell.measured[.gaveUp]), count(cell.counted[.failed]),
      count(cell.counted[.unknown]), count(cell.violationCount, tone: judgement.tone),
      Table.Cell("\(cell.trials.count)"),
      disturbed == 0 ? "" : Table.Cell("\(disturbed) of \(cell.trials.count)", tone: .doubtful),
    ])
  }

  /// A count; nothing for zero, so that what happened stands out and a column of zeros goes.
  private func count(_ count: Int64, tone: Tone = .neutral) -> Table.Cell {
    count == 0 ? "" : Table.Cell(formatCount(count), tone: tone)
  }

  private func percentile(_ cell: CellSummary, _ quantile: Double) -> Table.Cell {
    Table.Cell(cell.latency.supportedValue(atQuantile: quantile).map { formatDuration(nanoseconds: $0) } ?? "-")
  }

  /// By what factor the best is faster, with the interval: `2.46× (2.31 to 2.60)`.
  static func factor(_ entry: Ranking.Entry) -> String {
    guard let ratio = entry.behindFirst else { return "-" }
    return "\(formatFactor(ratio.point)) (\(formatFactor(ratio.low)) to \(formatFactor(ratio.high)))"
  }

  private func row(_ entry: Ranking.Entry, _ ratio: RatioInterval) -> IntervalChart.Row {
    IntervalChart.Row(
      entry.strategy, point: ratio.point, low: ratio.low, high: ratio.high,
      tone: ratio.isSeparated ? .neutral : .unclear,
      text: Comparison.factor(entry))
  }
}
