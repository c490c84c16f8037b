/// Where the names of rows stand: beside the plot on a wide drawing, above each row on a narrow one.
struct RowNames {
  static let height = 18.0

  let areAbove: Bool
  /// Where the plot may start.
  let left: Double

  init(_ names: [String], width: Double) {
    areAbove = width < narrowWidth
    let widest = names.map { TextWidth.of($0) }.max() ?? 0
    left = areAbove ? 8 : min(widest + 12, width * 0.36)
  }

  /// Draws the name of a row at `top` of a height.
  func draw(_ name: String, into drawing: inout Drawing, top: Double, rowHeight: Double, room: Double) {
    if areAbove {
      let text = TextWidth.shortened(name, toFit: room)
      drawing.text(text, x: left + 3, y: top - 5, "over", full: name)
    } else {
      let text = TextWidth.shortened(name, toFit: left - 10)
      drawing.text(text, x: left - 8, y: top + rowHeight / 2 + 4.5, anchor: .end, full: name)
    }
  }
}
