public import Model

/// Single effects: no request takes effect more than once, however often it was delivered.
///
/// Judges what a strategy has left of its requests: ``EffectQuestion``.
public struct SingleEffects: Checker {
  /// Nothing to state.
  public init() {}

  /// `single-effects`.
  public var name: String { "single-effects" }

  /// The store has every effect, those of lost workers, too.
  public var whenHostsAreLost: LostHostRule { .decides }

  /// Looks at the requests that had more than one effect.
  public func check(_ evidence: Evidence, of workload: any Workload) -> CheckResult? {
    guard let accounts = evidence.remains[EffectQuestion.accounts],
      let repeated = evidence.remains[EffectQuestion.repeated]
    else { return nil }
    var findings = Findings()
    for row in repeated where row.count >= 4 {
      findings.add(.duplicateEffect, key: Int(row[2]), count: row[3] - 1) {
        (
          "one effect of a request", "\(row[3]) effects",
          "request \(row[1]) of worker \(row[0]) is among the effects \(row[3]) times"
        )
      }
    }
    // Rows are cut off where there are many; the sums are not.
    let extra = accounts.reduce(0) { $0 + ($1.count >= 3 ? $1[2] - $1[1] : 0) }
    let listed = repeated.reduce(0) { $0 + ($1.count >= 4 ? $1[3] - 1 : 0) }
    if extra > listed { findings.addUnlisted(.duplicateEffect, findings: extra - listed, operations: extra - listed) }
    let examined = accounts.reduce(0) { $0 + ($1.count >= 2 ? $1[1] : 0) }
    return CheckResult(checker: name, examined: examined, violations: findings.violations)
  }
}
