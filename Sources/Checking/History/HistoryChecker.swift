public import Model

/// Decides from a history whether one kind of object behaved as it should.
///
/// Sound: what may have happened is given every chance to explain what was seen, and what failed is given none, so that a
/// violation is one. Pure: the same history gives the same conclusion.
public protocol HistoryChecker: Sendable {
  /// Name on the command line and in output: `exclusive-lock`.
  var name: String { get }
  /// What it judges, in one sentence.
  var summary: String { get }
  /// The conclusion: unknown when the history has nothing that it could judge.
  func check(_ history: History) -> HistoryJudgement
}

/// What a checker concludes of a history.
public struct HistoryJudgement: Sendable, Equatable {
  /// Verdict and findings.
  public var result: CheckResult
  /// What was found and is allowed, in sentences.
  public var notes: [String]

  /// Makes a judgement.
  public init(_ result: CheckResult, notes: [String] = []) {
    self.result = result
    self.notes = notes
  }

  /// A conclusion from findings. What passes in a history that lacks operations is unknown.
  ///
  /// - Parameters:
  ///   - examined: operations that were judged.
  ///   - unknown: why the checker could not tell, apart from missing operations.
  init(
    _ checker: String, examined: Int, _ findings: Findings, of history: History, unknown remark: String? = nil,
    notes: [String] = [], allowed: [AllowedAnomaly] = []
  ) {
    let violations = findings.violations
    var reason = remark
    if reason == nil && violations.isEmpty && examined == 0 {
      reason = "no operation took effect, so nothing was examined"
    }
    if reason == nil && violations.isEmpty && history.dropped != 0 {
      let missing = history.dropped.map { "operations are missing in it: \($0)" } ?? "its recording was cut short"
      reason = "nothing wrong was found in the history, but \(missing)"
    }
    self.init(
      CheckResult(
        checker: checker, examined: Int64(examined), violations: violations, unknown: reason, allowed: allowed),
      notes: notes)
  }
}

/// What checkers of histories find. Each name is that of the literature where it has one.
extension Violation.Kind {
  /// Two hold one exclusive lock at once.
  public static let overlappingHolds = Self(
    "overlapping-holds", "Two held one exclusive lock at once.", .misled)
  /// A release that nobody's hold explains.
  public static let strayRelease = Self(
    "stray-release", "A lock was given back that its releaser did not hold.", .misled)
  /// An order by value contradicts the order in time.
  public static let realTimeOrder = Self(
    "real-time-order", "An operation took effect as if it came before one that had ended when it began.", .misled)
  /// No order of the operations explains what they returned.
  public static let notLinearizable = Self(
    "not-linearizable", "No order of the operations that agrees with time explains what they returned.")
}
