/// Rows of spans over time, several lanes in each: who was at work when.
public struct SpanChart: Chart {
  /// A stretch of time in one lane of a row.
  public struct Span: Sendable, Equatable {
    /// When it began.
    public var from: Double
    /// When it ended; nil when nobody knows, which is drawn as a cross where it began.
    public var to: Double?
    /// Which lane of its row, from 0; it has the colour of that lane.
    public var lane: Int
    /// Hover text.
    public var text: String

    /// A span.
    public init(from: Double, to: Double?, lane: Int, text: String) {
      (self.from, self.to, self.lane, self.text) = (from, to, lane, text)
    }
  }

  /// What belongs together, with all its lanes.
  public struct Row: Sendable, Equatable {
    /// What the row is labelled with.
    public var name: String
    /// Its spans.
    public var spans: [Span]
    /// What happened in this row, a shade or a line without a label.
    public var events: [LineChart.Event]

    /// A row.
    public init(_ name: String, _ spans: [Span], events: [LineChart.Event] = []) {
      (self.name, self.spans, self.events) = (name, spans, events)
    }
  }

  /// What is shown.
  public var title: String
  /// What there is to see: the finding, with its figures.
  public var description: String
  /// The axis of time.
  public var axis: Axis
  /// The names of the lanes, which all rows have.
  public var lanes: [String]
  /// The rows, from top to bottom.
  public var rows: [Row]
  /// The labels of what happened, above the rows.
  public var events: [LineChart.Event]

  /// A chart of spans.
  public init(
    title: String, description: String, axis: Axis, lanes: [String], rows: [Row], events: [LineChart.Event] = []
  ) {
    (self.title, self.description, self.axis) = (title, description, axis)
    (self.lanes, self.rows, self.events) = (lanes, rows, events)
  }

  /// The chart in a drawing of this width; see `Chart`.
  public func svg(id: String, width: Double) -> String {
    SpanChartDrawing(self, id: identifier(id), width: width).document()
  }
}
