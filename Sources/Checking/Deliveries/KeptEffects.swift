public import Model

/// Kept effects: every acknowledged request has had its effect.
///
/// The dual of ``SingleEffects``, which a strategy could satisfy by doing nothing. Acknowledged requests are counted per
/// record and not by key, so one that was lost hides behind one with an effect that nobody was told of.
public struct KeptEffects: Checker {
  /// Nothing to state.
  public init() {}

  /// `kept-effects`.
  public var name: String { "kept-effects" }

  /// More effects than known requests are those of lost workers; fewer than what arrived was acknowledged are not.
  public var whenHostsAreLost: LostHostRule { .accuses }

  /// Compares the requests that had an effect with those that were acknowledged, and looks at responses without effect.
  public func check(_ evidence: Evidence, of workload: any Workload) -> CheckResult? {
    guard let accounts = evidence.remains[EffectQuestion.accounts] else { return nil }
    var findings = Findings()
    var effective = [Int64](repeating: 0, count: evidence.ledger.count)
    for row in accounts where row.count >= 2 && effective.indices.contains(Int(row[0])) {
      effective[Int(row[0])] = row[1]
    }
    for (key, entry) in evidence.ledger.enumerated() where effective[key] < entry.acknowledgedCount {
      findings.add(.lostEffect, key: key, count: entry.acknowledgedCount - effective[key]) {
        (
          "\(entry.acknowledgedCount) requests with an effect", "\(effective[key])",
          "\(entry.acknowledgedCount) requests were acknowledged"
        )
      }
    }
    for row in evidence.remains[EffectQuestion.missing] ?? [] where row.count >= 3 {
      findings.add(.lostEffect, key: Int(row[2]), count: 1) {
        (
          "an effect of every request with a stored response", "none",
          "request \(row[1]) of worker \(row[0]) has a response and is not among the effects"
        )
      }
    }
    let examined = evidence.ledger.reduce(0) { $0 + $1.acknowledgedCount }
    return CheckResult(checker: name, examined: examined, violations: findings.violations)
  }
}
