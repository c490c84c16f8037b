internal import Model

extension Footnotes {
  /// What a reader must know of transactions of a user's own.
  var scripts: [String] { changesOfNothing + audits }

  /// A statement that changed no row may be a lost race that nobody noticed.
  private var changesOfNothing: [String] {
    let places = counts { cell in cell.trials.reduce(0) { $0 + $1.total[.changesOfNothing] } }
    return places.isEmpty
      ? []
      : [
        "changed no row and counted as done: \(few(places)); if that is a lost race, write '--@ on rows = 0: conflict' "
          + "behind the statement, if it is an answer, 'refused' instead of 'conflict'"
      ]
  }

  /// How often invariants were looked at while transactions ran.
  private var audits: [String] {
    let looks = cells.compactMap { cell -> String? in
      guard cell.trials.contains(where: \.wasAudited) else { return nil }
      let total = cell.trials.reduce(0) { $0 + $1.total[.auditedSnapshots] }
      let broken = cell.trials.reduce(0) { $0 + $1.total[.unbalancedSnapshots] }
      return "\(cell.cell.name): \(formatCount(broken)) of \(formatCount(total))"
    }
    return looks.isEmpty ? [] : ["moments at which an invariant did not hold while transactions ran: \(few(looks))"]
  }
}

extension TrialResult {
  /// Whether a user's invariants were looked at while it ran.
  fileprivate var wasAudited: Bool {
    checks.contains { $0.checker == "invariants" } && total[.auditedSnapshots] > 0
  }
}
