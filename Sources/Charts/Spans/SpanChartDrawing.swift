/// The layout of rows of spans at one width.
struct SpanChartDrawing {
  private static let laneHeight = 6.0
  private static let labelHeight = 15.0
  /// What is shorter would not be seen.
  private static let leastWidth = 1.5

  private let chart: SpanChart
  private let id: String
  private let width: Double
  private let names: RowNames
  private let axis: PlacedAxis
  private let labels: [EventLabel]
  private let top: Double
  private let rowHeight: Double

  init(_ chart: SpanChart, id: String, width: Double) {
    (self.chart, self.id, self.width) = (chart, id, width)
    names = RowNames(chart.rows.map(\.name), width: width)
    let values = chart.rows.flatMap(\.spans).flatMap { [$0.from, $0.to ?? $0.from] }
    let left = names.left + 8
    axis = PlacedAxis(chart.axis, fitting: values.isEmpty ? [0, 1] : values, from: left, to: width - 16)
    labels = EventLabel.placed(chart.events, along: axis, left: left, right: width - 16)
    top = 8 + Double(labels.map { $0.lane + 1 }.max() ?? 0) * Self.labelHeight
    rowHeight = max(16, Double(chart.lanes.count) * Self.laneHeight) + 8
  }

  func document() -> String {
    var drawing = Drawing()
    let step = rowHeight + (names.areAbove ? RowNames.height : 0)
    let bottom = top + Double(chart.rows.count) * step
    drawing.verticalGrid(axis, top: top, bottom: bottom)
    drawLabels(into: &drawing)
    for (index, row) in chart.rows.enumerated() {
      let start = top + Double(index) * step + (names.areAbove ? RowNames.height : 0)
      draw(row.events, top: start, into: &drawing)
      names.draw(row.name, into: &drawing, top: start, rowHeight: rowHeight, room: width - names.left - 8)
      for span in row.spans { draw(span, of: row, top: start + 4, into: &drawing) }
      drawing.line(axis.start, start + rowHeight, axis.end, start + rowHeight, "grid")
    }
    drawing.line(axis.start, bottom, axis.end, bottom, "axis")
    if chart.rows.isEmpty { drawing.text("no data", x: width / 2, y: bottom - 8, anchor: .middle, "note") }
    var height = bottom + drawing.horizontalLabels(axis, below: bottom, width: width)
    let legend = Legend(
      entries: chart.lanes.enumerated().map { ($1, .fill(SeriesStyle(index: $0), texture: "")) })
    height += legend.draw(into: &drawing, left: 8, top: height, width: width - 16)
    return chart.document(id: id, width: width, height: height, drawing)
  }

  private func drawLabels(into drawing: inout Drawing) {
    for label in labels {
      let y = top - 5 - Double(label.lane) * Self.labelHeight
      drawing.text(label.text, x: label.x, y: y, "note over", full: label.full)
    }
  }

  private func draw(_ events: [LineChart.Event], top: Double, into drawing: inout Drawing) {
    for event in EventLabel.placed(events, along: axis, left: axis.start, right: axis.end) {
      if event.from == event.to {
        drawing.line(event.from, top, event.from, top + rowHeight, "guide")
      } else {
        drawing.rectangle(x: event.from, y: top, width: event.to - event.from, height: rowHeight, "shade")
      }
    }
  }

  private func draw(_ span: SpanChart.Span, of row: SpanChart.Row, top: Double, into drawing: inout Drawing) {
    guard let from = axis.held(span.from) else { return }
    let y = top + Double(span.lane) * Self.laneHeight
    let text = "\(row.name): \(span.text)"
    drawing.nest("g", "class=\"\(SeriesStyle(index: span.lane).colourClass)\"") { content in
      guard let to = span.to.flatMap(axis.held) else {
        let middle = y + Self.laneHeight / 2
        content.path(Marker.cross.path(x: from.position, y: middle, radius: 4), "point", hover: text)
        return
      }
      content.rectangle(
        x: from.position, y: y, width: max(Self.leastWidth, to.position - from.position), height: Self.laneHeight - 1,
        "bar", hover: text)
    }
  }
}
