/// Grids whose cells name who is first under two conditions; several grids, where more conditions vary, stand side by
/// side or below each other.
///
/// Colour, texture and letter say the same, so that no one of them is needed.
public struct WinnerChart: Chart {
  /// What a cell shows.
  public enum Mark: Sendable, Equatable {
    /// The position of the one that is first.
    case winner(Int)
    /// The positions of those among which it is not decided.
    case undecided([Int])
    /// All were wrong.
    case crossedOut
    /// It cannot be told.
    case unknown
  }

  /// One field of a grid.
  public struct Cell: Sendable, Equatable {
    /// What it shows.
    public var mark: Mark
    /// Positions of those that were wrong here: their letters are named beside a cross.
    public var wrong: [Int]
    /// All of it in words, as hover text.
    public var hover: String

    /// A cell.
    public init(_ mark: Mark, wrong: [Int] = [], hover: String) {
      (self.mark, self.wrong, self.hover) = (mark, wrong, hover)
    }
  }

  /// One grid.
  public struct Panel: Sendable, Equatable {
    /// What holds for the grid; empty for a single one.
    public var title: String
    /// Cells by row and column; nil where nothing was measured.
    public var cells: [[Cell?]]

    /// A grid.
    public init(_ title: String, _ cells: [[Cell?]]) {
      (self.title, self.cells) = (title, cells)
    }
  }

  /// One of those that compete.
  public struct Entry: Sendable, Equatable {
    /// What stands in its cells.
    public var letter: String
    /// What the legend calls it.
    public var name: String
    /// Position that decides colour and texture: the same as on other charts.
    public var style: Int

    /// A competitor.
    public init(_ letter: String, _ name: String, style: Int) {
      (self.letter, self.name, self.style) = (letter, name, style)
    }
  }

  /// What is shown.
  public var title: String
  /// What there is to see: the finding, with its figures.
  public var description: String
  /// What varies along the columns, and its values.
  public var columns: (name: String, values: [String])
  /// What varies along the rows, and its values; without a name, the rows are not labelled.
  public var rows: (name: String, values: [String])
  /// The grids in their order.
  public var panels: [Panel]
  /// Those that marks refer to by their position.
  public var entries: [Entry]

  /// A map.
  public init(
    title: String, description: String, columns: (name: String, values: [String]),
    rows: (name: String, values: [String]), panels: [Panel], entries: [Entry]
  ) {
    (self.title, self.description, self.columns, self.rows) = (title, description, columns, rows)
    (self.panels, self.entries) = (panels, entries)
  }

  /// The chart in a drawing of this width; see `Chart`.
  public func svg(id: String, width: Double) -> String {
    WinnerChartDrawing(self, id: identifier(id), width: width).document()
  }
}
