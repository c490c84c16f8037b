/// The layout of a line chart at one width.
struct LineChartDrawing {
  private static let labelHeight = 16.0
  /// More points than this are drawn without a marker each.
  private static let markedPoints = 40

  private let chart: LineChart
  private let id: String
  private let width: Double
  private let curves: [Curve]
  private let eventLabels: [EventLabel]
  /// Whether names stand at the ends of the curves, and not in a legend.
  private let isDirect: Bool
  private let left, right, top, bottom: Double
  private var x, y: PlacedAxis

  /// A series as it is drawn.
  private struct Curve {
    let series: LineChart.Series
    let style: SeriesStyle
    let points: [LineChart.Point]
  }

  init(_ chart: LineChart, id: String, width: Double) {
    (self.chart, self.id, self.width) = (chart, id, width)
    curves = chart.series.enumerated().map { index, series in
      Curve(
        series: series, style: SeriesStyle(index: max(0, series.style ?? index)), points: decimated(series.points))
    }
    let points = curves.flatMap(\.points)
    let levels = chart.references.filter(\.isLevel).flatMap(\.points).map(\.y)
    x = PlacedAxis(chart.x, fitting: points.map(\.x), about: Int(width / 80))
    y = PlacedAxis(
      chart.y, fitting: points.flatMap { [$0.y, $0.low ?? $0.y, $0.high ?? $0.y] } + levels,
      about: min(max(2, Int(chart.plotHeight / 40)), 8))
    left = min((y.ticks.map { TextWidth.of($0.label) }.max() ?? 0) + 12, width / 3)
    let names = chart.series.map(\.name) + chart.references.map(\.label)
    let widest = names.map { TextWidth.of($0) }.max() ?? 0
    isDirect =
      width >= narrowWidth && widest <= width * 0.28 && !names.isEmpty
      && Double(names.count) * Self.labelHeight <= chart.plotHeight + 10
      && curves.allSatisfy { [x, y] in Self.isShown($0, x.scale, y.scale) }
    right = width - (isDirect ? widest + 34 : 14)
    (x.start, x.end) = (left + 10, right - 10)
    eventLabels = EventLabel.placed(chart.events, along: x, left: left, right: right)
    let lanes = eventLabels.map { $0.lane + 1 }.max() ?? 0
    top = (chart.y.title.isEmpty ? 10 : 26) + Double(lanes) * Self.labelHeight
    bottom = top + max(40, chart.plotHeight)
    (y.start, y.end) = (bottom, top)
  }

  /// Whether any of its points has a place: a label beside the axis would claim a value for a curve without one.
  private static func isShown(_ curve: Curve, _ x: Scale, _ y: Scale) -> Bool {
    curve.points.contains { x.fraction(of: $0.x) != nil && y.fraction(of: $0.y) != nil }
  }

  func document() -> String {
    var drawing = Drawing()
    drawing.nest("clipPath", "id=\"\(id)-clip\"") {
      $0.rectangle(x: left - 1, y: top - 6, width: right - left + 7, height: bottom - top + 12, "area")
    }
    drawFrame(into: &drawing)
    drawing.nest("g", "clip-path=\"url(#\(id)-clip)\"") { content in
      for reference in chart.references {
        content.path(pathData(places(of: reference)), "guide", hover: reference.label)
      }
      for curve in curves {
        content.nest("g", "class=\"\(curve.style.colourClass)\"") { draw(curve, into: &$0) }
      }
    }
    if curves.allSatisfy({ $0.points.allSatisfy { place(of: $0) == nil } }) {
      drawing.text("no data", x: (left + right) / 2, y: (top + bottom) / 2, anchor: .middle, "note")
    }
    var height = bottom + drawing.horizontalLabels(x, below: bottom, width: width)
    if isDirect {
      drawEndLabels(into: &drawing)
    } else {
      height += drawLegend(into: &drawing, top: height)
    }
    return chart.document(id: id, width: width, height: height, drawing)
  }

  // MARK: frame

  private func drawFrame(into drawing: inout Drawing) {
    drawing.text(
      TextWidth.shortened(chart.y.title, toFit: width - 8), x: 2, y: 13, "note", full: chart.y.title)
    drawing.verticalGrid(x, top: top, bottom: bottom)
    for tick in y.ticks {
      drawing.line(left, tick.position, right, tick.position, "grid")
      let label = TextWidth.shortened(tick.label, toFit: left - 8)
      drawing.text(label, x: left - 7, y: tick.position + 4.5, anchor: .end, "tick")
    }
    for label in eventLabels {
      let lane = top - 5 - Double(label.lane) * Self.labelHeight
      if label.from == label.to {
        drawing.line(label.from, lane - 8, label.from, bottom, "guide")
      } else {
        drawing.rectangle(x: label.from, y: top, width: label.to - label.from, height: bottom - top, "shade")
      }
    }
    for label in eventLabels {
      let lane = top - 5 - Double(label.lane) * Self.labelHeight
      drawing.text(label.text, x: label.x, y: lane, "note over", full: label.full)
    }
    drawing.line(left, bottom, right, bottom, "axis")
  }

  // MARK: curves

  private func place(of point: LineChart.Point) -> (x: Double, y: Double)? {
    guard let x = x.position(of: point.x), let y = y.position(of: point.y) else { return nil }
    return (x, y)
  }

  private func places(of reference: LineChart.Reference) -> [(x: Double, y: Double)?] {
    guard reference.isLevel else { return reference.points.map(place) }
    guard let height = reference.points.first.flatMap({ y.position(of: $0.y) }) else { return [] }
    return [(left, height), (right, height)]
  }

  private func draw(_ curve: Curve, into drawing: inout Drawing) {
    if curve.series.intervals == .band { drawBand(of: curve, into: &drawing) }
    let places = curve.points.map(place)
    let isDense = places.count > Self.markedPoints
    let data = pathData(curve.series.shape == .steps ? steps(places) : places)
    if !data.isEmpty {
      drawing.path(
        data, isDense ? "line thin" : "line", extra: curve.style.dashAttribute, hover: curve.series.name)
    }
    let every = isDense ? max(1, places.count / 8) : 1
    for (index, (point, place)) in zip(curve.points, places).enumerated() {
      guard let place else { continue }
      if curve.series.intervals == .whiskers { drawWhisker(of: point, x: place.x, into: &drawing) }
      // Shifted by half a stride, so that markers of dense curves stand clear of the ends.
      guard index % every == every / 2 else { continue }
      drawing.path(
        curve.style.marker.path(x: place.x, y: place.y), "point", hover: hover(of: point, in: curve.series))
    }
  }

  private func drawBand(of curve: Curve, into drawing: inout Drawing) {
    let edges: [(x: Double, low: Double, high: Double)] = curve.points.compactMap { point in
      guard let low = point.low, let high = point.high, let x = x.position(of: point.x),
        let lowest = y.held(low), let highest = y.held(high)
      else { return nil }
      return (x, lowest.position, highest.position)
    }
    guard edges.count > 1 else { return }
    let lows = edges.map { Optional((x: $0.x, y: $0.low)) }
    let highs = edges.map { Optional((x: $0.x, y: $0.high)) }
    let isStepped = curve.series.shape == .steps
    let outline = (isStepped ? steps(lows) : lows) + (isStepped ? steps(highs) : highs).reversed()
    drawing.path(pathData(outline) + "Z", "band")
  }

  private func drawWhisker(of point: LineChart.Point, x: Double, into drawing: inout Drawing) {
    guard let low = point.low.flatMap(y.held), let high = point.high.flatMap(y.held) else { return }
    let (from, to) = (low.position, high.position)
    guard abs(from - to) > 0.5 else { return }
    let caps: [(x: Double, y: Double)?] = [
      (x - 3.5, from), (x + 3.5, from), nil, (x - 3.5, to), (x + 3.5, to), nil, (x, from), (x, to),
    ]
    drawing.path(pathData(caps), "line thin")
  }

  private func steps(_ places: [(x: Double, y: Double)?]) -> [(x: Double, y: Double)?] {
    zip(places, places.dropFirst() + [nil]).flatMap { place, next in
      guard let place, let next else { return [place] }
      return [place, (x: next.x, y: place.y)]
    }
  }

  private func hover(of point: LineChart.Point, in series: LineChart.Series) -> String {
    var text = "\(series.name): \(chart.y.text(point.y))"
    if let low = point.low, let high = point.high { text += " [\(chart.y.text(low)), \(chart.y.text(high))]" }
    return text + " at \(chart.x.text(point.x)) \(chart.x.title)"
  }

  // MARK: names

  /// Where a reference leaves the plot through its top, well before its right side; it is named there.
  private func exit(of reference: LineChart.Reference) -> Double? {
    let places = places(of: reference)
    for case let (from?, to?) in zip(places, places.dropFirst()) where from.y >= top && to.y < top {
      let x = from.x + (to.x - from.x) * (from.y - top) / (from.y - to.y)
      return x + TextWidth.of(reference.label) + 16 < right ? x : nil
    }
    return nil
  }

  private func drawLegend(into drawing: inout Drawing, top: Double) -> Double {
    let series = curves.map { curve in
      let name = Self.isShown(curve, x.scale, y.scale) ? curve.series.name : curve.series.name + " (no data)"
      return (name: name, sample: Legend.Sample.line(curve.style))
    }
    let references = chart.references.map { (name: $0.label, sample: Legend.Sample.guide) }
    return Legend(entries: series + references).draw(into: &drawing, left: 8, top: top, width: width - 8)
  }

  /// Names beside the ends of the curves, moved apart where ends are close, with thin lines to them.
  private func drawEndLabels(into drawing: inout Drawing) {
    let lines = curves.map { ($0.series.name, $0.points.map(place), SeriesStyle?.some($0.style)) }
    let references = chart.references.filter { exit(of: $0) == nil }.map {
      ($0.label, places(of: $0), SeriesStyle?.none)
    }
    for reference in chart.references {
      guard let x = exit(of: reference) else { continue }
      drawing.text(reference.label, x: x + 8, y: top + 12, "note over")
    }
    let ends = (lines + references).map { name, places, style in
      let end = places.last { $0 != nil }.flatMap { $0 } ?? (x: right, y: bottom)
      return (name: name, style: style, x: min(end.x, right), y: min(max(end.y, top), bottom))
    }.sorted { $0.y < $1.y }
    let heights = spread(ends.map(\.y), apart: Self.labelHeight, from: top - 5, to: bottom + 5)
    for (end, height) in zip(ends, heights) {
      if right - end.x < 16 {
        let way = [(x: end.x + 6, y: end.y), (x: right + 2, y: end.y), (x: right + 9, y: height)]
        drawing.path(pathData(way), "leader")
      }
      if let style = end.style {
        drawing.nest("g", "class=\"\(style.colourClass)\"") {
          $0.path(style.marker.path(x: right + 17, y: height), "point")
        }
      }
      drawing.text(end.name, x: right + (end.style == nil ? 12 : 26), y: height + 4.5)
    }
  }
}

/// Ascending places moved as little as needed to lie so far apart and within the ends.
func spread(_ places: [Double], apart gap: Double, from start: Double, to end: Double) -> [Double] {
  var result = places
  for index in result.indices.dropFirst() { result[index] = max(result[index], result[index - 1] + gap) }
  var limit = end
  for index in result.indices.reversed() {
    result[index] = min(result[index], limit)
    limit = result[index] - gap
  }
  return result.enumerated().map { max($0.element, start + Double($0.offset) * gap) }
}
