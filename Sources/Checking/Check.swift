public import Model

/// Decides from the evidence of one trial whether the invariants of its workload held: a conclusion of each checker that
/// the workload names, in its order.
public func check(_ workload: any Workload, _ evidence: Evidence) -> [CheckResult] {
  workload.checkers.compactMap { $0.check(evidence, of: workload) }
}
