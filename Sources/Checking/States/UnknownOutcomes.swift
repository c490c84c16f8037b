public import Model

extension UnknownOutcomes {
  /// Counts what the final values account for.
  ///
  /// Told in sums, and only where they leave no choice: every change of the workload is of one amount and touches one
  /// record, all records were read after nothing could change them any more, every acknowledged change is in a ledger,
  /// no host was lost, and no checker objects. Then what a record holds beyond its acknowledged changes is a number of
  /// unknown ones. That a change was acknowledged and overwritten by an unknown one cannot be told from the latter not
  /// having happened: what counts is what the values hold.
  ///
  /// - Parameter checks: the conclusions of all checkers.
  public init(_ evidence: Evidence, of workload: any Workload, checks: [CheckResult]) {
    let unknown = evidence.total[.unknown]
    self.init(unresolved: unknown)
    guard unknown > 0, !checks.isEmpty, checks.allSatisfy({ $0.verdict != .violation }),
      let applied = Self.applied(RecordAccounts(workload, evidence), of: workload), applied <= unknown
    else { return }
    self.init(applied: applied, notApplied: unknown - applied)
  }

  /// Nil when the values do not tell.
  private static func applied(_ records: RecordAccounts, of workload: any Workload) -> Int64? {
    let amount = Int128(workload.changes.lowerBound)
    guard records.gap == nil, records.ledgerGap == nil, amount != 0,
      workload.changes.upperBound == workload.changes.lowerBound, workload.applicability != .any
    else { return nil }
    var sum: Int128 = 0
    var acknowledged: Int64 = 0
    var isExplained = true
    records.forEach { account in
      let beyond = (account.final ?? 0) - account.initial - Int128(account.entry.acknowledged)
      let possible = Int128(account.entry.unknownLow) + Int128(account.entry.unknownHigh)
      let (count, rest) = beyond.quotientAndRemainder(dividingBy: amount)
      if rest != 0 || count < 0 || count > possible / amount { isExplained = false }
      sum += count
      acknowledged &+= account.entry.acknowledgedCount
    }
    return isExplained && acknowledged == records.committedChanges ? Int64(exactly: sum) : nil
  }
}
