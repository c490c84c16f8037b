internal import Analysis
internal import Charts
internal import Model
internal import Words

extension Section {
  /// All strategies under all conditions at a glance; only where there are several conditions.
  static func heatMap(_ study: Study) -> Section? {
    guard study.points.count > 1, study.strategies.count > 1 else { return nil }
    let rows = study.strategies.map { strategy in study.points.map { Standing(strategy, $0) } }
    let chart = HeatMap(
      title: "Strategies under all conditions", description: description(study),
      columns: study.points.map(study.place),
      rows: zip(study.strategies, rows).map { strategy, standings in
        HeatMap.Row(strategy, standings.map(\.chartCell))
      }, better: .lower)
    let table = Table(
      caption: "How many times faster the best correct strategy is",
      columns: [.words("strategy")] + study.points.map { .number(study.place($0)) },
      rows: zip(study.strategies, rows).map { strategy, standings in
        .cells([Table.Cell(strategy, strategy: study.index(of: strategy))] + standings.map(\.field))
      })
    return Section(
      id: "conditions", title: "Strategies under all conditions",
      introduction: """
        How many times faster the best correct strategy is under each condition: 1× is the best one. Hatched cells broke \
        an invariant; their speed is no merit.
        """,
      blocks: [.figures([Figure(title: "Factor behind the best", chart: chart, table: table)])])
  }

  private static func description(_ study: Study) -> String {
    study.points.compactMap { point in
      point.ranking.correct.first.map { "\(study.place(point)): \($0.strategy) is best" }
    }.joined(separator: "; ")
  }
}

/// How a strategy stands under one condition.
private enum Standing {
  /// The best is faster by this factor.
  case behind(Double)
  case violation(CellSummary)
  case unknown
  case missing

  init(_ strategy: String, _ point: Point) {
    guard let cell = point.cells.first(where: { $0.cell.strategy == strategy }) else {
      self = .missing
      return
    }
    guard let best = point.ranking.correct.first?.value,
      let value = point.ranking.correct.first(where: { $0.strategy == strategy })?.value, value > 0
    else {
      self = cell.verdict == .violation ? .violation(cell) : .unknown
      return
    }
    self = .behind(best / value)
  }

  var chartCell: HeatMap.Cell? {
    switch self {
    case .behind(let factor): HeatMap.Cell(formatFactor(factor), ratio: factor)
    case .violation(let cell):
      HeatMap.Cell("✘", ratio: nil, hover: "\(formatCount(cell.violationCount)) violations", isInvalid: true)
    case .unknown: HeatMap.Cell("?", ratio: nil, hover: "it cannot be told", isInvalid: true)
    case .missing: nil
    }
  }

  var field: Table.Cell {
    switch self {
    case .behind(let factor): Table.Cell(formatFactor(factor), tone: factor == 1 ? .good : .neutral)
    case .violation(let cell): Table.Cell("violation", tone: judgement(cell).tone)
    case .unknown: "unknown"
    case .missing: "-"
    }
  }
}
