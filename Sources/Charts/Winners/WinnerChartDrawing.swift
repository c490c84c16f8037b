/// The layout of a map of winners at one width.
struct WinnerChartDrawing {
  private static let cellHeight = 44.0
  private static let gap = 24.0

  /// A grid, or as many columns of one as fit beside each other.
  private struct Tile {
    let panel: WinnerChart.Panel
    let columns: Range<Int>
  }

  private let chart: WinnerChart
  private let id: String
  private let width: Double
  private let pen: WinnerCellPen
  /// Where the cells of a grid start.
  private let left: Double
  private let cellWidth: Double
  private let tiles: [Tile]
  /// Grids beside each other.
  private let perLine: Int

  init(_ chart: WinnerChart, id: String, width: Double) {
    (self.chart, self.id, self.width) = (chart, id, width)
    pen = WinnerCellPen(chart.entries, texture: Texture(id: id))
    let labels = [chart.rows.name] + chart.rows.values
    let left = 8 + min((labels.map { TextWidth.of($0) }.max() ?? 0) + 10, width * 0.3)
    let widest = chart.columns.values.map { TextWidth.of($0) }.max() ?? 0
    let least = min(max(44, widest + 10), 110)
    let count = max(1, chart.columns.values.count)
    let most = max(1, Int((width - left - 8) / least))
    let blocks = (count + most - 1) / most
    tiles = chart.panels.flatMap { panel in
      (0..<blocks).map { Tile(panel: panel, columns: count * $0 / blocks..<count * ($0 + 1) / blocks) }
    }
    let longest = Double((count + blocks - 1) / blocks)
    let fitting = Int((width + Self.gap) / (left + longest * max(least, 60) + Self.gap))
    perLine = max(1, min(fitting, tiles.count))
    let room = (width - Double(perLine - 1) * Self.gap) / Double(perLine) - left
    cellWidth = min(room / longest, 110)
    self.left = left
  }

  func document() -> String {
    var drawing = Drawing()
    pen.definePatterns(into: &drawing)
    var top = 0.0
    for first in stride(from: 0, to: tiles.count, by: perLine) {
      let line = tiles[first..<min(first + perLine, tiles.count)]
      for (place, tile) in line.enumerated() {
        draw(tile, x: Double(place) * (left + lineWidth + Self.gap), top: top, into: &drawing)
      }
      top += headHeight + Double(chart.rows.values.count) * Self.cellHeight + 18
    }
    if tiles.isEmpty {
      drawing.text("no data", x: 8, y: 18, "note")
      top = 26
    }
    let marks = chart.panels.flatMap(\.cells).flatMap { $0 }.compactMap { $0 }
    let legend = Legend(entries: pen.legend(of: marks))
    let height = legend.draw(into: &drawing, left: 8, top: top, width: width - 16)
    return chart.document(id: id, width: width, height: top + height + 4, drawing)
  }

  /// The width of the cells of the widest tile.
  private var lineWidth: Double { Double(tiles.map(\.columns.count).max() ?? 1) * cellWidth }

  /// The height of title, name and values of the columns.
  private var headHeight: Double { (chart.panels.contains { !$0.title.isEmpty } ? 22 : 0) + 40 }

  private func draw(_ tile: Tile, x: Double, top: Double, into drawing: inout Drawing) {
    let start = top + headHeight
    if !tile.panel.title.isEmpty {
      let text = TextWidth.shortened(tile.panel.title, toFit: left + lineWidth - 8)
      drawing.text(text, x: x + left, y: top + 15, full: tile.panel.title)
    }
    let name = TextWidth.shortened(chart.columns.name, toFit: lineWidth)
    drawing.text(name, x: x + left, y: start - 24, "note", full: chart.columns.name)
    for (place, column) in tile.columns.enumerated() where column < chart.columns.values.count {
      let value = chart.columns.values[column]
      let text = TextWidth.shortened(value, toFit: cellWidth - 4)
      drawing.text(
        text, x: x + left + (Double(place) + 0.5) * cellWidth, y: start - 7, anchor: .middle, "tick", full: value)
    }
    let rowName = TextWidth.shortened(chart.rows.name, toFit: left - 10)
    drawing.text(rowName, x: x + left - 8, y: start - 7, anchor: .end, "note", full: chart.rows.name)
    for (row, value) in chart.rows.values.enumerated() {
      let y = start + Double(row) * Self.cellHeight
      let text = TextWidth.shortened(value, toFit: left - 10)
      drawing.text(text, x: x + left - 8, y: y + Self.cellHeight / 2 + 3.5, anchor: .end, "tick", full: value)
      for (place, column) in tile.columns.enumerated() {
        let cells = row < tile.panel.cells.count ? tile.panel.cells[row] : []
        let cell = column < cells.count ? cells[column] : nil
        let box = WinnerCellPen.Box(
          x: x + left + Double(place) * cellWidth, y: y, width: cellWidth - 2, height: Self.cellHeight - 2)
        pen.draw(cell, in: box, into: &drawing)
      }
    }
  }
}
