/// Draws the cells of a map of winners.
struct WinnerCellPen {
  struct Box {
    let x, y, width, height: Double
  }

  private let entries: [WinnerChart.Entry]
  private let texture: Texture

  init(_ entries: [WinnerChart.Entry], texture: Texture) {
    self.texture = texture
    self.entries = entries.map { WinnerChart.Entry($0.letter, $0.name, style: max(0, $0.style)) }
  }

  /// Defines what the cells refer to.
  func definePatterns(into drawing: inout Drawing) {
    texture.define(count: (entries.map(\.style).max() ?? 0) + 1, hatched: false, into: &drawing)
  }

  func draw(_ cell: WinnerChart.Cell?, in box: Box, into drawing: inout Drawing) {
    guard let cell else { return text("·", in: box, "note", into: &drawing) }
    // Lower where another line stands above.
    let place = Box(x: box.x, y: box.y + (cell.wrong.isEmpty ? 0 : 4), width: box.width, height: box.height)
    switch cell.mark {
    case .winner(let position):
      fill(position, in: box, hover: cell.hover, into: &drawing) { text($0, in: place, "inside", into: &$1) }
    case .undecided(let positions):
      divide(positions, in: box, hover: cell.hover, into: &drawing)
      text(positions.map(letter).joined(separator: " "), in: place, "", into: &drawing)
    case .crossedOut:
      frame(box, hover: cell.hover, into: &drawing)
      drawing.nest("g", "class=\"bad\"") { $0.path(Self.cross(in: box, inset: 6), "line", hover: cell.hover) }
    case .unknown:
      frame(box, hover: cell.hover, into: &drawing)
      text("?", in: place, "note", into: &drawing)
    }
    guard !cell.wrong.isEmpty, cell.mark != .crossedOut else { return }
    let wrong = TextWidth.shortened("✘" + cell.wrong.map(letter).joined(separator: " "), toFit: box.width - 4)
    drawing.text(wrong, x: box.x + box.width - 3, y: box.y + 12, anchor: .end, "over")
  }

  /// What the marks mean, as far as they occur.
  func legend(of cells: [WinnerChart.Cell]) -> [(name: String, sample: Legend.Sample)] {
    var legend: [(name: String, sample: Legend.Sample)] = entries.map { entry in
      ("\(entry.letter)  \(entry.name)", .fill(SeriesStyle(index: entry.style), texture: pattern(entry)))
    }
    let isUndecided = cells.contains {
      guard case .undecided = $0.mark else { return false }
      return true
    }
    if isUndecided { legend.append(("several letters: not decided", .frame)) }
    if cells.contains(where: { $0.mark == .crossedOut }) { legend.append(("every strategy was wrong", .cross)) }
    if cells.contains(where: { $0.mark == .unknown }) { legend.append(("it cannot be told", .letters("?"))) }
    if cells.contains(where: { !$0.wrong.isEmpty && $0.mark != .crossedOut }) {
      legend.append(("was wrong there, not compared", .letters("✘")))
    }
    return legend
  }

  /// Two diagonals.
  static func cross(in box: Box, inset: Double) -> String {
    let (left, right) = (box.x + inset, box.x + box.width - inset)
    let (top, bottom) = (box.y + inset, box.y + box.height - inset)
    return pathData([(left, top), (right, bottom), nil, (left, bottom), (right, top)])
  }

  /// The colour and texture of one, and its letter on them.
  private func fill(
    _ position: Int, in box: Box, hover: String, into drawing: inout Drawing,
    letter: (String, inout Drawing) -> Void
  ) {
    guard entries.indices.contains(position) else { return }
    let entry = entries[position]
    drawing.nest("g", "class=\"\(SeriesStyle(index: entry.style).colourClass)\"") {
      $0.texturedBar(
        x: box.x, y: box.y, width: box.width, height: box.height, texture: pattern(entry), hover: hover)
      letter(entry.letter, &$0)
    }
  }

  /// A frame with a stripe in the colours of all.
  private func divide(_ positions: [Int], in box: Box, hover: String, into drawing: inout Drawing) {
    frame(box, hover: hover, into: &drawing)
    let known = positions.filter(entries.indices.contains)
    let stripe = Box(x: box.x, y: box.y + box.height - 8, width: box.width / Double(max(1, known.count)), height: 8)
    for (place, position) in known.enumerated() {
      drawing.nest("g", "class=\"\(SeriesStyle(index: entries[position].style).colourClass)\"") {
        $0.texturedBar(
          x: stripe.x + Double(place) * stripe.width, y: stripe.y, width: stripe.width, height: stripe.height,
          texture: pattern(entries[position]))
      }
    }
  }

  /// No colour of a strategy. The shade is what a pointer hits: a frame alone is empty inside.
  private func frame(_ box: Box, hover: String, into drawing: inout Drawing) {
    drawing.rectangle(x: box.x, y: box.y, width: box.width, height: box.height, "shade", hover: hover)
    drawing.rectangle(x: box.x, y: box.y, width: box.width, height: box.height, "frame")
  }

  private func text(_ words: String, in box: Box, _ style: String, into drawing: inout Drawing) {
    let fitting = TextWidth.shortened(words, toFit: box.width - 4)
    drawing.text(fitting, x: box.x + box.width / 2, y: box.y + box.height / 2 + 4.5, anchor: .middle, style)
  }

  private func letter(_ position: Int) -> String { entries.indices.contains(position) ? entries[position].letter : "" }

  private func pattern(_ entry: WinnerChart.Entry) -> String { texture.pattern(of: entry.style) }
}
