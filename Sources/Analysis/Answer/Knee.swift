internal import Model
internal import Words

/// Sentences on the rate of arrivals up to which correct strategies keep up, where a run offers several.
enum Knee {
  static func sentences(_ rankings: [Ranking]) -> [String] {
    let open = rankings.filter { $0.conditions.ratePerSecond != nil }
    return unique(open.map(place)).flatMap { place in
      let here = open.filter { self.place($0) == place }
      guard Set(here.compactMap(\.conditions.ratePerSecond)).count > 1 else { return [String]() }
      let cells = here.flatMap { $0.correct.map(\.cell) + $0.withoutFigure }
      return distinct(cells).compactMap { name in sentence(cells.filter { $0.cell.strategy == name }, at: place) }
    }
  }

  private static func sentence(_ cells: [CellSummary], at place: String) -> String? {
    let steps = cells.compactMap { cell in cell.offeredPerSecond.map { (rate: $0, cell: cell) } }.sorted {
      $0.rate < $1.rate
    }
    guard let first = steps.first, let last = steps.last, steps.count > 1 else { return nil }
    let subject = first.cell.cell.strategy + (place.isEmpty ? "" : ", \(place),")
    guard let turn = steps.first(where: \.cell.isSaturated) else {
      return "\(subject) keeps up with every rate that was offered, \(formatRate(last.rate))/s at most."
    }
    let answered = turn.cell.answeredPerSecond.map(formatRate) ?? "-"
    guard let kept = steps.last(where: { $0.rate < turn.rate }) else {
      return
        "\(subject) is saturated by the least rate that was offered: of \(formatRate(turn.rate))/s it answers \(answered)/s."
    }
    return
      "\(subject) keeps up with \(formatRate(kept.rate))/s and not with \(formatRate(turn.rate))/s, of which it answers "
      + "\(answered)/s: its knee lies between."
  }

  /// What besides the rate tells load points apart.
  private static func place(_ ranking: Ranking) -> String {
    let settings = ranking.point.variant.split(separator: ",").map { String($0.drop { $0 == " " }) }
      .filter { !$0.hasPrefix("rate=") && !$0.hasPrefix("load.rate=") }
    return (settings + [counted(ranking.point.workers, "worker")]).joined(separator: ", ")
  }
}
