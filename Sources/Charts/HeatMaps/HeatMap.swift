/// A table of ratios to a common standard, coloured by how far each is from 1.
public struct HeatMap: Chart {
  /// Which side of 1 is better.
  public enum Better: Sendable, Equatable {
    /// Throughput.
    case higher
    /// Latency.
    case lower
  }

  /// One field of the table.
  public struct Cell: Sendable, Equatable {
    /// The ratio to the standard, above 0; nil if there is none, which leaves the cell without colour.
    public var ratio: Double?
    /// What is printed in the cell.
    public var text: String
    /// More of it, as hover text.
    public var hover: String
    /// Whether the figure must not be compared, because what it measures was wrong: hatched and without colour, so
    /// that a fast strategy that loses updates never looks best.
    public var isInvalid: Bool

    /// A cell.
    public init(_ text: String, ratio: Double?, hover: String = "", isInvalid: Bool = false) {
      (self.text, self.ratio, self.hover, self.isInvalid) = (text, ratio, hover, isInvalid)
    }
  }

  /// One line of the table.
  public struct Row: Sendable, Equatable {
    /// What the row is labelled with.
    public var name: String
    /// One cell for each column; nil where nothing was measured.
    public var cells: [Cell?]

    /// A row.
    public init(_ name: String, _ cells: [Cell?]) {
      (self.name, self.cells) = (name, cells)
    }
  }

  /// What is shown.
  public var title: String
  /// What there is to see: the finding, with its figures.
  public var description: String
  /// What the columns are labelled with.
  public var columns: [String]
  /// The rows, from top to bottom.
  public var rows: [Row]
  /// Which side of 1 is better.
  public var better: Better

  /// A table of ratios.
  public init(title: String, description: String, columns: [String], rows: [Row], better: Better = .higher) {
    (self.title, self.description, self.columns, self.rows) = (title, description, columns, rows)
    self.better = better
  }

  /// The chart in a drawing of this width; see `Chart`.
  public func svg(id: String, width: Double) -> String {
    HeatMapDrawing(self, id: identifier(id), width: width).document()
  }
}
