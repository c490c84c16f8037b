public import Model

/// Recorded effects: of every request that took effect the response is stored, so that a later delivery is answered and
/// not worked on again.
public struct RecordedEffects: Checker {
  /// Nothing to state.
  public init() {}

  /// `recorded-effects`.
  public var name: String { "recorded-effects" }

  /// Effects and responses are both in the store, those of lost workers, too.
  public var whenHostsAreLost: LostHostRule { .decides }

  /// Looks at effects without a stored response; nothing where responses are not stored.
  public func check(_ evidence: Evidence, of workload: any Workload) -> CheckResult? {
    guard let accounts = evidence.remains[EffectQuestion.accounts],
      let unrecorded = evidence.remains[EffectQuestion.unrecorded]
    else { return nil }
    var findings = Findings()
    for row in unrecorded where row.count >= 3 {
      findings.add(.unrecordedEffect, key: Int(row[2]), count: 1) {
        (
          "a stored response of every request with an effect", "none",
          "request \(row[1]) of worker \(row[0]) is among the effects and its key is not finished"
        )
      }
    }
    let examined = accounts.reduce(0) { $0 + ($1.count >= 2 ? $1[1] : 0) }
    return CheckResult(checker: name, examined: examined, violations: findings.violations)
  }
}
