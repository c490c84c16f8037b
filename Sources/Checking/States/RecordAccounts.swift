public import Model

/// What one record held before and after, and what the workers were told about it: the common view of all checkers that
/// compare states.
///
/// 128 bits, because a record that a fault filled with garbage must be reported and not overflow.
public struct RecordAccount {
  /// Index of the record.
  public let key: Int
  /// Value before the first operation, as ledgers count it.
  public let initial: Int128
  /// Value at the end, as ledgers count it; nil when it could not be read.
  public let final: Int128?
  /// The value that the store holds; differs from `final` when the workload claims records.
  public let stored: Int64?
  /// What the workers were told; where hosts were lost, with whatever those may have done.
  public let entry: LedgerEntry

  /// The least final value that the acknowledged and the unknown changes explain.
  public var least: Int128 {
    entry.isOpenBelow ? -Self.beyondAll : initial + Int128(entry.acknowledged) + Int128(entry.unknownLow)
  }
  /// The greatest final value that they explain.
  public var greatest: Int128 {
    entry.isOpenAbove ? Self.beyondAll : initial + Int128(entry.acknowledged) + Int128(entry.unknownHigh)
  }
  /// Farther than any sum of a few numbers of 64 bits, and far from the limits of 128.
  private static let beyondAll: Int128 = 1 << 120

  /// The values that the changes explain, for people.
  public var explained: String {
    switch (entry.isOpenBelow, entry.isOpenAbove) {
    case (true, true): "anything"
    case (true, false): "at most \(greatest)"
    case (false, true): "at least \(least)"
    case (false, false): least == greatest ? "\(least)" : "\(least) to \(greatest)"
    }
  }

  /// What the store holds, for people.
  public var finalSummary: String { stored.map { "final value \($0)" } ?? "final value not read" }

  /// The changes that workers were told of, for people.
  public var acknowledgedSummary: String {
    let sum = entry.acknowledged >= 0 ? "+\(entry.acknowledged)" : "\(entry.acknowledged)"
    let changes =
      entry.acknowledgedCount == 1 ? "1 acknowledged change" : "\(entry.acknowledgedCount) acknowledged changes"
    return "initial value \(initial), \(changes) of \(sum) in all\(unknown)"
  }

  private var unknown: String {
    let sum =
      switch (entry.isOpenBelow, entry.isOpenAbove) {
      case (true, true): "anything"
      case (true, false): "\(entry.unknownHigh) or less"
      case (false, true): "\(entry.unknownLow) or more"
      case (false, false): "\(entry.unknownLow) to \(entry.unknownHigh)"
      }
    return entry.unknownLow == 0 && entry.unknownHigh == 0 ? "" : ", unknown outcomes may add \(sum)"
  }
}

/// The accounts of all records of a trial.
public struct RecordAccounts {
  /// Operations that committed a change: what the checkers of states examine.
  public let committedChanges: Int64
  /// Least and greatest change of one operation to one record.
  public let changes: ClosedRange<Int64>
  /// Why nothing, or less than everything, can be told of the final state; nil when it is complete.
  public let gap: String?
  /// Why more may have been acknowledged than is known; nil when all hosts have told.
  public let ledgerGap: String?
  /// Whether records hold the token of their owner instead of an amount.
  public let holdsTokens: Bool
  private let evidence: Evidence
  private let final: [Int64]?
  private let lost: ClosedRange<Int64>
  private let count: Int

  /// Prepares a view of the evidence; copies nothing.
  public init(_ workload: any Workload, _ evidence: Evidence) {
    self.evidence = evidence
    changes = workload.changes
    holdsTokens = workload.holdsTokens
    committedChanges = evidence.total[.committed] - evidence.total[.committedReads]
    lost = evidence.lostChanges(workload.changes)
    ledgerGap = evidence.lossInWords
    // What lost hosts have left open may still change: the values that were read are not the final ones.
    let leftOpen = evidence.leftOpen
    final = leftOpen == nil ? evidence.final : nil
    let sizes = [evidence.initial.count, evidence.ledger.count] + (final.map { [$0.count] } ?? [])
    count = sizes.min() ?? 0
    if let leftOpen {
      gap = leftOpen
    } else if final == nil {
      gap = "the final state could not be read"
    } else if sizes.contains(where: { $0 != workload.recordCount }) {
      gap = "the evidence covers \(count) of \(workload.recordCount) records"
    } else {
      gap = nil
    }
  }

  /// Calls `body` with the account of every record that the evidence covers.
  public func forEach(_ body: (RecordAccount) -> Void) {
    for key in 0..<count {
      let stored = final?[key]
      body(
        RecordAccount(
          key: key, initial: ledgerValue(evidence.initial[key]), final: stored.map(ledgerValue), stored: stored,
          entry: evidence.ledger[key].widened(by: lost)))
    }
  }

  /// The least number of operations that make a difference of this size.
  public func operations(for difference: Int128) -> Int64 {
    let largest = max(Int128(changes.lowerBound.magnitude), Int128(changes.upperBound.magnitude), 1)
    return Int64(clamping: (Int128(difference.magnitude) + largest - 1) / largest)
  }

  /// The conclusion of a checker that compares states.
  public func conclude(_ checker: String, _ findings: Findings) -> CheckResult {
    CheckResult(
      checker: checker, examined: max(0, committedChanges), violations: findings.violations,
      unknown: gap ?? (committedChanges > 0 ? nil : "no operation committed a change"))
  }

  /// A ledger counts a claim as 1 and a release as -1, whatever the token that the record holds.
  private func ledgerValue(_ stored: Int64) -> Int128 { holdsTokens ? (stored == 0 ? 0 : 1) : Int128(stored) }
}
