public import Model

/// What a gate concludes; the raw value is the exit code.
public enum GateConclusion: Int32, Sendable, Codable, CaseIterable, Comparable {
  /// Every comparison that can fail the gate passed.
  case passed = 0
  /// A regression is confirmed.
  case regressed = 1
  /// Wrong results, a crash, or a control that did not fire.
  case violated = 2
  /// A regression of the size that must be detected is neither shown nor excluded.
  case inconclusive = 3
  /// Data are missing, or the two must not be compared.
  case incomparable = 4

  /// In one word.
  public var word: String {
    switch self {
    case .passed: "PASS"
    case .regressed: "FAIL"
    case .violated: "FAIL"
    case .inconclusive: "INCONCLUSIVE"
    case .incomparable: "INCOMPARABLE"
    }
  }

  /// What wins when several apply: correctness, then missing data, then speed, then doubt.
  public static func < (left: GateConclusion, right: GateConclusion) -> Bool { left.rank < right.rank }

  private var rank: Int {
    switch self {
    case .passed: 0
    case .inconclusive: 1
    case .regressed: 2
    case .incomparable: 3
    case .violated: 4
    }
  }
}

/// Something that decides before any speed is looked at, or is worth knowing.
public struct GateFinding: Sendable, Equatable, Codable {
  /// What was found.
  public enum Kind: String, Sendable, Codable, CaseIterable {
    /// The candidate broke an invariant where none may be broken.
    case violation
    /// A planted control broke nothing in the candidate: the checkers are blind.
    case controlDidNotFire = "control-did-not-fire"
    /// A trial of the candidate failed as a whole.
    case crash
    /// No operation ended in the candidate.
    case zeroOperations = "zero-operations"
    /// Trials that were meant to run have no result, or an arm has none at all.
    case missing
    /// The candidate no longer has a cell of the base.
    case cellRemoved = "cell-removed"
    /// Stored results are damaged.
    case unreadable
    /// The two must not be compared.
    case incomparable
    /// It cannot be told whether results are correct.
    case unchecked
    /// Only the base broke an invariant.
    case baseViolation = "base-violation"
    /// The candidate has a cell that the base does not have.
    case cellAdded = "cell-added"
    /// The whole scenario is new: there is no base.
    case scenarioAdded = "scenario-added"
    /// A missing cell is waived.
    case waived
    /// Something else to know.
    case note
  }
  /// What was found.
  public let kind: Kind
  /// The cell; nil when it concerns all.
  public let cell: Cell?
  /// One sentence.
  public let message: String

  /// Makes a finding.
  public init(_ kind: Kind, _ cell: Cell? = nil, _ message: String) {
    self.kind = kind
    self.cell = cell
    self.message = message
  }

  /// What follows for the gate.
  public var conclusion: GateConclusion {
    switch kind {
    case .violation, .controlDidNotFire, .crash, .zeroOperations: .violated
    case .missing, .cellRemoved, .unreadable, .incomparable: .incomparable
    case .unchecked: .inconclusive
    case .baseViolation, .cellAdded, .scenarioAdded, .waived, .note: .passed
    }
  }

  /// Whether it says that a speed was compared with nothing, which is no reason to fail and none to think that it passed.
  var isUnchecked: Bool { kind == .cellAdded || kind == .scenarioAdded }
}
