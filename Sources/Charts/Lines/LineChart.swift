/// Curves over a common axis: throughput against workers, latency by percentile, a timeline.
public struct LineChart: Chart {
  /// A place of a curve. What has no place on its axis, such as 0 on a logarithmic one, leaves a gap.
  public struct Point: Sendable, Equatable {
    /// Its values on the two axes.
    public var x, y: Double
    /// The ends of an interval of `y`.
    public var low, high: Double?

    /// A place, with an interval if both ends are known.
    public init(x: Double, y: Double, low: Double? = nil, high: Double? = nil) {
      (self.x, self.y, self.low, self.high) = (x, y, low, high)
    }
  }

  /// How points are joined.
  public enum Shape: Sendable, Equatable {
    /// By straight lines.
    case straight
    /// Each value holds until the next point, as in a distribution.
    case steps
  }

  /// How intervals are drawn.
  public enum IntervalStyle: Sendable, Equatable {
    /// A vertical line with ends at each point.
    case whiskers
    /// A shaded area along the curve.
    case band
  }

  /// One curve.
  public struct Series: Sendable, Equatable {
    /// What it is labelled with.
    public var name: String
    /// Its places, in ascending `x`.
    public var points: [Point]
    /// How intervals are drawn, where points have them.
    public var intervals: IntervalStyle
    /// How points are joined.
    public var shape: Shape
    /// The index of its `SeriesStyle`; nil for its index in the chart. Give a strategy the same in all charts.
    public var style: Int?

    /// A curve.
    public init(
      _ name: String, _ points: [Point], intervals: IntervalStyle = .whiskers, shape: Shape = .straight,
      style: Int? = nil
    ) {
      (self.name, self.points, self.intervals, self.shape, self.style) = (name, points, intervals, shape, style)
    }
  }

  /// A dashed line to compare with.
  public struct Reference: Sendable, Equatable {
    /// What it is labelled with: `ideal scaling`.
    public var label: String
    /// Its places; the parts outside the axes are cut off.
    public var points: [Point]
    /// Whether it is level, in which case the vertical axis makes room for it.
    let isLevel: Bool

    /// A line through places; the axes do not stretch to show it.
    public init(_ label: String, through points: [Point]) {
      (self.label, self.points, isLevel) = (label, points, false)
    }

    /// A level line over the whole width, always in view: a limit agreed on.
    public init(_ label: String, at y: Double) {
      (self.label, points, isLevel) = (label, [Point(x: .nan, y: y)], true)
    }
  }

  /// What happened along the horizontal axis.
  public enum Event: Sendable, Equatable {
    /// A vertical line: a fault.
    case moment(Double, String)
    /// A shaded stretch: the warm-up.
    case stretch(from: Double, to: Double, String)
  }

  /// What is shown.
  public var title: String
  /// What there is to see: the finding, with its figures.
  public var description: String
  /// The axes.
  public var x, y: Axis
  /// The curves, in the order of the legend.
  public var series: [Series]
  /// Lines to compare with.
  public var references: [Reference]
  /// What happened along the horizontal axis.
  public var events: [Event]
  /// The height of the area between the axes; about 120 for one of several panels.
  public var plotHeight: Double

  /// A chart of curves.
  public init(
    title: String, description: String, x: Axis, y: Axis, series: [Series], references: [Reference] = [],
    events: [Event] = [], plotHeight: Double = 280
  ) {
    (self.title, self.description, self.x, self.y) = (title, description, x, y)
    (self.series, self.references, self.events, self.plotHeight) = (series, references, events, plotHeight)
  }

  /// The chart in a drawing of this width; see `Chart`.
  public func svg(id: String, width: Double) -> String {
    LineChartDrawing(self, id: identifier(id), width: width).document()
  }
}
