internal import Checking
package import Model
package import Runtime

/// What a short trial showed.
package struct TrialOutcome {
  package let workload: any Workload
  package let workers: Int
  package let initial: [Int64]
  package let memory: TrialMemory
  package let collected: CollectedEvidence
  package let final: [Int64]
  /// What the server counted.
  package let counts: [String: Int64]
  package let crossChecks: [CrossCheck]

  package var kinds: Set<Violation.Kind> { Set(checks.flatMap(\.violations).map(\.kind)) }
}

extension TrialOutcome: TrialFindings {
  package var total: Tally { collected.total }
  package var firstError: String? { collected.firstError }
  package var startedOperations: Int64 { collected.startedOperations }
  package var verdict: Verdict { checks.map(\.verdict).max() ?? .unknown }

  package var checks: [CheckResult] {
    check(
      workload,
      Evidence(
        initial: initial, final: final, ledger: collected.ledger, total: total,
        duplicates: collected.duplicates(initial: initial, falling: workload.changes.lowerBound < 0),
        tokens: 1...Int64(workers)))
  }
}
