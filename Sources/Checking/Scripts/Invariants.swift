public import Model
public import Scripts

/// Invariants: queries of the user's own that must give no row, or a value within what was acknowledged.
///
/// Every row of a query that must give none is a violation and its own evidence. A value is compared with an interval: what
/// was acknowledged, and that with what may have happened besides.
public struct Invariants: Checker {
  private let program: ScriptProgram

  /// Of compiled scripts.
  public init(_ program: ScriptProgram) { self.program = program }

  /// `invariants`.
  public var name: String { "invariants" }

  /// Rows that must not be there are, and no unknown amount explains a value outside of an interval without end.
  public var whenHostsAreLost: LostHostRule { .accuses }

  /// Judges each answer. Where nothing must hold, nothing is known.
  public func check(_ evidence: Evidence, of workload: any Workload) -> CheckResult? {
    guard !program.checks.isEmpty else {
      let remark = "nothing must hold: state workload.invariants, or '--@ check' and '--@ ack' lines in the scripts"
      return CheckResult(checker: name, examined: 0, unknown: remark)
    }
    var findings = Findings()
    var remarks: [String] = []
    for check in program.checks {
      guard let answer = evidence.remains.queries[check.name] else {
        remarks.append("\(check.name) was not asked")
        continue
      }
      switch check.expectation {
      case .noRows:
        Self.judge(rows: answer, of: check, "at the end", &findings)
        if let audit = evidence.remains.audits[check.name] {
          Self.judge(rows: audit, of: check, "while transactions ran", &findings)
        }
      case .between(let low, let high):
        if let remark = judge(answer, check, low, high, evidence, &findings) { remarks.append(remark) }
      }
    }
    let examined = evidence.total[.committed]
    return CheckResult(
      checker: name, examined: examined, violations: findings.violations,
      unknown: remarks.isEmpty ? nil : remarks.joined(separator: "; "))
  }

  private static func judge(
    rows answer: QueryAnswer, of check: ScriptCheck, _ moment: String, _ findings: inout Findings
  ) {
    for row in answer.rows {
      findings.add(.brokenInvariant, key: nil, count: 1) {
        ("\(check.name): no rows", text(row, answer.columns), "found \(moment) by \(check.query.onOneLine)")
      }
    }
    if answer.count > answer.rows.count {
      let rest = Int64(answer.count - answer.rows.count)
      findings.addUnlisted(.brokenInvariant, findings: rest, operations: rest)
    }
  }

  private static func text(_ row: [String?], _ columns: [String]) -> String {
    zip(columns, row).map { "\($0) = \($1 ?? "null")" }.joined(separator: ", ")
  }

  /// What cannot be told of a value; nil when it can.
  private func judge(
    _ answer: QueryAnswer, _ check: ScriptCheck, _ low: ScriptBound, _ high: ScriptBound, _ evidence: Evidence,
    _ findings: inout Findings
  ) -> String? {
    guard answer.count == 1, answer.columns.count == 1, let text = answer.rows.first?.first ?? nil,
      let value = Double(text)
    else { return "\(check.name) gives \(Self.shape(answer)) where one number is needed" }
    let runs = evidence.lostChanges(0...1)
    let amounts = evidence.lostChanges(-1...1)
    let counts = evidence.ledger.prefix(program.transactions.count).map { $0.widened(by: runs) }
    let ledger = evidence.ledger.dropFirst(program.transactions.count).prefix(program.acknowledgements.count)
      .map { $0.widened(by: amounts) }
    let least = low.interval(ledger: ledger, counts: counts)
    let most = high.interval(ledger: ledger, counts: counts)
    if hasUnknownAmounts(counts) { return "\(check.name): amounts of lost answers are not known" }
    if value < least.lowerBound || value > most.upperBound {
      let difference = max(least.lowerBound - value, value - most.upperBound)
      findings.add(.brokenInvariant, key: nil, count: Int64(difference.rounded(.up))) {
        (
          "\(check.name): \(Self.text(least.lowerBound, most.upperBound))", text,
          "\(low.text)\(low.text == high.text ? "" : " to \(high.text)"); off by \(Self.text(difference))"
        )
      }
    }
    return nil
  }

  private static func shape(_ answer: QueryAnswer) -> String {
    if answer.count == 0 { return "no row" }
    if answer.count > 1 { return "\(answer.count) rows" }
    if answer.columns.count != 1 { return "\(answer.columns.count) columns" }
    return (answer.rows.first?.first ?? nil).map { "'\($0)'" } ?? "null"
  }

  /// Whether an operation may be in the store whose amount is only told by the answer that was lost.
  private func hasUnknownAmounts(_ counts: [LedgerEntry]) -> Bool {
    zip(program.transactions, counts).contains { script, entry in
      entry.unknownHigh > 0 && script.acknowledgements.contains { $0.isLate }
    }
  }

  private static func text(_ number: Double) -> String {
    number == number.rounded() && number.magnitude < 0x1p53 ? "\(Int64(number))" : "\(number)"
  }

  private static func text(_ low: Double, _ high: Double) -> String {
    low == high ? text(low) : "\(text(low)) to \(text(high))"
  }
}

extension String {
  /// With single blanks in place of line breaks and runs of blanks.
  fileprivate var onOneLine: String { split { $0 == " " || $0.isNewline || $0 == "\t" }.joined(separator: " ") }
}
