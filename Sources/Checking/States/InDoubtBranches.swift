public import Model

/// In-doubt branches: after the coordinator has started again, no database holds a transaction that it has prepared and
/// of which nobody has told it how it ends. Such a branch keeps its locks for ever, over restarts of the server, too.
public struct InDoubtBranches: Checker {
  /// What stores are asked: rows of a database, how many branches were found there, and how many were left by recovery.
  public static let question = "in-doubt branches"

  /// Nothing to state.
  public init() {}

  /// `in-doubt-branches`.
  public var name: String { "in-doubt-branches" }

  /// The decisions about what is left may be lost with the host.
  public var whenHostsAreLost: LostHostRule { .abstains }

  /// Judges what is left.
  public func check(_ evidence: Evidence, of workload: any Workload) -> CheckResult? {
    guard let rows = evidence.remains[Self.question] else {
      return CheckResult(
        checker: name, examined: 0, violations: [],
        unknown: "the databases could not be asked for prepared transactions")
    }
    var findings = Findings()
    for row in rows where row.count == 3 && row[2] > 0 {
      findings.add(.inDoubtBranch, key: nil, count: row[2]) {
        (
          "no prepared transaction without a decision", "\(row[2]) in database \(row[0] + 1)",
          "\(row[1]) were prepared there when the workers were gone, and recovery has left \(row[2])"
        )
      }
    }
    return CheckResult(
      checker: name, examined: max(0, evidence.total[.committed] - evidence.total[.committedReads]),
      violations: findings.violations)
  }
}
