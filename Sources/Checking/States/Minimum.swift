public import Model

/// Minimum: no record is ever below a bound, and no more is taken from it than it held.
///
/// The final value alone misses most overselling: buyers that overwrite each other leave a stock of 0, not a negative
/// one. What they were told adds up to more than there was, whether or not the final state could be read.
public struct Minimum: Checker {
  private let bound: Int64

  /// - Parameter bound: the least value that a record may have.
  public init(_ bound: Int64) { self.bound = bound }

  /// `minimum`.
  public var name: String { "minimum" }

  /// What is below the bound, or was taken beyond it, is so whatever lost workers did; they may have taken more.
  public var whenHostsAreLost: LostHostRule { .accuses }

  /// Compares every record, and what was taken from it, with the bound.
  public func check(_ evidence: Evidence, of workload: any Workload) -> CheckResult? {
    let records = RecordAccounts(workload, evidence)
    var findings = Findings()
    let onlyTakes = records.changes.upperBound <= 0
    let bound = Int128(bound)
    records.forEach { account in
      if account.greatest < bound {
        let excess = bound - account.greatest
        let kind: Violation.Kind = onlyTakes ? .oversell : .negativeBalance
        findings.add(kind, key: account.key, count: records.operations(for: excess)) {
          (
            "at least \(bound)", "\(account.greatest) by what was acknowledged, \(account.finalSummary)",
            "\(account.acknowledgedSummary): \(excess) more than there was"
          )
        }
      } else if let final = account.final, final < bound {
        findings.add(.negativeBalance, key: account.key, count: records.operations(for: bound - final)) {
          ("at least \(bound)", "\(final)", "the value in the store; \(account.acknowledgedSummary)")
        }
      }
    }
    return records.conclude(name, findings)
  }
}
