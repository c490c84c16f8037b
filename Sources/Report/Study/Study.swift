internal import Analysis
internal import Model
internal import Results
internal import Words

/// What the sections read: the runs of a report, merged once. Every section is a pure function of it.
struct Study: Sendable {
  /// The runs, in the order in which they were given.
  let runs: [StoredRun]
  /// A name for each run; empty for a single one.
  let runNames: [String]
  /// What is known of strategies besides the results.
  let lookup: StrategyLookup
  /// Labels of strategies in the order of the scenario: the position decides mark and colour on all charts.
  let strategies: [String]
  /// Where strategies were compared: by run, by variant, by number of workers.
  let points: [Point]

  init(_ runs: [StoredRun], lookup: @escaping StrategyLookup) {
    self.runs = runs
    self.lookup = lookup
    runNames = Self.names(of: runs)
    var strategies: [String] = []
    for run in runs {
      let planned = run.planned.sorted { $0.strategyIndex < $1.strategyIndex }.map(\.cell.strategy)
      for label in planned + run.trials.map(\.cell.strategy) where !strategies.contains(label) {
        strategies.append(label)
      }
    }
    self.strategies = strategies
    let ranks = Dictionary(uniqueKeysWithValues: strategies.enumerated().map { ($1, $0) })
    points = zip(runs.indices, runNames).flatMap { index, name in
      let cells = CellSummary.summaries(of: runs[index].trials)
      let rankings = Ranking.rankings(of: runs[index].trials, run: name).sorted { left, right in
        left.point.variant == right.point.variant
          ? left.point.workers < right.point.workers
          : VariantOrder.isBefore(left.point.variant, right.point.variant)
      }
      return rankings.map { ranking in
        let here = cells.filter { LoadPoint($0.cell) == ranking.point }
        return Point(
          run: index, ranking: ranking,
          cells: here.sorted { (ranks[$0.cell.strategy] ?? 0) < (ranks[$1.cell.strategy] ?? 0) })
      }
    }
  }

  /// Every trial of every run.
  var trials: [TrialResult] { runs.flatMap(\.trials.standing) }
  /// Trials that were measured again because others had disturbed them.
  var replacedCount: Int { runs.reduce(0) { $0 + $1.trials.replacedCount } }
  /// Every cell of every run.
  var cells: [CellSummary] { points.flatMap(\.cells) }

  /// Position of a strategy, which decides its mark and colour.
  func index(of strategy: String) -> Int { strategies.firstIndex(of: strategy) ?? 0 }

  /// A field that names a strategy, with its mark.
  func field(_ cell: CellSummary) -> Table.Cell {
    Table.Cell(cell.cell.strategy, strategy: index(of: cell.cell.strategy))
  }

  /// Points that differ in nothing but the number of workers: one small multiple each.
  var series: [[Point]] {
    var result: [[Point]] = []
    for point in points {
      if let last = result.last?.last, last.run == point.run, last.variant == point.variant {
        result[result.count - 1].append(point)
      } else {
        result.append([point])
      }
    }
    return result
  }

  /// Where a point is, as far as it is not the same for all; empty when there is one point only.
  func place(_ point: Point) -> String {
    let workers = Set(points.map(\.workers)).count > 1 ? counted(point.workers, "worker") : ""
    return [seriesName(point), workers].filter { !$0.isEmpty }.joined(separator: ", ")
  }

  /// The run and the variant of a point, as far as there are several.
  func seriesName(_ point: Point) -> String {
    [runNames[point.run], point.variant].filter { !$0.isEmpty }.joined(separator: ", ")
  }

  /// A name for each run: its scenario, with the id where a scenario was run more than once; empty for a single run.
  private static func names(of runs: [StoredRun]) -> [String] {
    guard runs.count > 1 else { return runs.map { _ in "" } }
    return runs.map { run in
      runs.filter { $0.scenario == run.scenario }.count > 1 ? "\(run.scenario) (\(run.id))" : run.scenario
    }
  }
}

/// A load point of a run, with all strategies that were measured there.
struct Point: Sendable {
  /// Position of the run.
  let run: Int
  let ranking: Ranking
  /// All cells, in the order of the strategies.
  let cells: [CellSummary]

  var workers: Int { ranking.point.workers }
  var variant: String { ranking.point.variant }

  /// Cells as a reader wants them: correct ones, the fastest first, then those without rank, violating ones last.
  var ordered: [CellSummary] {
    ranking.correct.map(\.cell) + ranking.withoutFigure + ranking.references + ranking.unknown + ranking.violating
  }
}

extension CellSummary {
  /// Whether its speed may stand beside that of others: it broke nothing, and is no control that happened to break
  /// nothing.
  var isComparable: Bool { verdict != .violation && !isControl }
}
