internal import Analysis
internal import Charts
internal import Glibc
internal import Model
internal import Words

extension Section {
  /// How far the repetitions of a cell lie apart, and which trials others disturbed.
  static func noise(_ study: Study) -> Section? {
    let noises = study.points.flatMap { point in point.cells.compactMap { Noise(study, point, $0) } }
    let disturbed = disturbances(study)
    guard !noises.isEmpty || !disturbed.rows.isEmpty else { return nil }
    let sorted = noises.enumerated().sorted { ($1.element.spread, $0.offset) < ($0.element.spread, $1.offset) }
      .map(\.element)
    var blocks: [Block] = []
    if !sorted.isEmpty { blocks += [.figures([figure(study, sorted)])] }
    if disturbed.rows.isEmpty {
      blocks.append(.paragraph("No trial was disturbed by others on the machine."))
    } else {
      blocks.append(
        .details(
          summary: "Disturbed: \(disturbed.rows.count) of \(counted(study.trials.count, "trial"))", [.table(disturbed)])
      )
    }
    if study.replacedCount > 0 { blocks.append(.paragraph(Line(replacements(study)))) }
    return Section(
      id: "noise", title: "Noise",
      introduction: """
        Goodput of each repetition against the median of its cell. The wider the range, the more repetitions it takes to \
        tell two strategies apart. Trials during which others used the machine are marked, and no factor uses them.
        """,
      blocks: blocks)
  }

  private static func replacements(_ study: Study) -> String {
    "Measured again because others disturbed them: \(study.replacedCount) of \(counted(study.trials.count, "trial")). "
      + "The last measurement stands. Earlier ones still count for correctness."
  }

  private static func figure(_ study: Study, _ noises: [Noise]) -> Figure {
    let shown = noises.prefix(16)
    let chart = IntervalChart(
      title: "Range of the repetitions", description: "The widest: " + (shown.first.map(\.words) ?? "none"),
      axis: Axis("goodput against the median of the cell", scale: .fitted, format: .ratio),
      rows: shown.map { IntervalChart.Row($0.name, point: 1, low: $0.low, high: $0.high) })
    return Figure(
      title: "Range of the repetitions",
      caption: noises.count > shown.count ? "The \(shown.count) widest of \(noises.count) cells." : "The widest first.",
      chart: chart, table: table(study, noises))
  }

  private static func table(_ study: Study, _ noises: [Noise]) -> Table {
    Table(
      caption: "Range of the repetitions",
      columns: [
        .words("strategy"), .words("where"), .number("repetitions"), .number("least"), .number("greatest"),
        .number("standard deviation"), .number("repetitions for ±5 %"),
      ],
      rows: noises.map { noise in
        .cells([
          study.field(noise.cell), Table.Cell(noise.place), Table.Cell("\(noise.repetitions)"),
          Table.Cell(formatFactor(noise.low)), Table.Cell(formatFactor(noise.high)),
          Table.Cell(formatShare(noise.deviation)),
          Table.Cell(formatCount(noise.repetitionsNeeded)),
        ])
      }
    ).withoutEmptyColumns()
  }

  private static func disturbances(_ study: Study) -> Table {
    let rows = study.points.flatMap { point in
      point.cells.flatMap { cell in
        cell.disturbedTrials.map { trial in
          Table.Row.cells([
            study.field(cell), Table.Cell(study.place(point)), Table.Cell("\(trial.repetition)"),
            Table.Cell(trial.machine.disturbances.joined(separator: "; "), tone: .doubtful),
          ])
        }
      }
    }
    return Table(
      caption: "Disturbed trials",
      columns: [.words("strategy"), .words("where"), .number("repetition"), .words("why")], rows: rows
    ).withoutEmptyColumns()
  }
}

/// How far the repetitions of one cell lie apart.
private struct Noise {
  let cell: CellSummary
  let place: String
  let repetitions: Int
  /// Least and greatest goodput against the median.
  let low, high: Double
  /// Standard deviation of the logarithms of goodput: relative, for small ones.
  let deviation: Double

  var spread: Double { high / low }
  var name: String { cell.cell.strategy + (place.isEmpty ? "" : ", \(place)") }
  var words: String { "\(name), from \(formatFactor(low)) to \(formatFactor(high))" }

  init?(_ study: Study, _ point: Point, _ cell: CellSummary) {
    let rates = cell.trials.filter { $0.failure == nil }.compactMap(\.goodputPerSecond).filter { $0 > 0 }.sorted()
    guard rates.count > 1, let middle = median(rates), let least = rates.first, let most = rates.last else {
      return nil
    }
    self.cell = cell
    place = study.place(point)
    repetitions = rates.count
    (low, high) = (least / middle, most / middle)
    let logarithms = rates.map { log($0) }
    let mean = logarithms.reduce(0, +) / Double(logarithms.count)
    let squares = logarithms.reduce(0) { $0 + ($1 - mean) * ($1 - mean) }
    deviation = (squares / Double(logarithms.count - 1)).squareRoot()
  }

  /// Repetitions until the 95 % interval of a mean this noisy is 5 % to either side, by the normal approximation; at
  /// least the six that a signed-rank interval needs.
  var repetitionsNeeded: Int64 {
    let needed = (1.96 * deviation / log(1.05)) * (1.96 * deviation / log(1.05))
    return max(6, Int64(exactly: min(needed, 1e6).rounded(.up)) ?? 6)
  }
}
