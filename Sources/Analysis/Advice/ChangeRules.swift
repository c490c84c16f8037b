internal import Model
internal import Words

/// A circumstance under which another strategy would be recommended.
struct ChangeRule: Sendable {
  let id: String
  /// The circumstance and what follows; nil when it does not concern the recommended strategy.
  let text: @Sendable (Situation, Ranking.Entry) -> String?
}

extension AdviceRules {
  /// What would change the answer.
  static let changes = [
    ChangeRule(id: "crossover") { situation, entry in
      let words = situation.changes(of: entry).map(Crossings.words)
      return words.isEmpty ? nil : words.joined(separator: " ")
    },
    ChangeRule(id: "contention-above") { situation, entry in
      guard situation.changes(of: entry).isEmpty, situation.family(entry) == .optimistic,
        let ratio = entry.cell.conflictRatio, ratio < highConflict,
        let next = situation.best({ $0.cell.store == entry.cell.store && situation.family($0) == .pessimistic })
      else { return nil }
      return "Conflicts above \(formatPercent(highConflict)) of the attempts (here \(formatPercent(ratio))): measure "
        + "against \(situation.named(next)) again."
    },
    ChangeRule(id: "contention-below") { situation, entry in
      guard situation.changes(of: entry).isEmpty, situation.family(entry) == .pessimistic,
        let conflicts = situation.conflicts(store: entry.cell.store), conflicts.ratio >= highConflict
      else { return nil }
      let here = formatPercent(conflicts.ratio)
      return "Conflicts below \(formatPercent(highConflict)) of the attempts (here \(here)): measure against "
        + "\(conflicts.strategy) again."
    },
    ChangeRule(id: "longer-hold") { situation, entry in
      guard !situation.isHoldVaried, let family = situation.family(entry), family != .atomic else { return nil }
      let hold = Factor.hold.text(Factor.hold.value(of: situation.all))
      return "More time between reading and writing than here (\(hold)): one record allows at most 1 / time per second."
    },
    ChangeRule(id: "distance") { situation, entry in
      let conditions = entry.cell.trials[0].conditions
      guard situation.architecture.roundTrip == nil, !conditions.servers.isEmpty, conditions.distances.isEmpty,
        let trips = entry.cell.descriptor(situation.lookup)?.roundTripsUnderLock, trips > 0
      else { return nil }
      return
        "Servers farther away: others wait for \(counted(trips, "round trip")) of it each time; --rtt 1ms measures that."
    },
    ChangeRule(id: "not-one-change") { situation, entry in
      guard situation.family(entry) == .atomic else { return nil }
      let next = situation.best { $0.cell.store == entry.cell.store && situation.family($0) != .atomic }
      return "A decision that cannot be stated as guarded changes of known records: "
        + otherwise(next, situation, "none of the other strategies over \(entry.cell.store) was measured.")
    },
    ChangeRule(id: "several-processes") { situation, entry in
      guard situation.scope(entry) == .process else { return nil }
      return "Several processes: "
        + otherwise(
          situation.best { situation.scope($0).map { $0 != .process } ?? false }, situation,
          "no strategy that protects them from each other was measured.")
    },
    ChangeRule(id: "several-hosts") { situation, entry in
      guard situation.scope(entry) == .host else { return nil }
      return "Processes on several hosts: "
        + otherwise(
          situation.best { situation.scope($0) == .network }, situation,
          "no strategy that protects them from each other was measured.")
    },
    ChangeRule(id: "several-databases") { situation, entry in
      guard situation.architecture.databases == 1, situation.family(entry)?.spansDatabases != true else { return nil }
      return "Operations over more than one database: "
        + otherwise(
          situation.best { situation.family($0)?.spansDatabases == true }, situation,
          "two-phase commit or a saga; none was measured here.")
    },
    ChangeRule(id: "lease") { situation, entry in
      guard situation.family(entry) == .distributedLock, let longest = entry.cell.longestHold else { return nil }
      return "Critical sections longer than the lease of \(entry.strategy) (longest here: "
        + "\(formatDuration(nanoseconds: longest))): two would hold the lock at once."
    },
    ChangeRule(id: "other-store") { situation, entry in
      let others = Set(situation.candidates.correct.map(\.cell.store)).subtracting([entry.cell.store]).sorted()
      let sentences = others.map { store in
        let leaders = situation.candidates.keeping { $0.store == store }.leaders
        return "Records in \(store): \(listed(leaders.map(situation.named), "or"))."
      }
      return sentences.isEmpty ? nil : sentences.joined(separator: " ")
    },
  ]

  private static func otherwise(_ next: Ranking.Entry?, _ situation: Situation, _ none: String) -> String {
    next.map { "then \(situation.named($0)), the best of those that remain." } ?? none
  }
}
