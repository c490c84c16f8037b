/// Names of series with a sample of each, in columns that fit the width.
struct Legend {
  enum Sample { case line(SeriesStyle), guide, fill(SeriesStyle, texture: String), frame, cross, letters(String) }

  static let rowHeight = 19.0
  private static let sampleWidth = 32.0

  var entries: [(name: String, sample: Sample)]

  /// Draws the entries below a height and returns the height they took.
  func draw(into drawing: inout Drawing, left: Double, top: Double, width: Double) -> Double {
    guard !entries.isEmpty else { return 0 }
    let widest = entries.map { TextWidth.of($0.name) }.max() ?? 0
    let column = min(widest + Self.sampleWidth + 18, width)
    let columns = max(1, Int(width / column))
    for (index, entry) in entries.enumerated() {
      let x = left + Double(index % columns) * column
      let y = top + Double(index / columns) * Self.rowHeight + Self.rowHeight / 2
      drawing.sample(entry.sample, x: x, y: y)
      let name = TextWidth.shortened(entry.name, toFit: column - Self.sampleWidth - 4)
      drawing.text(name, x: x + Self.sampleWidth, y: y + 4.5, full: entry.name)
    }
    return Double((entries.count + columns - 1) / columns) * Self.rowHeight + 4
  }
}

extension Drawing {
  fileprivate mutating func sample(_ sample: Legend.Sample, x: Double, y: Double) {
    switch sample {
    case .line(let style):
      nest("g", "class=\"\(style.colourClass)\"") {
        $0.line(x, y, x + 26, y, "line", extra: style.dashAttribute)
        $0.path(style.marker.path(x: x + 13, y: y), "point")
      }
    case .guide: line(x, y, x + 26, y, "guide")
    case .fill(let style, let texture):
      nest("g", "class=\"\(style.colourClass)\"") {
        $0.texturedBar(x: x + 4, y: y - 6, width: 20, height: 12, texture: texture)
      }
    case .frame: rectangle(x: x + 4, y: y - 6, width: 20, height: 12, "frame")
    case .cross:
      let box = WinnerCellPen.Box(x: x + 4, y: y - 6, width: 20, height: 12)
      rectangle(x: box.x, y: box.y, width: box.width, height: box.height, "frame")
      nest("g", "class=\"bad\"") { $0.path(WinnerCellPen.cross(in: box, inset: 2), "line") }
    case .letters(let text): self.text(text, x: x + 14, y: y + 4.5, anchor: .middle, "note")
    }
  }
}
