internal import Glibc
internal import Words

/// The layout of a heat map at one width.
struct HeatMapDrawing {
  private static let cellHeight = 30.0
  /// A ratio of this, or of one over this, has the full colour.
  private static let full = 4.0
  /// The share of the colour at its fullest; the rest is background, so that text on it stays readable.
  static let strongest = 0.5

  private let chart: HeatMap
  private let id: String
  private let width: Double
  private let names: RowNames
  private let texture: Texture
  private let cellWidth: Double
  /// Column names are written upright when one of them is wider than its column.
  private let isUpright: Bool
  /// The height of the column names.
  private let headHeight: Double
  /// The columns below each other, as many at once as stay readable.
  private let blocks: [Range<Int>]

  init(_ chart: HeatMap, id: String, width: Double) {
    (self.chart, self.id, self.width) = (chart, id, width)
    texture = Texture(id: id)
    names = RowNames(chart.rows.map(\.name), width: width)
    let widest = chart.rows.flatMap(\.cells).map { TextWidth.of($0?.text ?? "") }.max() ?? 0
    let least = min(max(34, widest + 8), 110)
    let most = max(1, Int((width - names.left - 8) / least))
    let count = (chart.columns.count + most - 1) / most
    blocks = (0..<count).map { block in
      chart.columns.count * block / count..<chart.columns.count * (block + 1) / count
    }
    let cell = min((width - names.left - 8) / Double(max(1, blocks.map(\.count).max() ?? 1)), 150)
    cellWidth = cell
    let longest = chart.columns.map { TextWidth.of($0) }.max() ?? 0
    isUpright = longest > cell - 6
    headHeight = isUpright ? min(longest, 170) + 14 : 26
  }

  func document() -> String {
    var drawing = Drawing()
    let hasInvalid = chart.rows.contains { $0.cells.contains { $0?.isInvalid ?? false } }
    texture.define(count: 1, hatched: hasInvalid, into: &drawing)
    var bottom = 0.0
    for block in blocks { bottom += draw(block, top: bottom, into: &drawing) }
    if chart.rows.isEmpty || chart.columns.isEmpty {
      drawing.text("no data", x: 8, y: bottom + 18, "note")
      bottom += 26
    }
    drawKey(top: bottom, hasInvalid: hasInvalid, into: &drawing)
    return chart.document(id: id, width: width, height: bottom + (hasInvalid ? 48 : 26), drawing)
  }

  /// Draws the rows for some of the columns and returns the height they took.
  private func draw(_ columns: Range<Int>, top: Double, into drawing: inout Drawing) -> Double {
    for (place, column) in columns.enumerated() {
      drawName(chart.columns[column], at: place, bottom: top + headHeight - 8, into: &drawing)
    }
    let nameHeight = names.areAbove ? RowNames.height + 4 : 0
    for (index, row) in chart.rows.enumerated() {
      let start = top + headHeight + Double(index) * (Self.cellHeight + nameHeight) + nameHeight
      names.draw(row.name, into: &drawing, top: start, rowHeight: Self.cellHeight - 2, room: width - 16)
      for (place, column) in columns.enumerated() {
        let cell = column < row.cells.count ? row.cells[column] : nil
        let x = names.left + Double(place) * cellWidth
        draw(cell, of: "\(row.name), \(chart.columns[column])", x: x, top: start, into: &drawing)
      }
    }
    return headHeight + Double(chart.rows.count) * (Self.cellHeight + nameHeight) + 8
  }

  private func drawName(_ name: String, at place: Int, bottom: Double, into drawing: inout Drawing) {
    let x = names.left + (Double(place) + 0.5) * cellWidth
    let text = TextWidth.shortened(name, toFit: isUpright ? headHeight - 14 : cellWidth - 6)
    guard isUpright else { return drawing.text(text, x: x, y: bottom, anchor: .middle, full: name) }
    let turn = " transform=\"rotate(-90 \(coordinate(x + 4.5)) \(coordinate(bottom)))\""
    drawing.text(text, x: x + 4.5, y: bottom, extra: turn, full: name)
  }

  private func draw(_ cell: HeatMap.Cell?, of name: String, x: Double, top: Double, into drawing: inout Drawing) {
    let (width, height) = (cellWidth - 2, Self.cellHeight - 2)
    guard let cell else {
      return drawing.text("·", x: x + width / 2, y: top + height / 2 + 4.5, anchor: .middle, "note")
    }
    let detail = cell.hover.isEmpty ? cell.text : cell.hover
    let hover = "\(name): \(detail)"
    if cell.isInvalid {
      drawing.hatchedBar(x: x, y: top, width: width, height: height, texture: texture, hover: hover)
    } else if let (tone, strength) = colour(of: cell.ratio) {
      let opacity = " fill-opacity=\"\(formatSignificant(strength, digits: 2))\""
      drawing.nest("g", "class=\"\(tone)\"") {
        $0.rectangle(x: x, y: top, width: width, height: height, "bar", extra: opacity, hover: hover)
      }
    } else {
      drawing.rectangle(x: x, y: top, width: width, height: height, "frame", hover: hover)
    }
    let text = TextWidth.shortened(cell.text, toFit: cellWidth - 4)
    drawing.text(
      text, x: x + width / 2, y: top + height / 2 + 4.5, anchor: .middle, cell.isInvalid ? "over" : "", full: cell.text)
  }

  /// The side of 1 and the strength of the colour, which grows with the logarithm of the ratio.
  private func colour(of ratio: Double?) -> (tone: String, strength: Double)? {
    guard let ratio, ratio.isFinite, ratio > 0 else { return nil }
    let distance = min(abs(log(ratio)) / log(Self.full), 1)
    let strength = (distance * Self.strongest * 100).rounded() / 100
    return ((ratio > 1) == (chart.better == .higher) ? "good" : "bad", strength)
  }

  /// The scale of colours and what the hatch means.
  private func drawKey(top: Double, hasInvalid: Bool, into drawing: inout Drawing) {
    let worse = chart.better == .higher ? "≤ 0.25× " : "≥ 4× "
    let better = chart.better == .higher ? " ≥ 4×" : " ≤ 0.25×"
    var x = 8.0
    drawing.text("worse, \(worse)", x: x, y: top + 13, "note")
    x += TextWidth.of("worse, \(worse)") + 4
    for step in -4...4 {
      let tone = step < 0 ? "bad" : "good"
      let strength = formatSignificant(abs(Double(step)) / 4 * Self.strongest, digits: 2)
      drawing.nest("g", "class=\"\(tone)\"") {
        $0.rectangle(x: x, y: top + 2, width: 14, height: 14, "bar", extra: " fill-opacity=\"\(strength)\"")
      }
      if step == 0 { drawing.rectangle(x: x, y: top + 2, width: 14, height: 14, "frame") }
      x += 15
    }
    drawing.text("\(better), better", x: x + 2, y: top + 13, "note")
    guard hasInvalid else { return }
    drawing.hatchedBar(x: 8, y: top + 24, width: 22, height: 14, texture: texture, hover: "wrong result")
    drawing.text("wrong result, not compared", x: 38, y: top + 36, "note")
  }
}
