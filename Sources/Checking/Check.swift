public import Model

/// Decides from the evidence of one trial whether the invariants of its workload held: one conclusion per invariant, in
/// the order in which the workload lists them.
///
/// Pure: the same evidence gives the same conclusions. An invariant that this trial gave no way to look at (no values
/// were returned to compare) has no conclusion, so that it does not hide what the others found.
public func check(_ workload: any Workload, _ evidence: Evidence) -> [CheckResult] {
  let records = RecordAccounts(workload, evidence)
  return workload.invariants.compactMap { invariant in
    switch invariant {
    case .ledger: checkLedger(records)
    case .conservation: checkConservation(records)
    case .minimum(let bound): checkMinimum(bound, records)
    case .exclusiveOwnership: checkExclusiveOwnership(records)
    case .coveredPairs: checkCoveredPairs(records)
    case .uniqueReturns: checkUniqueReturns(evidence)
    case .consistentReads: checkConsistentReads(evidence)
    case .freshReads: checkFreshReads(evidence)
    }
  }
}
