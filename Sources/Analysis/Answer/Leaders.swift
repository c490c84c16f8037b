internal import Words

/// Sentences on which correct strategy is first, overall and among those that keep their records in the same store.
enum Leaders {
  static func sentences(_ rankings: [Ranking]) -> [String] {
    let stores = stores(of: rankings)
    guard stores.count > 1 else { return sentences(rankings, among: "") }
    let overall = sentences(rankings, among: "")
    return overall
      + stores.flatMap { store in
        let view = rankings.map { $0.keeping { $0.store == store } }
        // Where the first two of all share a store, this has been said.
        return zip(sentences(view, among: " with records in \(store)"), sentences(view, among: ""))
          .filter { !overall.contains($0.1) }.map(\.0)
      }
  }

  /// Who is first at each load point of a sweep, overall and among the strategies of one store where several can win.
  static func maps(_ rankings: [Ranking]) -> [WinnerMap] {
    guard rankings.contains(where: { !$0.correct.isEmpty || !$0.violating.isEmpty }) else { return [] }
    let stores = stores(of: rankings)
    let views = stores.map { store in (store, rankings.map { $0.keeping { $0.store == store } }) }
    let choices = views.filter { distinct($0.1.flatMap { $0.correct.map(\.cell) }).count > 1 }
    return [WinnerMap(rankings)].compactMap { $0 }
      + (stores.count > 1 ? choices.compactMap { WinnerMap($0.1, store: $0.0) } : [])
  }

  /// The stores of correct strategies, sorted.
  static func stores(of rankings: [Ranking]) -> [String] { Set(rankings.flatMap(\.correct).map(\.cell.store)).sorted() }

  /// One sentence for each result, naming all load points that it holds for.
  private static func sentences(_ rankings: [Ranking], among: String) -> [String] {
    let ranked = rankings.filter { !$0.correct.isEmpty }
    guard !ranked.isEmpty else { return among.isEmpty ? ["There is nothing to rank."] : [] }
    var order: [String] = []
    var groups: [String: [Ranking]] = [:]
    for ranking in ranked {
      let key =
        "\(ranking.lead?.isConfident ?? false) " + ranking.leaders.map(\.strategy).sorted().joined(separator: " ")
      if groups[key] == nil { order.append(key) }
      groups[key, default: []].append(ranking)
    }
    return order.compactMap { groups[$0] }.map { sentence($0, of: ranked.count, among: among) }
  }

  private static func sentence(_ group: [Ranking], of total: Int, among: String) -> String {
    let first = group[0]
    let place = group.count == total && total > 1 ? "every load point" : listed(group.map(\.point.name))
    if first.correct.count == 1, group.allSatisfy({ $0.correct.count == 1 }) {
      return "At \(place), \(first.correct[0].strategy) is the only correct strategy\(among)\(figure(group))."
    }
    guard first.fastest != nil else { return tie(group, place, among) }
    let isConfident = first.lead?.isConfident ?? false
    let rank = first.objective == .goodput ? "fastest" : "best by p99 latency"
    let claim = isConfident ? "is \(rank)\(among)" : "is \(rank)\(among) in each of the few repetitions"
    return "At \(place), \(first.correct[0].strategy) \(claim)\(figure(group)): \(margin(group))."
  }

  private static func tie(_ group: [Ranking], _ place: String, _ among: String) -> String {
    let names = listed(group[0].leaders.map { "\($0.strategy) (\($0.value(group[0].objective)))" })
    let single = group.count == 1 ? group[0].lead.map { "; first against runner-up \($0.words)" } ?? "" : ""
    let listing = group.count == 1 ? names : listed(group[0].leaders.map(\.strategy).sorted())
    return "At \(place), the data do not tell which is first\(among): \(listing)\(single)."
  }

  private static func figure(_ group: [Ranking]) -> String {
    group.count == 1 ? ", \(group[0].correct[0].value(group[0].objective))" : ""
  }

  private static func margin(_ group: [Ranking]) -> String {
    let leads = group.compactMap(\.lead)
    if group.count == 1, let lead = leads.first {
      return "\(lead.words) better than \(group[0].correct[1].strategy)"
    }
    let points = leads.map(\.point)
    guard let least = points.min(), let most = points.max() else { return "no margin is known" }
    let others = group.compactMap { $0.correct.count > 1 ? $0.correct[1].strategy : nil }
    return "\(formatRate(least)) x to \(formatRate(most)) x better than the runner-up (\(listed(Set(others).sorted())))"
  }
}

extension Ranking.Entry {
  fileprivate func value(_ objective: Objective) -> String { objective.text(value) }
}
