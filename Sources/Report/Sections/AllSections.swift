internal import Words

extension Section {
  /// The parts of a report in their order. Each decides from the study alone whether it has something to show: what
  /// later strategies, faults and workloads bring appears without a change here, and a new part is one more line.
  static let all: [@Sendable (Study) -> Section?] = [
    answer, violations, faults, elections, turns, comparison, throughput, latency, timeSpent, outcomes, tries, fairness,
    timeline, heatMap,
    limits, quoted, noise, hosts, environment, scenario, commands,
  ]
}

extension Block {
  /// More charts than this are folded away.
  private static let most = 12

  /// Charts, the first twelve in sight.
  static func folding(_ figures: [Figure]) -> [Block] {
    guard figures.count > most else { return figures.isEmpty ? [] : [.figures(figures)] }
    let rest = Array(figures.dropFirst(most))
    return [
      .figures(Array(figures.prefix(most))), .details(summary: counted(rest.count, "more chart"), [.figures(rest)]),
    ]
  }

  /// A table, with the rows beyond a number folded away.
  static func folding(_ table: Table, most: Int, _ what: String) -> [Block] {
    guard table.rows.count > most else { return [.table(table)] }
    var (first, rest) = (table, table)
    first.rows = Array(table.rows.prefix(most))
    rest.rows = Array(table.rows.dropFirst(most))
    return [.table(first), .details(summary: counted(rest.rows.count, "more \(what)"), [.table(rest)])]
  }
}
