/// The layout of a bar chart at one width.
struct BarChartDrawing {
  private static let barHeight = 15.0
  private static let barGap = 3.0
  private static let rowGap = 10.0

  private let chart: BarChart
  private let id: String
  private let width: Double
  private let texture: Texture
  private let names: RowNames
  private let axis: PlacedAxis

  init(_ chart: BarChart, id: String, width: Double) {
    (self.chart, self.id, self.width) = (chart, id, width)
    texture = Texture(id: id)
    names = RowNames(chart.rows.map(\.name), width: width)
    var axis = chart.axis
    axis.scale = .linear
    if chart.arrangement == .shares { axis.format = .percent }
    let areNotesAbove = names.areAbove
    let labels = chart.rows.flatMap { row in
      let row = areNotesAbove ? Self.withoutNote(row) : row
      return
        chart.arrangement == .grouped
        ? row.bars.map { Self.label(of: $0, in: row, axis) } : [Self.label(of: row, chart)]
    }
    let reserved = min((labels.map { TextWidth.of($0) }.max() ?? 0) + 12, width * 0.45)
    self.axis = PlacedAxis(
      axis, fitting: Self.ends(of: chart), from: names.left, to: max(names.left + 60, width - max(reserved, 20)))
  }

  func document() -> String {
    var drawing = Drawing()
    texture.define(count: chart.series.count, hatched: chart.rows.contains(where: \.isInvalid), into: &drawing)
    let top = drawLegend(into: &drawing) + 4
    let heights = chart.rows.map { _ in rowHeight }
    let bottom = top + heights.reduce(0, +) + 4
    drawing.verticalGrid(axis, top: top, bottom: bottom)
    for (index, row) in chart.rows.enumerated() {
      let start = top + Double(index) * rowHeight + Self.rowGap / 2 + (names.areAbove ? RowNames.height : 0)
      // Above the row there is more room for the note than after a bar.
      let name = names.areAbove && !row.note.isEmpty ? "\(row.name)  \(row.note)" : row.name
      names.draw(name, into: &drawing, top: start, rowHeight: barsHeight, room: width - 16)
      draw(row, top: start, into: &drawing)
    }
    drawing.line(axis.start, top, axis.start, bottom, "axis")
    if chart.rows.isEmpty { drawing.text("no data", x: width / 2, y: bottom - 8, anchor: .middle, "note") }
    let height = bottom + drawing.horizontalLabels(axis, below: bottom, width: width)
    return chart.document(id: id, width: width, height: height, drawing)
  }

  // MARK: measures

  private var barsHeight: Double {
    guard chart.arrangement == .grouped else { return Self.barHeight + 5 }
    if chart.series.count <= 1 { return Self.barHeight + 3 }
    return Double(chart.series.count) * (Self.barHeight + Self.barGap) - Self.barGap
  }

  private var rowHeight: Double { barsHeight + Self.rowGap + (names.areAbove ? RowNames.height : 0) }

  /// Every value that the axis must reach.
  private static func ends(of chart: BarChart) -> [Double] {
    switch chart.arrangement {
    case .grouped: chart.rows.flatMap { $0.bars.flatMap { [length(of: $0), $0?.high ?? 0] } }
    case .stacked: chart.rows.map(sum)
    case .shares: [1]
    }
  }

  private static func length(of bar: BarChart.Bar?) -> Double {
    guard let value = bar?.value, value.isFinite else { return 0 }
    return min(max(0, value), 1e290)
  }

  private static func sum(of row: BarChart.Row) -> Double { row.bars.reduce(0) { $0 + length(of: $1) } }

  private static func label(of bar: BarChart.Bar?, in row: BarChart.Row, _ axis: Axis) -> String {
    let figure = bar.map { axis.format.text($0.value) } ?? "not measured"
    return row.note.isEmpty ? figure : "\(figure)  \(row.note)"
  }

  private static func label(of row: BarChart.Row, _ chart: BarChart) -> String {
    guard sum(of: row) > 0 || chart.arrangement == .stacked else {
      return row.note.isEmpty ? "none" : "none  \(row.note)"
    }
    if chart.arrangement == .shares { return row.note }
    let figure = chart.axis.format.text(sum(of: row))
    return row.note.isEmpty ? figure : "\(figure)  \(row.note)"
  }

  private func noted(_ row: BarChart.Row) -> BarChart.Row { names.areAbove ? Self.withoutNote(row) : row }

  private static func withoutNote(_ row: BarChart.Row) -> BarChart.Row {
    var bare = row
    bare.note = ""
    return bare
  }

  // MARK: rows

  private func draw(_ row: BarChart.Row, top: Double, into drawing: inout Drawing) {
    if chart.arrangement == .grouped {
      for (index, bar) in row.bars.prefix(max(1, chart.series.count)).enumerated() {
        draw(bar, index: index, of: row, top: top + Double(index) * (Self.barHeight + Self.barGap), into: &drawing)
      }
    } else {
      drawStack(row, top: top, into: &drawing)
    }
  }

  private func draw(_ bar: BarChart.Bar?, index: Int, of row: BarChart.Row, top: Double, into drawing: inout Drawing) {
    let height = chart.series.count <= 1 ? barsHeight : Self.barHeight
    let end = axis.held(Self.length(of: bar))?.position ?? axis.start
    let style = SeriesStyle(index: max(0, chart.series.count <= 1 ? row.style ?? index : index))
    var labelStart = end
    if let bar {
      drawing.nest("g", "class=\"\(style.colourClass)\"") { content in
        drawFill(
          from: axis.start, to: end, top: top, height: height, index: index, of: row, value: bar.value, into: &content)
        guard let low = bar.low.flatMap(axis.held), let high = bar.high.flatMap(axis.held) else { return }
        labelStart = max(end, high.position)
        let (y, cap) = (top + height / 2, 4.0)
        let whisker: [(x: Double, y: Double)?] = [
          (low.position, y - cap), (low.position, y + cap), nil, (high.position, y - cap), (high.position, y + cap),
          nil, (low.position, y), (high.position, y),
        ]
        content.path(pathData(whisker), "whisker")
      }
    }
    let label = Self.label(of: bar, in: noted(row), axis.axis)
    let text = TextWidth.shortened(label, toFit: width - labelStart - 8)
    drawing.text(text, x: labelStart + 6, y: top + height / 2 + 4.5, bar == nil ? "note" : "", full: label)
  }

  private func drawStack(_ row: BarChart.Row, top: Double, into drawing: inout Drawing) {
    let total = Self.sum(of: row)
    var reached = 0.0
    for (index, bar) in row.bars.prefix(max(1, chart.series.count)).enumerated() {
      let length = Self.length(of: bar)
      guard length > 0, total > 0 else { continue }
      let scale = chart.arrangement == .shares ? 1 / total : 1
      guard let from = axis.held(reached * scale), let to = axis.held((reached + length) * scale) else { continue }
      reached += length
      let share = NumberFormat.percent.text(length / total)
      let label = chart.arrangement == .shares ? share : chart.axis.format.text(length)
      drawing.nest("g", "class=\"\(SeriesStyle(index: index).colourClass)\"") {
        drawFill(
          from: from.position, to: to.position, top: top, height: barsHeight, index: index, of: row, value: length,
          into: &$0)
        guard TextWidth.of(label) + 12 <= to.position - from.position, row.bars.count > 1 else { return }
        let middle = (from.position + to.position) / 2
        let style = row.isInvalid ? "over" : "inside"
        $0.text(label, x: middle, y: top + barsHeight / 2 + 4.5, anchor: .middle, style)
      }
    }
    let end = axis.held(chart.arrangement == .shares ? (total > 0 ? 1 : 0) : total)?.position ?? axis.start
    let label = Self.label(of: noted(row), chart)
    let text = TextWidth.shortened(label, toFit: width - end - 8)
    drawing.text(text, x: end + 6, y: top + barsHeight / 2 + 4.5, full: label)
  }

  private func drawFill(
    from start: Double, to end: Double, top: Double, height: Double, index: Int, of row: BarChart.Row, value: Double,
    into drawing: inout Drawing
  ) {
    let name = index < chart.series.count && chart.series.count > 1 ? "\(row.name), \(chart.series[index])" : row.name
    var hover = "\(name): \(chart.axis.format.text(value))"
    if chart.arrangement != .grouped { hover += ", \(NumberFormat.percent.text(value / Self.sum(of: row)))" }
    if !row.note.isEmpty { hover += " (\(row.note))" }
    if row.isInvalid {
      drawing.hatchedBar(x: start, y: top, width: end - start, height: height, texture: texture, hover: hover)
    } else {
      let pattern = chart.series.count > 1 ? texture.pattern(of: index) : ""
      drawing.texturedBar(x: start, y: top, width: end - start, height: height, texture: pattern, hover: hover)
    }
  }

  private func drawLegend(into drawing: inout Drawing) -> Double {
    guard chart.series.count > 1 else { return 0 }
    let entries = chart.series.enumerated().map { index, name in
      (name: name, sample: Legend.Sample.fill(SeriesStyle(index: index), texture: texture.pattern(of: index)))
    }
    return Legend(entries: entries).draw(into: &drawing, left: 8, top: 0, width: width - 8)
  }
}
