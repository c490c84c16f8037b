internal import Model
internal import Words

/// Which strategy is first where, over the settings that were swept: a grid of the two with the most values, once for
/// each combination of the others.
///
/// A strategy that broke an invariant at a load point, or of which it cannot be told, is never first there.
public struct WinnerMap: Sendable, Equatable {
  /// What is known of a load point.
  public enum Outcome: Sendable, Equatable {
    /// The data tell this strategy apart from every other correct one, or it is the only correct one.
    case winner(String)
    /// The data do not tell which of these is first; best first.
    case undecided([String])
    /// Every strategy broke an invariant.
    case violated
    /// None is shown to be correct, or none of the correct ones has a figure.
    case unknown
  }

  /// One load point.
  public struct Cell: Sendable, Equatable {
    /// Who is first.
    public let outcome: Outcome
    /// Strategies that broke an invariant here although they should not, in the order of the run.
    public let violating: [String]
    /// Where it is, who is first and by how much, who is not correct: for a text that explains the cell.
    public let words: String
  }

  /// A grid with everything else held.
  public struct Panel: Sendable, Equatable {
    /// What is held, as `hold=1ms`; empty when nothing else is swept.
    public let title: String
    /// Cells by row and column; nil where nothing was measured.
    public let cells: [[Cell?]]
  }

  /// A swept setting with its values in order; the name is empty when there is none.
  public struct Axis: Sendable, Equatable {
    /// Such as `keys`.
    public let name: String
    /// Such as `1` and `16`.
    public let values: [String]
  }

  /// Only strategies that keep their records in this store were compared; empty for all.
  public let store: String
  /// The setting along the columns.
  public let columns: Axis
  /// The setting along the rows; without a name and of one value when one setting was swept.
  public let rows: Axis
  /// The grids; one when at most two settings were swept.
  public let panels: [Panel]
  /// How often who is first, and by how much, in one sentence.
  public let summary: String

  /// Lays out rankings of one run; nil when they are fewer than two.
  init?(_ rankings: [Ranking], store: String = "") {
    guard rankings.count > 1 else { return nil }
    let swept = SweptSettings(rankings.map(\.point))
    let grid = Self.grid(of: swept.dimensions)
    let held = swept.dimensions.filter { dimension in !grid.contains { $0.name == dimension.name } }
    let columns = grid.first.map { Axis(name: $0.name, values: $0.values) } ?? Axis(name: "", values: [""])
    let rows = grid.count > 1 ? Axis(name: grid[1].name, values: grid[1].values) : Axis(name: "", values: [""])
    let cells = rankings.map { ranking in
      (settings: swept.dimensions.map { swept.value($0, at: ranking.point) }, cell: Cell(ranking))
    }
    let names = swept.dimensions.map(\.name)
    panels = Self.combinations(held).map { combination in
      let settings = zip(held.map(\.name), combination).map { (name: $0, value: $1) }
      return Panel(
        title: settings.map { "\($0.name)=\($0.value)" }.joined(separator: ", "),
        cells: rows.values.map { row in
          columns.values.map { column in
            let wanted = settings + [(rows.name, row), (columns.name, column)]
            let place = names.map { name in wanted.first { $0.name == name }?.value ?? "" }
            return cells.first { $0.settings == place }?.cell
          }
        })
    }
    (self.store, self.columns, self.rows) = (store, columns, rows)
    summary = WinnerCounts(rankings).sentence
  }

  /// Every cell that was measured.
  public var cells: [Cell] { panels.flatMap(\.cells).flatMap { $0 }.compactMap { $0 } }

  /// The two settings with the most values; of these the first named lies along the columns.
  private static func grid(of dimensions: [SweptSettings.Dimension]) -> [SweptSettings.Dimension] {
    let longest = dimensions.enumerated().sorted {
      ($1.element.values.count, $0.offset) < ($0.element.values.count, $1.offset)
    }
    return longest.prefix(2).sorted { $0.offset < $1.offset }.map(\.element)
  }

  private static func combinations(_ dimensions: [SweptSettings.Dimension]) -> [[String]] {
    dimensions.reduce([[]]) { combinations, dimension in
      combinations.flatMap { combination in dimension.values.map { combination + [$0] } }
    }
  }
}

extension WinnerMap.Cell {
  fileprivate init(_ ranking: Ranking) {
    outcome = WinnerMap.Outcome(ranking)
    violating = distinct(ranking.violating.filter { !$0.isControl })
    let verdict =
      switch outcome {
      case .winner(let name): "\(name) is first\(Self.margin(ranking))"
      case .undecided(let names): "undecided between \(listed(names))\(Self.margin(ranking))"
      case .violated: "every strategy broke an invariant"
      case .unknown: "no strategy is shown to be correct and fast"
      }
    words = "\(ranking.point.name): \(verdict)" + (violating.isEmpty ? "" : "; not correct: \(listed(violating))")
  }

  private static func margin(_ ranking: Ranking) -> String {
    guard ranking.correct.count > 1 else { return ", the only correct one" }
    return ranking.lead.map { ", \($0.words) ahead of \(ranking.correct[1].strategy)" } ?? ""
  }
}

extension WinnerMap.Outcome {
  /// What a ranking says.
  init(_ ranking: Ranking) {
    if let fastest = ranking.fastest {
      self = .winner(fastest.strategy)
    } else if !ranking.leaders.isEmpty {
      self = .undecided(ranking.leaders.map(\.strategy))
    } else if ranking.unknown.isEmpty, ranking.withoutFigure.isEmpty, !ranking.violating.isEmpty {
      self = .violated
    } else {
      self = .unknown
    }
  }
}
