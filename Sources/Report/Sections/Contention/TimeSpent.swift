internal import Model
internal import Words

extension Section {
  /// What an operation spends its time with, a chart per load point.
  static func timeSpent(_ study: Study) -> Section? {
    let figures = study.points.compactMap { point in
      StackedShares(
        study: study, point: point, title: "Mean time of a committed operation, by part",
        parts: ["wait", "hold", "commit", "backoff", "other"],
        rows: point.cells.compactMap { TimeSpent($0).row }, format: { formatDuration(nanoseconds: $0) }
      ).figure
    }
    guard !figures.isEmpty else { return nil }
    return Section(
      id: "time", title: "Where the time goes",
      introduction: """
        Wait: from the start of the attempt until the critical section is entered. Hold: inside it, others are kept out. \
        Commit: from its end to the answer. Backoff: sleeping between attempts. Other: earlier attempts that failed, \
        waiting for a start in an open loop, and strategies whose single request cannot be divided.
        """,
      blocks: Block.folding(figures))
  }
}

/// Mean nanoseconds per committed operation of one cell.
private struct TimeSpent {
  let row: StackedShares.Row?

  init(_ cell: CellSummary) {
    guard let mean = cell.latency.mean, mean > 0 else {
      row = nil
      return
    }
    let operations = Double(cell.latency.total)
    // Every part is summed over all operations, so that the means of parts add up to the mean of the whole.
    func part(_ phase: KeyPath<PhaseLatencies, HistogramSnapshot>) -> Double {
      cell.trials.reduce(0) { sum, trial in
        let histogram = trial.phases[keyPath: phase]
        return sum + (histogram.mean ?? 0) * Double(histogram.total)
      } / operations
    }
    let parts = [part(\.wait), part(\.hold), part(\.commit), part(\.backoff)]
    let rest = max(0, mean - parts.reduce(0, +))
    // What is within the width of the histograms' buckets is no part of its own.
    row = StackedShares.Row(
      cell: cell, amounts: parts + [rest > mean / 100 ? rest : 0], note: formatDuration(nanoseconds: mean))
  }
}
