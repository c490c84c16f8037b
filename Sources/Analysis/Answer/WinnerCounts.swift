internal import Words

/// How often each strategy is first in a sweep.
struct WinnerCounts {
  private let rankings: [Ranking]

  init(_ rankings: [Ranking]) { self.rankings = rankings }

  /// `a is first at 11 of 18 load points (1.15 x to 5.15 x ahead of the runner-up), b at 1 (1.42 x); at 6 the data do
  /// not tell.`
  var sentence: String {
    var parts: [String] = []
    var undecided = 0
    var violated = 0
    var unknown = 0
    var wins: [String: [Ranking]] = [:]
    for ranking in rankings {
      switch WinnerMap.Outcome(ranking) {
      case .winner(let name): wins[name, default: []].append(ranking)
      case .undecided: undecided += 1
      case .violated: violated += 1
      case .unknown: unknown += 1
      }
    }
    let winners = wins.sorted { ($1.value.count, $0.key) < ($0.value.count, $1.key) }
    let all = formatCount(rankings.count)
    let firsts = winners.enumerated().map { index, winner in
      let count = formatCount(winner.value.count)
      let place = index > 0 ? count : winner.value.count == rankings.count ? "all \(all)" : "\(count) of \(all)"
      return winner.key + (index == 0 ? " is first at \(place) load points" : " at \(place)")
        + margin(winner.value, isFirst: index == 0)
    }
    if !firsts.isEmpty { parts.append(listed(firsts)) }
    if undecided > 0 { parts.append("at \(places(undecided, all, parts)) the data do not tell which is first") }
    if violated > 0 { parts.append("at \(places(violated, all, parts)) every strategy broke an invariant") }
    if unknown > 0 { parts.append("at \(places(unknown, all, parts)) none is shown to be correct and fast") }
    return parts.joined(separator: "; ") + "."
  }

  private func places(_ count: Int, _ all: String, _ before: [String]) -> String {
    before.isEmpty ? "\(formatCount(count)) of \(all) load points" : formatCount(count)
  }

  private func margin(_ wins: [Ranking], isFirst: Bool) -> String {
    let leads = wins.compactMap { $0.lead?.point }
    guard let least = leads.min(), let most = leads.max() else { return "" }
    let ends = ["\(formatRate(least)) x", "\(formatRate(most)) x"]
    let range = ends[0] == ends[1] ? ends[0] : ends.joined(separator: " to ")
    return " (\(range)\(isFirst ? " ahead of the runner-up" : ""))"
  }
}
