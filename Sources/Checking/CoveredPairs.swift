internal import Model

/// Covered pairs: of two records that belong together, 2n and 2n + 1, at most one has an owner at a time.
///
/// An operation that takes one of them looks at the other first, so two absences at once are write skew: both operations
/// decided over a state that held, and neither changed what the other read. One that gives its record back looks at the
/// other again: its own was taken until then, so an owner that it sees there was one too many. Pairs without cover at the
/// end are found in the records.
func checkCoveredPairs(_ records: RecordAccounts) -> CheckResult {
  var findings = Findings()
  var first: RecordAccount?
  records.forEach { account in
    defer { first = account.key % 2 == 0 ? account : nil }
    guard let first, first.stored ?? 0 != 0, account.stored ?? 0 != 0 else { return }
    findings.add(.writeSkew, key: first.key, count: 1) {
      (
        "one of the records \(first.key) and \(account.key) without an owner", "both have one at the end",
        "record \(first.key): \(first.acknowledgedSummary); record \(account.key): \(account.acknowledgedSummary)"
      )
    }
  }
  if records.uncoveredPairs > 0 {
    findings.add(.writeSkew, key: nil, count: records.uncoveredPairs) {
      (
        "no record taken while its partner is", "\(records.uncoveredPairs) seen",
        "acknowledged releases of a record saw an owner of its partner"
      )
    }
  }
  return records.conclude("covered-pairs", findings)
}
