public import Model

/// At most so many at once: nobody was at work while as many others were as there are permits.
public struct PermitLimit: Checker {
  /// One row: the limit, how often somebody began to work, how often that made more than the limit, and the most that were
  /// at work at once.
  public static let question = "permits"

  /// Nothing to state.
  public init() {}

  /// `permits`.
  public var name: String { "permits" }

  /// Who vanished at work is counted as there for longer than its permit lasts.
  public var whenHostsAreLost: LostHostRule { .abstains }

  /// Compares what was counted beside the work with the limit.
  public func check(_ evidence: Evidence, of workload: any Workload) -> CheckResult? {
    guard let row = evidence.remains[Self.question]?.first, row.count == 4 else { return nil }
    let (limit, grants, above, peak) = (row[0], row[1], row[2], row[3])
    var findings = Findings()
    if above > 0 {
      findings.add(.tooManyHolders, key: nil, count: above) {
        (
          "at most \(limit) at work", "up to \(peak)",
          "\(above) of \(grants) began to work while \(limit) or more others were at it"
        )
      }
    }
    return CheckResult(checker: name, examined: grants, violations: findings.violations)
  }
}
