/// A value axis below a plot, shared by all charts.
extension Drawing {
  /// Thin vertical lines at the ticks.
  mutating func verticalGrid(_ axis: PlacedAxis, top: Double, bottom: Double) {
    for tick in axis.ticks { line(tick.position, top, tick.position, bottom, "grid") }
  }

  /// Tick labels as far as they fit beside each other, and the title below them.
  ///
  /// - Returns: the height it took.
  mutating func horizontalLabels(_ axis: PlacedAxis, below bottom: Double, width: Double) -> Double {
    var ticks = axis.ticks
    if case .categories = axis.axis.scale {
      let slot = max(56, abs(axis.end - axis.start) / Double(max(1, ticks.count)) - 10)
      ticks = ticks.map { ($0.position, TextWidth.shortened($0.label, toFit: slot)) }
    }
    var free = -Double.infinity
    for tick in ticks {
      let half = TextWidth.of(tick.label) / 2
      let centre = min(max(tick.position, half), width - half)
      guard centre - half >= free else { continue }
      text(tick.label, x: centre, y: bottom + 17, anchor: .middle, "tick")
      free = centre + half + 8
    }
    guard !axis.axis.title.isEmpty else { return 24 }
    let title = TextWidth.shortened(axis.axis.title, toFit: width - 16)
    let half = TextWidth.of(title) / 2
    let centre = min(max((axis.start + axis.end) / 2, half + 4), width - half - 4)
    text(title, x: centre, y: bottom + 37, anchor: .middle, "note", full: axis.axis.title)
    return 46
  }
}
