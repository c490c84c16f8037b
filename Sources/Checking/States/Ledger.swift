public import Model

/// Ledger: every record ends at its initial value plus what was acknowledged, give or take what is unknown.
///
/// The interval rule of Jepsen's `counter` checker, per record and for changes of either sign: a final value below
/// initial + acknowledged + the least of the unknown, or above the same with the most of the unknown, is explained by no
/// outcome of the unknown operations. Blind to faults that cancel each other on one record.
public struct Ledger: Checker {
  /// Nothing to state.
  public init() {}

  /// `ledger`.
  public var name: String { "ledger" }

  /// No number of changes in their one direction explains a value on the other side; of both, any explains all.
  public var whenHostsAreLost: LostHostRule { .accuses }

  /// Compares every record with what was acknowledged.
  public func check(_ evidence: Evidence, of workload: any Workload) -> CheckResult? {
    let records = RecordAccounts(workload, evidence)
    var findings = Findings()
    records.forEach { account in
      guard let final = account.final, final < account.least || final > account.greatest else { return }
      let difference = final < account.least ? account.least - final : final - account.greatest
      let kind = Self.kind(isBelow: final < account.least, records)
      findings.add(kind, key: account.key, count: records.operations(for: difference)) {
        (account.explained, "\(final)", "\(account.acknowledgedSummary); off by \(difference)")
      }
    }
    return records.conclude(name, findings)
  }

  /// A change is lost when the record moved less than acknowledged in the direction of the changes, and a phantom when it
  /// moved more.
  ///
  /// Where amounts go both ways the direction does not tell: a lost debit looks like a credit applied twice. Lost is what
  /// races do, so that is what it is called. Claims are told apart: an owner whose claim nobody acknowledged was stored by
  /// a write that should not have landed.
  private static func kind(isBelow: Bool, _ records: RecordAccounts) -> Violation.Kind {
    if records.holdsTokens || records.changes.lowerBound >= 0 { return isBelow ? .lostUpdate : .phantomUpdate }
    if records.changes.upperBound <= 0 { return isBelow ? .phantomUpdate : .lostUpdate }
    return .lostUpdate
  }
}
