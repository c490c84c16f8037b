internal import Model

extension Evidence {
  /// Whatever the workers of lost hosts may have done to one record: any number of changes, in their direction. Nobody
  /// adds up 2^62 in a trial.
  ///
  /// - Parameter changes: least and greatest change of one operation.
  func lostChanges(_ changes: ClosedRange<Int64>) -> ClosedRange<Int64> {
    if missing.isEmpty { return 0...0 }
    return (changes.lowerBound < 0 ? -LedgerEntry.unbounded : 0)...(changes.upperBound > 0 ? LedgerEntry.unbounded : 0)
  }

  /// What lost hosts have begun and nobody could end, in a sentence; nil when there is nothing of the kind, or no host
  /// was lost.
  ///
  /// A host may have had the decisions about prepared transactions, or still hold messages; then the values of the
  /// records are not those of an end.
  var leftOpen: String? {
    if missing.isEmpty { return nil }
    let prepared = remains[InDoubtBranches.question]?.reduce(0) { $0 + ($1.count == 3 ? $1[1] : 0) } ?? 0
    let messages = remains[HandledMessages.question]?.reduce(0) { $0 + ($1.count == 4 ? $1[1] + $1[2] : 0) } ?? 0
    let sagas = remains[SagaEndings.instances]?.count { $0.count == 3 && SagaEndings.isUnderWay($0[1]) } ?? 0
    let open = [("prepared transactions", Int(prepared)), ("messages", Int(messages)), ("sagas", sagas)]
      .filter { $0.1 > 0 }.map { "\($0.1) \($0.0)" }
    return open.isEmpty ? nil : "what a lost host left open may still change: \(open.joined(separator: ", "))"
  }
}

extension LedgerEntry {
  /// More than what any trial adds to a record.
  static let unbounded: Int64 = 1 << 62

  /// With unknown changes besides; at the limits of 64 bits it stays there.
  func widened(by changes: ClosedRange<Int64>) -> LedgerEntry {
    var entry = self
    let low = unknownLow.addingReportingOverflow(changes.lowerBound)
    let high = unknownHigh.addingReportingOverflow(changes.upperBound)
    entry.unknownLow = low.overflow ? .min : low.partialValue
    entry.unknownHigh = high.overflow ? .max : high.partialValue
    return entry
  }

  /// Whether nothing bounds the unknown changes from below.
  var isOpenBelow: Bool { unknownLow <= -Self.unbounded }
  /// Whether nothing bounds them from above.
  var isOpenAbove: Bool { unknownHigh >= Self.unbounded }
}
