public import Model

/// Same responses: all deliveries of a request that were answered got one response.
///
/// Clients compare while they run, because no final state shows what they were told.
public struct SameResponses: Checker {
  /// Nothing to state.
  public init() {}

  /// `same-responses`.
  public var name: String { "same-responses" }

  /// Counts.
  public var needs: Set<EvidenceKind> { [.counts] }

  /// Each response was compared by the client that got it.
  public var whenHostsAreLost: LostHostRule { .accuses }

  /// Judges what clients counted; nothing where no request was answered more than once.
  public func check(_ evidence: Evidence, of workload: any Workload) -> CheckResult? {
    let different = evidence.total[.differentResponses]
    let examined = evidence.total[.replays] + different
    if examined == 0 { return nil }
    var findings = Findings()
    if different > 0 {
      findings.add(.differentResponse, key: nil, count: different) {
        ("one response to all deliveries of a request", "\(different) that differ", "clients compared what they got")
      }
    }
    return CheckResult(checker: name, examined: examined, violations: findings.violations)
  }
}
