/// What a checker, a trial or a run concludes. Merged by "worst wins".
public enum Verdict: String, Sendable, Codable, CaseIterable, Comparable {
  /// Nothing forbidden was found, and something was examined.
  case pass
  /// It cannot be told: nothing was examined, or evidence is missing.
  case unknown
  /// An invariant was broken.
  case violation

  /// The order of severity: pass, unknown, violation.
  public static func < (left: Verdict, right: Verdict) -> Bool { left.severity < right.severity }

  private var severity: Int { Self.allCases.firstIndex(of: self) ?? 0 }
}

/// One finding of a checker.
public struct Violation: Sendable, Equatable, Codable {
  /// Kinds, named as in the literature.
  public enum Kind: String, Sendable, Codable, CaseIterable {
    case lostUpdate = "lost-update"
    case phantomUpdate = "phantom-update"
    case oversell
    case doubleBooking = "double-booking"
    case writeSkew = "write-skew"
    case negativeBalance = "negative-balance"
    case conservation
    case duplicateValue = "duplicate-value"
    case tornRead = "torn-read"
    case staleRead = "stale-read"
  }
  /// What was broken.
  public let kind: Kind
  /// The record; nil when it concerns all of them.
  public let key: Int?
  /// What the invariant allows.
  public let expected: String
  /// What was found.
  public let observed: String
  /// How many operations are concerned: lost updates, extra bookings, torn reads.
  public let count: Int64
  /// From what it follows, in one sentence.
  public let evidence: String
  /// Makes a finding.
  public init(kind: Kind, key: Int?, expected: String, observed: String, count: Int64, evidence: String) {
    self.kind = kind
    self.key = key
    self.expected = expected
    self.observed = observed
    self.count = count
    self.evidence = evidence
  }
}

/// What one checker concludes.
public struct CheckResult: Sendable, Equatable, Codable {
  /// Name of the checker.
  public let checker: String
  /// Conclusion.
  public let verdict: Verdict
  /// How many operations or records were examined: the power of a pass. The 95 % upper bound of a zero is 3 / this.
  public let examined: Int64
  /// Findings; empty unless the verdict is a violation.
  public let violations: [Violation]
  /// Why the verdict is unknown.
  public let remark: String?
  /// Makes a conclusion: a violation if there are findings, unknown if nothing was examined, else a pass.
  public init(checker: String, examined: Int64, violations: [Violation] = [], unknown remark: String? = nil) {
    self.checker = checker
    self.examined = examined
    self.violations = violations
    if !violations.isEmpty {
      verdict = .violation
      self.remark = remark
    } else if remark != nil || examined == 0 {
      verdict = .unknown
      self.remark = remark ?? "nothing was examined"
    } else {
      verdict = .pass
      self.remark = nil
    }
  }
}

/// What happened to one record according to the workers.
public struct LedgerEntry: Sendable, Equatable {
  /// Sum of the acknowledged changes.
  public var acknowledged: Int64
  /// Acknowledged changes.
  public var acknowledgedCount: Int64
  /// Sum of the negative changes of operations whose outcome is unknown: the least they can add.
  public var unknownLow: Int64
  /// Sum of their positive changes: the most they can add.
  public var unknownHigh: Int64
  /// Makes an entry.
  public init(
    acknowledged: Int64 = 0, acknowledgedCount: Int64 = 0, unknownLow: Int64 = 0, unknownHigh: Int64 = 0
  ) {
    self.acknowledged = acknowledged
    self.acknowledgedCount = acknowledgedCount
    self.unknownLow = unknownLow
    self.unknownHigh = unknownHigh
  }
}

/// What the checkers decide from: the state before and after, and what the workers saw.
public struct Evidence: Sendable {
  /// Values before the first operation.
  public var initial: [Int64]
  /// Values after all sessions were closed; nil when they could not be read.
  public var final: [Int64]?
  /// Per record, what the workers were told.
  public var ledger: [LedgerEntry]
  /// Counts of the whole trial: warm-up, window and drain.
  public var total: Tally
  /// The first returned values that were seen twice: record and value.
  public var duplicates: [(key: Int, value: Int64)]
  /// The tokens that workers store in records that they claim; nil when they are not known.
  public var tokens: ClosedRange<Int64>?
  /// Makes evidence.
  public init(
    initial: [Int64], final: [Int64]?, ledger: [LedgerEntry], total: Tally,
    duplicates: [(key: Int, value: Int64)] = [], tokens: ClosedRange<Int64>? = nil
  ) {
    self.initial = initial
    self.final = final
    self.ledger = ledger
    self.total = total
    self.duplicates = duplicates
    self.tokens = tokens
  }
}
