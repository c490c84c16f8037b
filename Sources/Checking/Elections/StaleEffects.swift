public import Model

/// Stale effects: a store takes nothing from a leader whose successor has had an effect.
///
/// Decides from what workers counted (``Counter/staleEffectsAccepted``): who writes after the acknowledged write of a later
/// holder of the lock. Answers under way are not seen, so it accuses nobody wrongly.
public struct StaleEffects: Checker {
  /// Nothing to state.
  public init() {}

  /// `stale-effects`.
  public var name: String { "stale-effects" }

  /// Only what was counted.
  public var needs: Set<EvidenceKind> { [.counts] }

  /// Who wrote too late, and whether the store took it, its worker has seen.
  public var whenHostsAreLost: LostHostRule { .accuses }

  /// Looks at the effects that came too late and were taken all the same.
  public func check(_ evidence: Evidence, of workload: any Workload) -> CheckResult? {
    let taken = evidence.total[.staleEffectsAccepted]
    var findings = Findings()
    if taken > 0 {
      findings.add(.staleEffect, key: nil, count: taken) {
        (
          "no effect of a leader after one of its successor", "\(taken) effects",
          "\(evidence.total[.staleEffectsAttempted]) were sent too late; "
            + "critical sections overlapped \(evidence.total[.overlaps]) times"
        )
      }
    }
    return CheckResult(checker: name, examined: evidence.total[.committed], violations: findings.violations)
  }
}
