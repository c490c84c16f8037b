/// An event of a line chart with a place for its label, in the lowest lane above the plot that has room.
struct EventLabel {
  let from, to: Double
  let text, full: String
  let x: Double
  let lane: Int

  /// The events that lie on the axis, from left to right.
  static func placed(_ events: [LineChart.Event], along axis: PlacedAxis, left: Double, right: Double) -> [EventLabel] {
    let stretches: [(from: Double, to: Double, label: String)] = events.compactMap { event in
      let (from, to, label) =
        switch event {
        case .moment(let x, let label): (x, x, label)
        case .stretch(let from, let to, let label): (min(from, to), max(from, to), label)
        }
      guard let start = axis.position(of: from), let end = axis.position(of: to), end >= left, start <= right else {
        return nil
      }
      return (max(start, left), min(end, right), label)
    }
    // From right to left, so that the line of an event ends below the labels of those before it and crosses none.
    var laneStarts: [Double] = []
    return stretches.sorted { ($0.from, $0.to, $0.label) > ($1.from, $1.to, $1.label) }.map { stretch in
      let text = TextWidth.shortened(stretch.label, toFit: (right - left) * 0.6)
      let width = TextWidth.of(text)
      let isLeftOfLine = stretch.from + 3 + width > right
      let x = isLeftOfLine ? max(left, min(stretch.from - 5, right) - width) : stretch.from + 3
      let lane = laneStarts.firstIndex { x + width + 10 <= $0 } ?? laneStarts.count
      let start = isLeftOfLine ? x : stretch.from
      if lane == laneStarts.count { laneStarts.append(start) } else { laneStarts[lane] = start }
      return EventLabel(from: stretch.from, to: stretch.to, text: text, full: stretch.label, x: x, lane: lane)
    }
  }
}
