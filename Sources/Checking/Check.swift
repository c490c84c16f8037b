public import Model

/// Decides from the evidence of one trial whether the invariants of its workload held: a conclusion of each checker that
/// the workload names, in its order, then of those of its strategy.
///
/// Where a host was lost, each conclusion is what its checker can still tell (``Model/LostHostRule``).
///
/// - Parameter own: checkers of what the strategy has left in its stores.
public func check(
  _ workload: any Workload, _ evidence: Evidence, besides own: [any Checker] = []
) -> [CheckResult] {
  (workload.checkers + own).compactMap { checker in
    let result = checker.check(evidence, of: workload)
    guard let loss = evidence.lossInWords else { return result }
    return result?.limited(to: checker.whenHostsAreLost, loss)
  }
}

extension CheckResult {
  /// What is left of a conclusion from evidence in which hosts are missing.
  ///
  /// - Parameter loss: which ones, in a sentence.
  fileprivate func limited(to rule: LostHostRule, _ loss: String) -> CheckResult {
    let isDecided = rule == .decides && verdict != .unknown
    let findings = rule == .abstains ? [] : violations
    let doubt = findings.count < violations.count ? ", and it may explain what was found" : ""
    return CheckResult(
      checker: checker, examined: examined, violations: findings,
      unknown: isDecided ? remark : [remark, loss + doubt].compactMap(\.self).joined(separator: "; "),
      allowed: allowed)
  }
}
