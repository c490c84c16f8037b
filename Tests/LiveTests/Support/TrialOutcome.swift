import Checking
import Model
import Runtime
import Testing
import Workloads

/// What a short trial showed.
struct TrialOutcome {
  let workload: any Workload
  let workers: Int
  let initial: [Int64]
  let memory: TrialMemory
  let final: [Int64]
  let crossChecks: [CrossCheck]

  static func total(_ memory: TrialMemory) -> Tally {
    Phase.allCases.reduce(into: Tally()) { $0 += memory.tally($1) }
  }

  var total: Tally { Self.total(memory) }

  var checks: [CheckResult] {
    check(
      workload,
      Evidence(
        initial: initial, final: final, ledger: memory.ledger, total: total, duplicates: memory.duplicates,
        tokens: 1...Int64(workers)))
  }

  var verdict: Verdict { checks.map(\.verdict).max() ?? .unknown }
  var kinds: Set<Violation.Kind> { Set(checks.flatMap(\.violations).map(\.kind)) }

  /// The sums that must hold in every trial: every operation has one outcome, every attempt one class.
  func expectCountsAddUp(sourceLocation: SourceLocation = #_sourceLocation) {
    let total = self.total
    #expect(memory.startedOperations == total[.started], sourceLocation: sourceLocation)
    #expect(total.outcomes == total[.started], sourceLocation: sourceLocation)
    #expect(total.openAttempts == 0, sourceLocation: sourceLocation)
  }
}
