/// One finding of a checker.
public struct Violation: Sendable, Equatable, Codable {
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

extension Violation {
  /// What was broken, as a value: a checker brings the kinds that it finds. Kinds are equal when their names are, and a
  /// result stores the name.
  public struct Kind: RawRepresentable, Sendable {
    /// How much is wrong.
    public enum Severity: Int, Sendable, Comparable {
      /// Somebody was told what never was; the state is right.
      case misled
      /// The state, or what somebody was promised, is wrong for good.
      case damaged

      /// By how much is wrong.
      public static func < (left: Severity, right: Severity) -> Bool { left.rawValue < right.rawValue }
    }

    /// The name, as in the literature: `lost-update`.
    public let rawValue: String
    /// What it means, in one sentence; empty for a name that was read from a file and that no checker knows.
    public let meaning: String
    /// How much is wrong.
    public let severity: Severity

    /// Makes a kind.
    public init(_ name: String, _ meaning: String, _ severity: Severity = .damaged) {
      rawValue = name
      self.meaning = meaning
      self.severity = severity
    }

    /// A kind by its name, which a file gives.
    public init(rawValue: String) {
      self = Self.known.first { $0.rawValue == rawValue } ?? Kind(rawValue, "")
    }
  }
}

extension Array<Violation.Kind> {
  /// The same with those in front that do more harm; the order is kept among equals.
  public var worstFirst: [Violation.Kind] {
    enumerated().sorted { ($1.element.severity, $0.offset) < ($0.element.severity, $1.offset) }.map(\.element)
  }
}

extension Violation.Kind: Hashable, Codable {
  /// By name.
  public static func == (left: Self, right: Self) -> Bool { left.rawValue == right.rawValue }
  /// By name.
  public func hash(into hasher: inout Hasher) { hasher.combine(rawValue) }
}

/// The kinds that checkers share.
extension Violation.Kind {
  /// In the order of the documentation.
  public static let known: [Violation.Kind] =
    [
      lostUpdate, phantomUpdate, oversell, doubleBooking, writeSkew, negativeBalance, conservation, duplicateValue,
      tornRead, staleRead, notMyOwnWrite, nonMonotonicRead, inDoubtBranch, duplicateEffect, lostEffect,
      unrecordedEffect, differentResponse, tooManyHolders,
    ] + anomalies + ofSagas + eventFaults + ofJobs + ofElections + ofScripts

  /// An acknowledged change is not in the record.
  public static let lostUpdate = Self(
    "lost-update", "An acknowledged change is not in the record.")
  /// A record holds a change that nobody was told of.
  public static let phantomUpdate = Self(
    "phantom-update", "A record holds a change that nobody was told of.")
  /// More was sold than there was.
  public static let oversell = Self(
    "oversell", "More was sold than there was.")
  /// Two owners were told that a unit is theirs.
  public static let doubleBooking = Self(
    "double-booking", "Two owners were told that a unit is theirs.")
  /// Two operations each decided over a state that held, and together broke it.
  public static let writeSkew = Self(
    "write-skew", "Two operations each decided over a state that held, and together broke it.")
  /// A record is below its least value.
  public static let negativeBalance = Self(
    "negative-balance", "A record is below its least value.")
  /// A sum that never changes has changed.
  public static let conservation = Self(
    "conservation", "A sum that never changes has changed.")
  /// Two operations returned the same new value: one overwrote the other.
  public static let duplicateValue = Self(
    "duplicate-value", "Two operations returned the same new value: one overwrote the other.")
  /// A read saw values that were never together.
  public static let tornRead = Self(
    "torn-read", "A read saw values that were never together.", .misled)
  /// A read saw a value older than one acknowledged before it began.
  public static let staleRead = Self(
    "stale-read", "A read saw a value older than one acknowledged before it began.", .misled)
  /// Who had changed a record read an older value of it.
  public static let notMyOwnWrite = Self(
    "not-my-own-write", "A session read a value older than one that it had stored itself.", .misled)
  /// Who had read a record read an older value of it.
  public static let nonMonotonicRead = Self(
    "non-monotonic-read", "A session read a value older than one that it had read before.", .misled)
  /// A prepared transaction was left without a decision.
  public static let inDoubtBranch = Self(
    "in-doubt-branch", "A prepared transaction was left without a decision: it keeps its locks for ever.")
  /// More were at work at once than there are permits.
  public static let tooManyHolders = Self(
    "too-many-holders", "More were at work at once than there are permits.")
}

/// The kinds that concern requests with an idempotency key.
extension Violation.Kind {
  /// A request took effect more than once.
  public static let duplicateEffect = Self(
    "duplicate-effect", "An effect of one request was applied more than once.")
  /// A request that was acknowledged, or whose response is stored, has had no effect.
  public static let lostEffect = Self(
    "lost-effect", "A request that was acknowledged, or whose response is stored, has had no effect.")
  /// A request took effect and nobody has recorded its key, so that the next delivery repeats it.
  public static let unrecordedEffect = Self(
    "unrecorded-effect", "A request took effect and its key is not recorded: the next delivery repeats it.")
  /// Two deliveries of one request got different responses.
  public static let differentResponse = Self(
    "different-response", "Two deliveries of one request got different responses.", .misled)
}
