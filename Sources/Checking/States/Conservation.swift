public import Model

/// Conservation: the sum over all records never changes.
///
/// Unknown outcomes do not matter: a transfer that may have happened moved its amount wholly or not at all. Blind to a
/// lost debit and a lost credit of the same amount, which the ledgers of the accounts show.
public struct Conservation: Checker {
  /// Nothing to state.
  public init() {}

  /// `conservation`.
  public var name: String { "conservation" }

  /// The sum at the end holds what lost workers did: wholly or not at all.
  public var whenHostsAreLost: LostHostRule { .decides }

  /// Compares the sums before and after.
  public func check(_ evidence: Evidence, of workload: any Workload) -> CheckResult? {
    let records = RecordAccounts(workload, evidence)
    var findings = Findings()
    // The sum of a part of the records may well change.
    guard records.gap == nil else { return records.conclude(name, findings) }
    var before: Int128 = 0
    var after: Int128 = 0
    records.forEach { account in
      before += account.initial
      after += account.final ?? 0
    }
    if after != before {
      let difference = after - before
      findings.add(.conservation, key: nil, count: records.operations(for: difference)) {
        (
          "\(before)", "\(after)",
          difference > 0
            ? "the records together hold \(difference) more than at the start"
            : "the records together hold \(-difference) less than at the start"
        )
      }
    }
    return records.conclude(name, findings)
  }
}
