internal import Model

extension Section {
  /// Latency of committed operations by percentile, a chart per load point.
  static func latency(_ study: Study) -> Section? {
    let figures = study.points.compactMap { point in
      LatencyCurves(
        place: study.place(point),
        point.cells.filter(\.isComparable).map {
          LatencyCurves.Curve($0, name: $0.cell.strategy, style: study.index(of: $0.cell.strategy))
        }
      ).figure
    }
    guard !figures.isEmpty else { return nil }
    return Section(
      id: "latency", title: "Latency by percentile",
      introduction: """
        From the first attempt to the answer, committed operations only; in an open loop from the intended start. To the \
        right the slower ones: each step is ten times rarer. A curve ends where fewer than ten samples are left beyond; \
        the band is the range of the repetitions. Controls and cells that broke an invariant are left out.
        """,
      blocks: Block.folding(figures))
  }
}
