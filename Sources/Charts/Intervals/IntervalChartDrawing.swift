/// The layout of a forest plot at one width.
struct IntervalChartDrawing {
  private static let rowHeight = 26.0

  private let chart: IntervalChart
  private let id: String
  private let width: Double
  private let names: RowNames
  private let axis: PlacedAxis
  private let texts: [String]
  private let textWidth: Double

  init(_ chart: IntervalChart, id: String, width: Double) {
    (self.chart, self.id, self.width) = (chart, id, width)
    names = RowNames(chart.rows.map(\.name), width: width)
    texts = chart.rows.map { Self.text(of: $0, chart.axis) }
    textWidth = min(texts.map { TextWidth.of($0) }.max() ?? 0, width * (names.areAbove ? 0.5 : 0.3))
    let values = chart.rows.flatMap { [$0.point, $0.low, $0.high].compactMap(\.self) }
    let lines = chart.guides + (chart.reference.map { [$0] } ?? [])
    let end = names.areAbove ? width - 16 : width - textWidth - 24
    axis = PlacedAxis(chart.axis, fitting: values + lines, from: names.left + 8, to: max(end, names.left + 68))
  }

  func document() -> String {
    var drawing = Drawing()
    let hasHints = !chart.leftHint.isEmpty || !chart.rightHint.isEmpty
    let top = hasHints ? 24.0 : 6.0
    let step = Self.rowHeight + (names.areAbove ? RowNames.height : 0)
    let bottom = top + Double(chart.rows.count) * step + 6
    drawing.verticalGrid(axis, top: top, bottom: bottom)
    drawLines(top: top, bottom: bottom, into: &drawing)
    if hasHints { drawHints(into: &drawing) }
    for (index, row) in chart.rows.enumerated() {
      let start = top + Double(index) * step + (names.areAbove ? RowNames.height + 3 : 3)
      draw(row, texts[index], top: start, into: &drawing)
    }
    drawing.line(axis.start, bottom, axis.end, bottom, "axis")
    if chart.rows.isEmpty { drawing.text("no data", x: width / 2, y: bottom - 8, anchor: .middle, "note") }
    let height = bottom + drawing.horizontalLabels(axis, below: bottom, width: width)
    return chart.document(id: id, width: width, height: height, drawing)
  }

  private static func text(of row: IntervalChart.Row, _ axis: Axis) -> String {
    if let text = row.text { return text }
    guard let point = row.point, point.isFinite else { return "no estimate" }
    guard let low = row.low, let high = row.high else { return axis.text(point) }
    // The sign of a ratio is not written three times.
    var bare = axis
    bare.format = axis.format == .ratio ? .plain : axis.format
    return "\(axis.text(point)) [\(bound(low, bare)), \(bound(high, bare))]"
  }

  private static func bound(_ value: Double, _ axis: Axis) -> String {
    if value.isNaN { return "?" }
    return value.isFinite ? axis.text(value) : value < 0 ? "-∞" : "∞"
  }

  private func drawLines(top: Double, bottom: Double, into drawing: inout Drawing) {
    for guide in chart.guides.sorted() {
      guard let x = axis.position(of: guide) else { continue }
      drawing.line(x, top, x, bottom, "guide")
    }
    guard let x = chart.reference.flatMap({ axis.position(of: $0) }) else { return }
    drawing.line(x, top - 4, x, bottom, "axis")
  }

  /// The hints stand on both sides of the reference line if there is room, else at the ends of the axis.
  private func drawHints(into drawing: inout Drawing) {
    let centre = chart.reference.flatMap { axis.position(of: $0) } ?? (axis.start + axis.end) / 2
    let room = (axis.end - axis.start) / 2 - 10
    let left = TextWidth.shortened(chart.leftHint.isEmpty ? "" : "← " + chart.leftHint, toFit: room)
    let right = TextWidth.shortened(chart.rightHint.isEmpty ? "" : chart.rightHint + " →", toFit: room)
    let leftEnd = max(centre - 8, names.left + TextWidth.of(left))
    let rightStart = min(centre + 8, width - TextWidth.of(right) - 4)
    let isApart = leftEnd + 8 <= rightStart
    drawing.text(left, x: isApart ? leftEnd : axis.start + TextWidth.of(left), y: 14, anchor: .end, "note")
    drawing.text(right, x: isApart ? rightStart : axis.end - TextWidth.of(right), y: 14, "note")
  }

  private func draw(_ row: IntervalChart.Row, _ text: String, top: Double, into drawing: inout Drawing) {
    let height = Self.rowHeight - 6
    let shown = TextWidth.shortened(text, toFit: textWidth)
    let nameRoom = width - names.left - TextWidth.of(shown) - 24
    names.draw(row.name, into: &drawing, top: top, rowHeight: height, room: nameRoom)
    let isNumber = row.point?.isFinite ?? false
    drawing.text(
      shown, x: width - 8, y: names.areAbove ? top - 5 : top + height / 2 + 4.5, anchor: .end,
      isNumber ? "over" : "note over", full: text)
    let y = top + height / 2
    let tone =
      switch row.tone {
      case .neutral: "neutral"
      case .good: "good"
      case .bad: "bad"
      case .unclear: "unclear"
      }
    drawing.nest("g", "class=\"\(tone)\"") { content in
      if let low = row.low.flatMap(axis.held), let high = row.high.flatMap(axis.held) {
        content.path(Self.interval(from: low, to: high, y: y), "line")
      }
      guard let point = row.point, point.isFinite, let place = axis.held(point) else { return }
      let (marker, style) = Self.marker(of: row.tone)
      content.path(marker.path(x: place.position, y: y, radius: 5), style, hover: "\(row.name): \(text)")
    }
  }

  /// A line with an upright end where the interval ends, and an arrow where it goes on beyond the axis.
  private static func interval(
    from low: (position: Double, isOutside: Bool), to high: (position: Double, isOutside: Bool), y: Double
  ) -> String {
    var places: [(x: Double, y: Double)?] = [(low.position, y), (high.position, y)]
    for (end, inward) in [(low, 7.0), (high, -7.0)] {
      let back = end.isOutside ? end.position + inward : end.position
      places += [nil, (back, y - 4.5), (end.position, y), (back, y + 4.5)]
    }
    return pathData(places)
  }

  private static func marker(of tone: IntervalChart.Tone) -> (Marker, String) {
    switch tone {
    case .neutral: (.circle, "point")
    case .good: (.triangle, "point")
    case .bad: (.diamond, "point")
    case .unclear: (.circle, "hollow")
    }
  }
}
