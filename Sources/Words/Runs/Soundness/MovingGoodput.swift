internal import Model

extension Footnotes {
  /// Cells whose goodput rose or fell all the time: their figures depend on how long it was measured.
  var moving: [String] {
    let tested = results.standing.count { $0.trend != nil }
    let places = cells.compactMap { cell -> String? in
      let changes = cell.trends(among: tested).map(\.change)
      guard let greatest = changes.max(by: { abs($0) < abs($1) }) else { return nil }
      let moved = greatest < 0 ? "fell" : "rose"
      return "\(cell.cell.name): \(moved) by \(formatPercent(abs(greatest))) at most, in \(changes.count) of "
        + "\(cell.trials.count)"
    }
    guard !places.isEmpty else { return [] }
    return [
      "not stationary, goodput moved from the beginning of the window to its end (\(few(places))): its median depends on "
        + "load.duration; measure longer, or let it warm up longer (load.warmup)"
    ]
  }
}
