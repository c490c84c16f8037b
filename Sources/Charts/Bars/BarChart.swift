/// Horizontal bars: one figure per strategy, or the parts of a whole.
public struct BarChart: Chart {
  /// How the bars of a row are laid.
  public enum Arrangement: Sendable, Equatable {
    /// Below each other.
    case grouped
    /// End to end, so that the row shows their sum.
    case stacked
    /// End to end, as shares of their sum; the format of the axis is ignored.
    case shares
  }

  /// One figure.
  public struct Bar: Sendable, Equatable {
    /// The length, at least 0; what is below, or is not a number, is drawn as nothing.
    public var value: Double
    /// The ends of an interval, drawn as a whisker on grouped bars.
    public var low, high: Double?

    /// A figure, with an interval if both ends are known.
    public init(_ value: Double, low: Double? = nil, high: Double? = nil) {
      (self.value, self.low, self.high) = (value, low, high)
    }
  }

  /// The bars of one thing.
  public struct Row: Sendable, Equatable {
    /// What the row is labelled with.
    public var name: String
    /// One bar for each series; nil where nothing was measured.
    public var bars: [Bar?]
    /// A word after the figure: `lost 3 updates`.
    public var note: String
    /// Whether the figures must not be compared, because what they measure was wrong: hatched instead of coloured.
    public var isInvalid: Bool
    /// The index of the `SeriesStyle` of its bars if there is one series; nil for that of the series.
    public var style: Int?

    /// A row.
    public init(_ name: String, _ bars: [Bar?], note: String = "", isInvalid: Bool = false, style: Int? = nil) {
      (self.name, self.bars, self.note, self.isInvalid, self.style) = (name, bars, note, isInvalid, style)
    }
  }

  /// What is shown.
  public var title: String
  /// What there is to see: the finding, with its figures.
  public var description: String
  /// The axis of the figures; its scale is always linear from 0, because the length of a bar is its meaning.
  public var axis: Axis
  /// What the bars of each row are, in the order of the legend; one name needs no legend.
  public var series: [String]
  /// The rows, from top to bottom.
  public var rows: [Row]
  /// How the bars of a row are laid.
  public var arrangement: Arrangement

  /// A chart of bars.
  public init(
    title: String, description: String, axis: Axis, series: [String], rows: [Row],
    arrangement: Arrangement = .grouped
  ) {
    (self.title, self.description, self.axis, self.series) = (title, description, axis, series)
    (self.rows, self.arrangement) = (rows, arrangement)
  }

  /// The chart in a drawing of this width; see `Chart`.
  public func svg(id: String, width: Double) -> String {
    BarChartDrawing(self, id: identifier(id), width: width).document()
  }
}
