internal import Charts
internal import Model
internal import Words

extension Section {
  /// Who was at work when, of what only one may do: runs of a job, or leaders. Absent where there is nothing of the kind.
  static func turns(_ study: Study) -> Section? {
    let figures = study.points.compactMap { TurnFigure(study, $0).figure }
    guard !figures.isEmpty else { return nil }
    return Section(
      id: "turns", title: "Who was at work",
      introduction: """
        Each bar is a run of the job, or the time for which one worker led; each worker has a lane. Bars above each other \
        are two at once. A cross is a run whose end nobody wrote down: its worker was killed. Shades are faults. The first repetition.
        """,
      blocks: Block.folding(figures))
  }
}

/// The turns at one load point.
private struct TurnFigure {
  /// More lanes would not be told apart.
  private static let mostLanes = 12
  /// More bars are no picture.
  private static let mostTurns = 2_000

  let study: Study
  let point: Point

  init(_ study: Study, _ point: Point) {
    self.study = study
    self.point = point
  }

  var figure: Figure? {
    let rows = point.cells.compactMap { cell in
      cell.trials.first { !$0.turns.isEmpty }.map { (cell: cell, trial: $0) }
    }
    guard let first = rows.first else { return nil }
    let workers = 1 + (rows.flatMap(\.trial.turns).map(\.worker).max() ?? 0)
    let lanes = min(workers, Self.mostLanes)
    let place = study.place(point)
    let chart = SpanChart(
      title: "Who was at work" + (place.isEmpty ? "" : ", \(place)"),
      description: rows.map { "\($0.cell.cell.strategy): \(Self.summary($0.trial.turns))" }.joined(separator: "; "),
      axis: Axis("seconds since the window opened", scale: .fitted),
      lanes: (0..<lanes).map { "worker \($0)" },
      rows: rows.map { row in
        SpanChart.Row(
          row.cell.cell.strategy, row.trial.turns.prefix(Self.mostTurns).map { Self.span($0, lanes) },
          events: Self.events(row.trial.faults))
      },
      events: Self.events(first.trial.faults))
    return Figure(
      title: place.isEmpty ? "Who was at work" : place, chart: chart,
      table: table(rows.map { ($0.cell, $0.trial) }, place))
  }

  private static func span(_ turn: Turn, _ lanes: Int) -> SpanChart.Span {
    let what = turn.tick.map { "tick \($0) by worker \(turn.worker)" } ?? "worker \(turn.worker)"
    let length = turn.endedSecond.map { ", for \(seconds($0 - turn.beganSecond))" } ?? ""
    let ending = turn.ending == .failed ? ", taken back" : turn.ending == .unknown ? ", its end is not known" : ""
    return SpanChart.Span(
      from: turn.beganSecond, to: turn.endedSecond, lane: turn.worker % lanes, text: what + length + ending)
  }

  /// The faults of one trial.
  private static func events(_ faults: [FaultRecord]) -> [LineChart.Event] {
    faults.compactMap { fault in
      guard let from = fault.injectedSecond else { return nil }
      return fault.healedSecond.map { .stretch(from: from, to: $0, fault.summary) } ?? .moment(from, fault.summary)
    }
  }

  private static func summary(_ turns: [Turn]) -> String {
    "\(counted(turns.count, "turn")), \(formatCount(overlapping(turns))) of them beside another, "
      + "at most \(seconds(longestGap(turns))) without any"
  }

  /// Turns that began before an earlier one had ended.
  private static func overlapping(_ turns: [Turn]) -> Int {
    var last = -Double.infinity
    return turns.sorted { $0.beganSecond < $1.beganSecond }.count { turn in
      defer { last = max(last, turn.endedSecond ?? turn.beganSecond) }
      return turn.beganSecond < last
    }
  }

  /// The longest time between the end of one turn and the beginning of the next, in seconds.
  private static func longestGap(_ turns: [Turn]) -> Double {
    let sorted = turns.sorted { $0.beganSecond < $1.beganSecond }
    var last = sorted.first?.beganSecond ?? 0
    var longest = 0.0
    for turn in sorted {
      longest = max(longest, turn.beganSecond - last)
      last = max(last, turn.endedSecond ?? turn.beganSecond)
    }
    return longest
  }

  private static func seconds(_ value: Double) -> String { formatDuration(nanoseconds: max(0, value) * 1e9) }

  private func table(_ rows: [(cell: CellSummary, trial: TrialResult)], _ place: String) -> Table {
    Table(
      caption: "Who was at work" + (place.isEmpty ? "" : ", \(place)"),
      columns: [
        .words("strategy"), .number("turns"), .number("workers"), .number("beside another"),
        .number("end not known"), .number("longest time without any"),
      ],
      rows: rows.map { row in
        let turns = row.trial.turns
        return .cells([
          study.field(row.cell), Table.Cell(formatCount(turns.count)),
          Table.Cell(formatCount(Set(turns.map(\.worker)).count)), Table.Cell(formatCount(Self.overlapping(turns))),
          Table.Cell(formatCount(turns.count { $0.ending == .unknown })),
          Table.Cell(Self.seconds(Self.longestGap(turns))),
        ])
      })
  }
}
