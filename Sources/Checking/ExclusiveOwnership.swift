internal import Model

/// Exclusive ownership: a record has at most one owner at a time.
///
/// Acknowledged claims less acknowledged releases are the owners at the end. More of them than the record can name are
/// double bookings: each extra owner was told that the unit is its own and lost it to another without giving it back.
/// Claims that were granted while another worker was known to own the record are double bookings too, also when both
/// gave the unit back, so that nothing is left to see at the end. A record that names an owner too many is left to the
/// ledger.
func checkExclusiveOwnership(_ records: RecordAccounts) -> CheckResult {
  var findings = Findings()
  var left: Int64 = 0
  records.forEach { account in
    // A record that could not be read names one owner at most.
    let owners = account.final ?? 1
    if account.least > owners {
      let extra = Int64(clamping: account.least - owners)
      left += extra
      findings.add(.doubleBooking, key: account.key, count: extra) {
        (
          "as many owners as the record names: \(owners)", "\(account.least) owners, \(account.finalSummary)",
          account.acknowledgedSummary
        )
      }
    }
    if let stored = account.stored, stored != 0, let tokens = records.tokens, !tokens.contains(stored) {
      findings.add(.phantomUpdate, key: account.key, count: 1) {
        (
          "0 or a token from \(tokens.lowerBound) to \(tokens.upperBound)", "\(stored)",
          "the value in the store is not the token of any worker"
        )
      }
    }
  }
  let granted = records.doubleClaims
  // Those that are left at the end are counted with their records.
  if granted > left {
    findings.add(.doubleBooking, key: nil, count: granted - left) {
      (
        "no claim granted before the owner gave the unit back", "\(granted) granted, \(left) of them left at the end",
        "an acknowledged claim of a record that another worker had claimed and not begun to release"
      )
    }
  }
  return records.conclude("exclusive-ownership", findings)
}
