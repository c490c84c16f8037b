internal import Charts
internal import Model
internal import Words

extension Section {
  /// Whether all workers got their turn, a chart per load point.
  static func fairness(_ study: Study) -> Section? {
    let shares = study.points.filter { $0.workers > 1 }.map { FairnessShares(study, $0) }
    let figures = shares.compactMap(\.figure)
    guard !figures.isEmpty else { return nil }
    return Section(
      id: "fairness", title: "Fairness",
      introduction: """
        The workers of a trial from the one that committed least to the one that committed most, against the mean of \
        all: a level line at 1× is a fair strategy. Jain's index is 1 when all are equal and 1/n when one of n has it \
        all.
        """,
      blocks: Block.folding(figures))
  }
}

/// How evenly operations were spread over the workers at one load point.
private struct FairnessShares {
  let study: Study
  let point: Point

  init(_ study: Study, _ point: Point) {
    self.study = study
    self.point = point
  }

  /// Committed operations of each worker against the mean, ascending, averaged over the repetitions by rank.
  private func shares(_ cell: CellSummary) -> [Double] {
    let trials = cell.trials.map(\.fairness.committed).filter {
      $0.count == cell.cell.workers && $0.contains { $0 > 0 }
    }
    var sums = [Double](repeating: 0, count: cell.cell.workers)
    for committed in trials {
      let mean = Double(committed.reduce(0, +)) / Double(committed.count)
      for (rank, count) in committed.sorted().enumerated() { sums[rank] += Double(count) / mean / Double(trials.count) }
    }
    return trials.isEmpty ? [] : sums
  }

  var figure: Figure? {
    let rows = point.cells.map { (cell: $0, shares: shares($0)) }.filter { !$0.shares.isEmpty }
    guard !rows.isEmpty else { return nil }
    let place = study.place(point)
    let chart = LineChart(
      title: "Share of each worker" + (place.isEmpty ? "" : ", \(place)"),
      description: rows.map { row in
        "\(row.cell.cell.strategy): least \(formatFactor(row.shares.first ?? 0)), most \(formatFactor(row.shares.last ?? 0))"
      }.joined(separator: "; "),
      x: Axis("workers, by what they committed", scale: .fitted),
      y: Axis("against the mean", scale: .linear, format: .ratio),
      series: rows.map { row in
        LineChart.Series(
          row.cell.cell.strategy, row.shares.enumerated().map { LineChart.Point(x: Double($0 + 1), y: $1) },
          style: study.index(of: row.cell.cell.strategy))
      },
      references: [LineChart.Reference("equal", at: 1)], plotHeight: 220)
    return Figure(
      title: place.isEmpty ? "What each worker committed" : place, chart: chart, table: table(rows.map(\.cell), place))
  }

  private func table(_ cells: [CellSummary], _ place: String) -> Table {
    Table(
      caption: "Fairness" + (place.isEmpty ? "" : ", \(place)"),
      columns: [
        .words("strategy"), .number("Jain's index"), .number("least of a worker"), .number("most of a worker"),
        .number("longest operation"),
      ],
      rows: cells.map { cell in
        let index = cell.trials.compactMap(\.fairness.jainIndex).min()
        let committed = cell.trials.flatMap(\.fairness.committed)
        return .cells([
          study.field(cell), Table.Cell(index.map { formatDecimal($0, digits: 3) } ?? "-", share: index),
          Table.Cell(committed.min().map { formatCount($0) } ?? "-"),
          Table.Cell(committed.max().map { formatCount($0) } ?? "-"),
          Table.Cell(
            cell.trials.map(\.fairness.longestWaitNanoseconds).max().map { formatDuration(nanoseconds: $0) } ?? "-"),
        ])
      })
  }
}
