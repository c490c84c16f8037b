internal import Analysis
internal import Charts
internal import Model
internal import Words

extension Section {
  /// How goodput changes as more workers fight: one chart per variant, the Universal Scalability Law where it was fitted.
  static func throughput(_ study: Study) -> Section? {
    let series = study.series.filter { Set($0.map(\.workers)).count > 1 }
    guard !series.isEmpty else { return nil }
    let curves = series.map { ThroughputCurves(study, $0) }
    let fits = curves.flatMap(\.fits)
    var blocks = Block.folding(curves.map(\.figure))
    if !fits.isEmpty {
      blocks += [
        .heading("Fit of the Universal Scalability Law"),
        .paragraph(
          """
          X(N) = λN / (1 + σ(N-1) + κN(N-1)). σ is the share of the work that only one worker can do at a time, κ what \
          each pair of workers costs; with κ above 0 throughput falls beyond its peak. Dashed curves are fits that \
          describe their points.
          """),
      ]
      blocks += Block.folding(ThroughputCurves.table(fits, study), most: 24, "fit")
    }
    return Section(
      id: "throughput", title: "Throughput against contention",
      introduction: """
        More workers fight over the same records from left to right. Points are medians of the repetitions, whiskers \
        their range. Controls and cells that broke an invariant are left out.
        """,
      blocks: blocks)
  }
}

/// Goodput of all strategies over the number of workers, everything else equal.
private struct ThroughputCurves {
  struct Fit {
    let name: String
    let cell: CellSummary
    let law: UniversalScalability
  }

  let study: Study
  let points: [Point]
  let name: String

  init(_ study: Study, _ points: [Point]) {
    self.study = study
    self.points = points
    name = study.seriesName(points[0])
  }

  private var strategies: [String] {
    study.strategies.filter { label in points.contains { cell(label, $0) != nil } }
  }

  /// The cell of a strategy if its goodput may be shown.
  private func cell(_ strategy: String, _ point: Point) -> CellSummary? {
    point.cells.first { $0.cell.strategy == strategy && $0.isComparable && $0.goodputPerSecond != nil }
  }

  private func place(_ cell: CellSummary, _ workers: Int) -> LineChart.Point? {
    guard let goodput = cell.goodputPerSecond else { return nil }
    let rates = cell.trials.filter { $0.failure == nil }.compactMap(\.goodputPerSecond)
    return LineChart.Point(x: Double(workers), y: goodput, low: rates.min(), high: rates.max())
  }

  private func places(_ strategy: String) -> [LineChart.Point] {
    points.compactMap { point in cell(strategy, point).flatMap { place($0, point.workers) } }
  }

  /// Fits with enough points, good or not.
  var fits: [Fit] {
    strategies.compactMap { strategy in
      let law = UniversalScalability(places(strategy).map { ($0.x, $0.y) })
      guard let law, let cell = points.lazy.compactMap({ self.cell(strategy, $0) }).first else { return nil }
      return Fit(name: name, cell: cell, law: law)
    }
  }

  var figure: Figure {
    let series = strategies.map { LineChart.Series($0, places($0), style: study.index(of: $0)) }
    let rates = series.flatMap(\.points).map(\.y).filter { $0 > 0 }
    // Strategies inside one process are a thousand times as fast as those with a server: both must be readable.
    let isWide = (rates.max() ?? 1) / (rates.min() ?? 1) > 20
    let workers = points.map { Double($0.workers) }
    let chart = LineChart(
      title: "Goodput by workers" + (name.isEmpty ? "" : ", \(name)"), description: description,
      x: Axis("workers", scale: .logarithmic, ticks: workers),
      y: Axis("committed operations per second", scale: isWide ? .logarithmic : .linear, format: .count),
      series: series, references: references, plotHeight: 260)
    return Figure(
      title: name.isEmpty ? "Goodput by number of workers" : name, caption: isWide ? "Logarithmic scale." : "",
      chart: chart, table: table)
  }

  private var references: [LineChart.Reference] {
    let good = fits.filter(\.law.isGood)
    return good.enumerated().map { index, fit in
      let (low, high) = (fit.law.range.lowerBound, fit.law.range.upperBound)
      let places = (0...24).map { step -> LineChart.Point in
        let workers = low + (high - low) * Double(step) / 24
        return LineChart.Point(x: workers, y: fit.law.throughput(workers: workers))
      }
      return LineChart.Reference(index == 0 ? "fit of the scalability law" : "", through: places)
    }
  }

  private var description: String {
    points.map { point in
      let best = point.ranking.correct.first
      return "\(counted(point.workers, "worker")): "
        + (best.map { "\($0.strategy) leads with \(formatRate($0.value)) per second" } ?? "no correct strategy")
    }.joined(separator: "; ")
  }

  private var table: Table {
    let strategies = study.strategies.filter { label in
      points.contains { $0.cells.contains { $0.cell.strategy == label } }
    }
    return Table(
      caption: "Goodput per second by workers" + (name.isEmpty ? "" : ", \(name)"),
      columns: [.words("strategy")] + points.map { .number(counted($0.workers, "worker")) },
      rows: strategies.map { strategy in
        .cells(
          [Table.Cell(strategy, strategy: study.index(of: strategy))] + points.map { field(strategy, $0) })
      })
  }

  private func field(_ strategy: String, _ point: Point) -> Table.Cell {
    guard let cell = point.cells.first(where: { $0.cell.strategy == strategy }) else { return "-" }
    if cell.verdict == .violation { return Table.Cell("violation", tone: judgement(cell).tone) }
    return Table.Cell(cell.goodputPerSecond.map(formatRate) ?? "-")
  }

  static func table(_ fits: [Fit], _ study: Study) -> Table {
    Table(
      caption: "Fit of the Universal Scalability Law",
      columns: [
        .words("strategy"), .words("variant"), .number("λ, 1 worker/s"), .number("σ contention"),
        .number("κ coherency"), .number("peak at"), .number("worst point off by"), .words("describes the points"),
      ],
      rows: fits.map { fit in
        let law = fit.law
        return .cells([
          study.field(fit.cell), Table.Cell(fit.name), Table.Cell(formatRate(law.lambda)),
          Table.Cell(formatDecimal(law.sigma, digits: 3)), Table.Cell(formatDecimal(law.kappa, digits: 4)),
          Table.Cell(
            law.isGood && law.isPeakMeasured ? law.peakWorkers.map { formatDecimal($0, digits: 0) } ?? "-" : "-"),
          Table.Cell(formatShare(law.largestResidual)),
          law.isGood ? "yes" : Table.Cell("no", tone: .doubtful),
        ])
      }
    ).withoutEmptyColumns()
  }
}
