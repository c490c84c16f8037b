internal import Model
internal import Words

extension Section {
  /// How many attempts committed operations took, where any took more than one.
  static func tries(_ study: Study) -> Section? {
    let figures = study.points.compactMap { point -> Figure? in
      let rows = point.cells.map { StackedShares.Row(cell: $0, amounts: Tries.amounts($0)) }
      guard rows.contains(where: { $0.amounts.dropFirst().contains { $0 > 0 } }) else { return nil }
      return StackedShares(
        study: study, point: point, title: "Committed operations by number of attempts", parts: Tries.names, rows: rows,
        format: { formatCount(Int64($0)) }
      ).figure
    }
    guard !figures.isEmpty else { return nil }
    return Section(
      id: "tries", title: "Tries per operation",
      introduction: "Each attempt costs the server as much as a successful one: many tries are work thrown away.",
      blocks: Block.folding(figures))
  }
}

/// Numbers of attempts, grouped by powers of two.
private enum Tries {
  static let names = ["1 try", "2 tries", "3 to 4", "5 to 8", "9 to 16", "more than 16"]

  static func amounts(_ cell: CellSummary) -> [Double] {
    var amounts = [Double](repeating: 0, count: names.count)
    for trial in cell.trials {
      for (index, count) in trial.tries.enumerated() { amounts[group(index + 1)] += Double(count) }
    }
    return amounts
  }

  private static func group(_ tries: Int) -> Int {
    tries <= 1 ? 0 : min(names.count - 1, Int.bitWidth - (tries - 1).leadingZeroBitCount)
  }
}
