/// A forest plot: a point and an interval in each row, against a line of no difference.
public struct IntervalChart: Chart {
  /// What a row means, shown by colour and by the shape of the point.
  public enum Tone: Sendable, Equatable {
    /// Nothing is said: a filled circle.
    case neutral
    /// Better: a filled triangle.
    case good
    /// Worse: a filled diamond.
    case bad
    /// Not known: a hollow circle.
    case unclear
  }

  /// An estimate with its uncertainty.
  public struct Row: Sendable, Equatable {
    /// What the row is labelled with.
    public var name: String
    /// The estimate; nil, or not a number, if there is none.
    public var point: Double?
    /// The ends of the interval; what lies outside the axis, or is infinite, ends in an arrow.
    public var low, high: Double?
    /// What the row means.
    public var tone: Tone
    /// The text beside the row; nil for the figures.
    public var text: String?

    /// A row.
    public init(
      _ name: String, point: Double?, low: Double? = nil, high: Double? = nil, tone: Tone = .neutral,
      text: String? = nil
    ) {
      (self.name, self.point, self.low, self.high) = (name, point, low, high)
      (self.tone, self.text) = (tone, text)
    }
  }

  /// What is shown.
  public var title: String
  /// What there is to see: the finding, with its figures.
  public var description: String
  /// The axis of the estimates; ratios belong on a logarithmic one.
  public var axis: Axis
  /// The rows, from top to bottom.
  public var rows: [Row]
  /// Where there is no difference: 1 for ratios. A full line, always in view.
  public var reference: Double?
  /// Limits, such as the tolerated change: dashed lines, always in view.
  public var guides: [Double]
  /// What lies to the left and to the right of the reference: `slower`, `faster`.
  public var leftHint, rightHint: String

  /// A forest plot.
  public init(
    title: String, description: String, axis: Axis, rows: [Row], reference: Double? = 1, guides: [Double] = [],
    leftHint: String = "", rightHint: String = ""
  ) {
    (self.title, self.description, self.axis, self.rows) = (title, description, axis, rows)
    (self.reference, self.guides, self.leftHint, self.rightHint) = (reference, guides, leftHint, rightHint)
  }

  /// The chart in a drawing of this width; see `Chart`.
  public func svg(id: String, width: Double) -> String {
    IntervalChartDrawing(self, id: identifier(id), width: width).document()
  }
}
