internal import Model

extension Footnotes {
  /// Cells that passed although next to none of their operations met another: their zero means little.
  var tooFewMet: [String] {
    let concerned = cells.filter { $0.shareOfTooFewMet != nil }
    guard !concerned.isEmpty else { return [] }
    let places = Self.grouped(concerned, among: cells)
    return [
      "few operations met another, so 0 violations mean little (\(few(places))): fewer keys (workload.keys), more workers "
        + "or a longer workload.hold let them meet"
    ]
  }

  /// The cells, those of a load point as one where they are all that passed there: `1 worker: none seen`.
  private static func grouped(_ concerned: [CellSummary], among cells: [CellSummary]) -> [String] {
    var places: [String] = []
    for cell in concerned {
      let here = concerned.filter { $0.isAtTheSameLoad(as: cell) }
      let passed = cells.filter { $0.isAtTheSameLoad(as: cell) && $0.verdict == .pass && !$0.isFloor }
      let isWhole = here.count > 1 && here.count == passed.count
      let name = isWhole ? cell.cell.loadName : cell.cell.name
      let shares = (isWhole ? here : [cell]).compactMap(\.shareOfTooFewMet)
      let place = "\(name): \(words(shares.max() ?? 0))"
      if !places.contains(place) { places.append(place) }
    }
    return places
  }

  private static func words(_ share: Double) -> String {
    share == 0 ? "none seen" : share < 0.0001 ? "< 0.01 %" : formatPercent(share, digits: 2)
  }
}

extension CellSummary {
  fileprivate func isAtTheSameLoad(as other: CellSummary) -> Bool {
    cell.workers == other.cell.workers && cell.variant == other.cell.variant
  }
}

extension Cell {
  /// Everything but the strategy.
  fileprivate var loadName: String {
    [counted(workers, "worker"), variant].filter { !$0.isEmpty }.joined(separator: ", ").printable
  }
}
