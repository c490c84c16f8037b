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
  /// What was found and is no violation, because the promised isolation allows it.
  public let allowed: [AllowedAnomaly]
  /// Makes a conclusion: a violation if there are findings, unknown if nothing was examined, else a pass.
  public init(
    checker: String, examined: Int64, violations: [Violation] = [], unknown remark: String? = nil,
    allowed: [AllowedAnomaly] = []
  ) {
    self.checker = checker
    self.examined = examined
    self.violations = violations
    self.allowed = allowed
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
