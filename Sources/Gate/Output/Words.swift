internal import Model
internal import Words

/// Words and numbers that all outputs share.
extension GateMetric {
  /// Name in tables.
  var title: String {
    switch self {
    case .goodput: "goodput"
    case .p50: "p50"
    case .p99: "p99"
    case .retries: "retries/op"
    case .deadlocks: "deadlocks/op"
    case .gaveUp: "gave up"
    case .fairness: "fairness"
    }
  }

  /// A value in the unit that people read.
  func text(_ value: Double?) -> String {
    guard let value, value.isFinite else { return "-" }
    switch self {
    case .goodput: return formatRate(value) + "/s"
    case .p50, .p99: return formatDuration(nanoseconds: value)
    case .gaveUp: return formatPercent(value, digits: 2)
    case .retries, .deadlocks, .fairness: return formatDecimal(value, digits: 3)
    }
  }
}

extension ComparisonVerdict {
  /// In a table.
  var title: String {
    switch self {
    case .regressed: "REGRESSED"
    case .flagged: "to be confirmed"
    case .unconfirmed: "not confirmed"
    case .improved: "improved"
    case .pass: "pass"
    case .inconclusive: "inconclusive"
    case .unavailable: "no data"
    case .suppressed: "not compared"
    }
  }
}

extension GateComparison {
  /// A growth with its sign: `+10.6 %`, or absolute for what is no ratio: `+0.031`.
  func text(growth value: Double) -> String {
    let shown = growth(value)
    return metric.isRatio ? formatSigned(shown * 100, digits: 1) + " %" : formatSigned(shown, digits: 3)
  }

  /// The estimate with its interval: `+10.6 % [+7.6, +13.1]`; `-` when there is none.
  var changeText: String {
    guard let shown else { return "-" }
    let ends = [shown.low, shown.high].map {
      metric.isRatio ? formatSigned(growth($0) * 100, digits: 1) : formatSigned($0, digits: 3)
    }
    return "\(text(growth: shown.estimate)) [\(ends[0]), \(ends[1])]"
  }

  /// What was decided, in few words, with what fails nothing marked as advice.
  var verdictText: String {
    if waiver != nil { return "waived" }
    let isAdvice = rule.blocksOn == .nothing && verdict != .suppressed && verdict != .unavailable
    return isAdvice ? "\(verdict == .regressed ? "worse" : verdict.title) (advice)" : verdict.title
  }

  /// Pairs behind the verdict: `10+10` after a confirmation.
  var countText: String {
    guard let screening else { return "-" }
    return confirmation.map { "\(screening.count)+\($0.count)" } ?? "\(screening.count)"
  }

  /// One sentence that says what is known, and what would decide.
  var sentence: String {
    waiver.map { "\(finding); waived until \($0.expires): \($0.reason)" } ?? finding
  }

  private var finding: String {
    let unit = metric.isRatio ? "" : " per operation"
    let limit = bounds.map { text(growth: $0.limit) + (metric == .fairness ? "" : unit) } ?? "-"
    switch verdict {
    case .regressed:
      let sure = confirmation ?? screening
      let least = sure.map { "; 95 % sure of at least \(text(growth: $0.low))" } ?? ""
      return "cost \(shown.map { text(growth: $0.estimate) } ?? "-")\(least) (n = \(countText))"
    case .flagged: return "cost \(changeText): to be measured anew"
    case .unconfirmed:
      return "worse in the first look (\(screening.map { text(growth: $0.estimate) } ?? "-")), not confirmed"
        + (remark.map { ": \($0)" } ?? " by fresh data")
    case .improved: return "cost \(changeText)"
    case .pass: return "no growth of \(limit) or more (95 % sure)"
    case .inconclusive:
      let interval = shown.map { _ in ": \(changeText)" } ?? ""
      return "cannot exclude \(limit)\(interval)" + (remark.map { "; \($0)" } ?? "")
        + (needed.map { "; needs n of about \($0)" } ?? "")
    case .unavailable, .suppressed: return remark ?? "no data"
    }
  }
}

extension GateVerdict {
  /// The first line of every output: `FAIL (1 regression, 0 violations, 1 inconclusive, 22 pass)`.
  var headline: String {
    let judged = comparisons.filter { $0.rule.blocksOn != .nothing }
    func count(_ verdicts: ComparisonVerdict...) -> Int { judged.count { verdicts.contains($0.verdict) } }
    let regressions = judged.count { $0.conclusion == .regressed }
    let violations = findings.count { $0.conclusion == .violated }
    let missing = findings.count { $0.conclusion == .incomparable }
    var parts = [
      counted(regressions, "regression"), counted(violations, "violation"),
      "\(judged.count { $0.conclusion == .inconclusive } + findings.count { $0.kind == .unchecked }) inconclusive",
      "\(count(.pass, .improved)) pass",
    ]
    if missing > 0 { parts.insert("\(missing) missing or incomparable", at: 2) }
    let waived = comparisons.count { $0.waiver != nil }
    if waived > 0 { parts.append("\(waived) waived") }
    if uncheckedCells > 0 { parts.append("\(uncheckedCells) new: speed unchecked") }
    return "\(isOnlyWarning ? "WARN" : conclusion.word) (\(parts.joined(separator: ", ")))"
  }

  /// How many cells have no base that their speed could be compared with.
  var uncheckedCells: Int {
    let isNew = findings.contains { $0.kind == .scenarioAdded }
    return isNew ? candidate.plannedCells.count : findings.count { $0.kind == .cellAdded }
  }

  /// Why the gate is not green, in one sentence: the counts, and what weighs most.
  public var reason: String {
    let finding = findings.first { $0.conclusion == conclusion }.map { finding in
      (finding.cell.map { "\($0.title): " } ?? "") + finding.message
    }
    let comparison = byWeight.first { $0.conclusion == conclusion }.map {
      "\($0.cell.title), \($0.metric.title): \($0.sentence)"
    }
    return ([headline] + [finding ?? comparison].compactMap { $0 }).joined(separator: "; ").printable
  }

  /// What "no violations" is worth; nil when there are some, or nothing was examined.
  var powerText: String? {
    guard examined > 0, !findings.contains(where: { $0.kind == .violation }) else { return nil }
    let count = formatCount(examined)
    return "0 violations in at least \(count) operations of each cell: true rate below 3/\(count) with 95 % confidence"
  }

  /// How the figures came about.
  var methodText: String {
    switch mode {
    case .paired:
      return "n: pairs of blocks; change: growth of the cost, Hodges-Lehmann estimate with the exact 90 % signed-rank "
        + "interval, so 95 % sure on each side"
    case .stored:
      return
        "n: repetitions; change: growth of the cost, Hodges-Lehmann estimate with the exact 90 % rank-sum interval; "
        + "runs of different times also differ by what happened in between, which no interval of one run each shows"
    }
  }

  /// The comparisons with what matters most first, otherwise in their order.
  var byWeight: [GateComparison] {
    func weight(_ comparison: GateComparison) -> Int {
      switch (comparison.conclusion, comparison.verdict) {
      case (.regressed, _): 0
      case (.inconclusive, _): 1
      case (_, .regressed): 2
      case (_, .unconfirmed), (_, .inconclusive): 3
      case (_, .improved): 4
      case (_, .pass): 5
      default: 6
      }
    }
    return comparisons.enumerated()
      .sorted { (weight($0.element), $0.offset) < (weight($1.element), $1.offset) }.map(\.element)
  }
}
