internal import Words

/// Sentences on where the order of the leading strategies changes.
enum Crossings {
  static func sentences(_ rankings: [Ranking]) -> [String] {
    let all = found(in: rankings)
    let crossed = all.filter { !$0.changes.isEmpty }.map(words)
    return crossed + steady(rankings) + undecided(all)
  }

  /// The most that is said of where it turns: a map shows the rest.
  private static let mostTurns = 3

  /// Where the order changes, or that it does not: what holds in most places first.
  static func turns(_ rankings: [Ranking]) -> [String] {
    let all = found(in: rankings)
    var order: [String] = []
    var groups: [String: [Crossover]] = [:]
    for crossover in all where !crossover.changes.isEmpty {
      if groups[crossover.turn] == nil { order.append(crossover.turn) }
      groups[crossover.turn, default: []].append(crossover)
    }
    let sizes = order.enumerated().compactMap { index, turn in groups[turn].map { (index: index, group: $0) } }
      .sorted { ($1.group.count, $0.index) < ($0.group.count, $1.index) }
    let crossed = sizes.map { words($0.group[0], others: $0.group.count - 1) }
    return Array((crossed.isEmpty ? steady(rankings) + undecided(all) : crossed).prefix(mostTurns))
  }

  private static func words(_ crossover: Crossover, others: Int) -> String {
    guard others > 0 else { return words(crossover) }
    return words(crossover).dropLast() + "; likewise at \(counted(others, "other setting"))."
  }

  /// Comparisons of strategies that follow each other as the first of a ranking, overall or among those with the same
  /// store, along every factor that was varied.
  static func found(in rankings: [Ranking]) -> [Crossover] {
    let stores = Leaders.stores(of: rankings)
    let views =
      [rankings] + (stores.count > 1 ? stores.map { store in rankings.map { $0.keeping { $0.store == store } } } : [])
    var seen: Set<String> = []
    var result: [Crossover] = []
    for factor in Factor.allCases {
      for view in views {
        for series in Crossover.series(along: factor, in: view.filter { !$0.correct.isEmpty }) {
          let firsts = series.compactMap { $0.correct.first?.strategy }
          for (left, right) in zip(firsts, firsts.dropFirst()) where left != right {
            let pair = [left, right].sorted()
            let key = pair.joined(separator: " ") + " \(factor) " + factor.rest(of: series[0])
            guard seen.insert(key).inserted else { continue }
            result += Crossover.between(left, right, along: factor, in: series)
          }
        }
      }
    }
    return result
  }

  /// A change of order with what was measured on both sides of it.
  static func words(_ crossover: Crossover) -> String {
    crossover.changes.map { change in
      let (ahead, other) =
        crossover.isFirstAhead(change.before)
        ? (crossover.first, crossover.second) : (crossover.second, crossover.first)
      return "\(ahead) is ahead of \(other) at \(side(change.before, crossover)), and behind it at "
        + "\(side(change.after, crossover))\(crossover.elsewhere)."
    }.joined(separator: " ")
  }

  private static func side(_ step: Crossover.Step, _ crossover: Crossover) -> String {
    let objective = crossover.place.objective
    let (ahead, other) = crossover.isFirstAhead(step) ? (step.first, step.second) : (step.second, step.first)
    return "\(crossover.factor.text(step.value)) (\(objective.text(ahead)) against \(objective.text(other)))"
  }

  /// One sentence for each strategy that is first from one end of a factor to the other, naming all that is held there.
  private static func steady(_ rankings: [Ranking]) -> [String] {
    var claims: [String] = []
    var places: [String: [String]] = [:]
    for factor in Factor.allCases {
      for series in Crossover.series(along: factor, in: rankings.filter({ !$0.correct.isEmpty })) {
        let firsts = Set(series.compactMap { $0.correct.first?.strategy })
        guard let first = firsts.first, firsts.count == 1, series.contains(where: { $0.correct.count > 1 }),
          let low = series.first, let high = series.last
        else { continue }
        let claim =
          "No crossover in the measured range: \(first) is first from \(factor.text(factor.value(of: low))) to "
          + factor.text(factor.value(of: high))
        if places[claim] == nil { claims.append(claim) }
        places[claim, default: []].append(held(factor, low))
      }
    }
    return claims.map { claim in
      let held = (places[claim] ?? []).filter { !$0.isEmpty }
      guard held.count <= mostNamedPlaces else { return claim + " (with \(held.count) combinations of the rest)." }
      return claim + (held.isEmpty ? "." : " (\(held.joined(separator: "; "))).")
    }
  }

  private static func undecided(_ all: [Crossover]) -> [String] {
    all.filter { $0.changes.isEmpty }.compactMap { crossover in
      guard let low = crossover.steps.first, let high = crossover.steps.last else { return nil }
      return "The order of \(crossover.first) and \(crossover.second) changes between "
        + "\(crossover.factor.text(low.value)) and \(crossover.factor.text(high.value))\(crossover.elsewhere), but the "
        + "data do not tell them apart on both sides: no crossover is shown."
    }
  }
}

extension Crossover {
  /// Who overtakes whom along what: the same for all places in which everything else is held in another way.
  fileprivate var turn: String {
    let leaders = changes.map { isFirstAhead($0.before) ? first : second }
    return ([factor.rawValue, first, second] + leaders).joined(separator: "\n")
  }

  /// What is held while the factor varies, where other things vary too.
  fileprivate var elsewhere: String {
    let held = Analysis.held(factor, place)
    return held.isEmpty ? "" : " (\(held))"
  }
}

private func held(_ factor: Factor, _ place: Ranking) -> String {
  let rest = place.point.variant.split(separator: ",").map { String($0.drop { $0 == " " }) }
    .filter { !$0.hasPrefix(factor.rawValue + "=") }
  let workers = factor == .workers ? [] : [LoadPoint(workers: place.point.workers).name]
  return (workers + rest).joined(separator: ", ")
}
