internal import Model

extension Footnotes {
  /// What a reader must know of transactions of a user's own.
  var scripts: [String] { broken + changesOfNothing + audits }

  /// The first finding of each cell: which invariant, and what it must not have found.
  private var broken: [String] {
    limited(
      cells.compactMap { cell in
        let findings = cell.trials.flatMap(\.checks).flatMap(\.violations).filter { $0.kind == .brokenInvariant }
        guard let first = findings.first else { return nil }
        let others = cell.violationCount > first.count ? "; \(formatCount(cell.violationCount)) in all" : ""
        return "broken (\(cell.cell.name)): \(first.expected), but \(first.observed), \(first.evidence)\(others)"
          .printable
      }, "more cells with broken invariants")
  }

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
