public import Model

/// The strategies of one load point of one run in order; only correct ones have a place.
public struct Ranking: Sendable {
  /// A correct strategy with its figure.
  public struct Entry: Sendable {
    /// All its repetitions.
    public let cell: CellSummary
    /// The figure by which it is ranked: per second, or nanoseconds.
    public let value: Double
    /// By what factor the first of the ranking is better; nil for the first itself, and when no pair of
    /// trials is left.
    public let behindFirst: RatioInterval?
    /// Its label.
    public var strategy: String { cell.cell.strategy }
  }

  /// The run, for sentences about several; empty for a single one.
  public let run: String
  /// Where the strategies were compared.
  public let point: LoadPoint
  /// Under which conditions.
  public let conditions: TrialConditions
  /// Processes over which the workers were spread.
  public let processes: Int
  /// By what they are ranked.
  public let objective: Objective
  /// Correct strategies, best first.
  public let correct: [Entry]
  /// Strategies that broke an invariant, planted controls included, in the order of the run.
  public let violating: [CellSummary]
  /// Strategies of which it cannot be told, in the order of the run.
  public let unknown: [CellSummary]
  /// Correct strategies without a figure for this objective: too few samples, or nothing committed.
  public let withoutFigure: [CellSummary]
  /// Null operations and controls that broke nothing: they protect nothing and are no candidates.
  public let references: [CellSummary]

  /// Ranks the trials of one load point; nil when there are none.
  init?(run: String, point: LoadPoint, cells: [CellSummary], objective: Objective) {
    guard let any = cells.first?.trials.first else { return nil }
    self.run = run
    self.point = point
    self.objective = objective
    conditions = any.conditions
    processes = any.processes
    references = cells.filter { $0.isFloor || $0.isControl && $0.verdict == .pass }
    let judged = cells.filter { !$0.isFloor }
    violating = judged.filter { $0.verdict == .violation }
    unknown = judged.filter { $0.verdict == .unknown }
    let candidates = judged.filter { $0.verdict == .pass && !$0.isControl }
    withoutFigure = candidates.filter { objective.value(of: $0) == nil }
    correct = Self.ordered(candidates, by: objective)
  }

  /// One ranking per load point, in the order in which the points first appear.
  ///
  /// - Parameters:
  ///   - trials: the trials of one run.
  ///   - objective: by what to rank.
  ///   - run: name of the run, for sentences about several.
  public static func rankings(
    of trials: [TrialResult], by objective: Objective = .goodput, run: String = ""
  ) -> [Ranking] {
    let cells = CellSummary.summaries(of: trials)
    var points: [LoadPoint] = []
    for cell in cells where !points.contains(LoadPoint(cell.cell)) { points.append(LoadPoint(cell.cell)) }
    // Trials run in shuffled order; the workers of a sweep are read in ascending order.
    let variants = points.map(\.variant)
    points.sort { left, right in
      let (first, second) = (variants.firstIndex(of: left.variant) ?? 0, variants.firstIndex(of: right.variant) ?? 0)
      return first == second ? left.workers < right.workers : first < second
    }
    return points.compactMap { point in
      Ranking(run: run, point: point, cells: cells.filter { LoadPoint($0.cell) == point }, objective: objective)
    }
  }

  /// The same ranking without some strategies, which have no place any more.
  public func keeping(_ isKept: (CellSummary) -> Bool) -> Ranking {
    Ranking(self, correct: Self.ordered(correct.map(\.cell).filter(isKept), by: objective))
  }

  /// By what factor the first is better than the runner-up; nil without a runner-up or without pairs.
  public var lead: RatioInterval? { correct.count > 1 ? correct[1].behindFirst : nil }

  /// The first, if the data tell it apart from every other; nil otherwise. Alone, it is first among one.
  public var fastest: Entry? { leaders.count == 1 ? leaders.first : nil }

  /// The first and all that the data do not tell apart from it.
  public var leaders: [Entry] {
    correct.enumerated().filter { $0.offset == 0 || !($0.element.behindFirst?.isBehind ?? false) }.map(\.element)
  }

  private static func ordered(_ cells: [CellSummary], by objective: Objective) -> [Entry] {
    let valued = cells.compactMap { cell in objective.value(of: cell).map { (cell: cell, value: $0) } }
    let sorted = valued.enumerated().sorted { left, right in
      left.element.value == right.element.value
        ? left.offset < right.offset : objective.prefers(left.element.value, to: right.element.value)
    }.map(\.element)
    return sorted.enumerated().map { index, element in
      Entry(
        cell: element.cell, value: element.value,
        behindFirst: index == 0 ? nil : objective.ratio(of: sorted[0].cell, to: element.cell))
    }
  }

  private init(_ other: Ranking, correct: [Entry]) {
    run = other.run
    point = other.point
    conditions = other.conditions
    processes = other.processes
    objective = other.objective
    violating = other.violating
    unknown = other.unknown
    withoutFigure = other.withoutFigure
    references = other.references
    self.correct = correct
  }
}

extension RatioInterval {
  /// Whether the data show that the second of the ratio is worse.
  fileprivate var isBehind: Bool { isSeparated && low > 1 }
}
