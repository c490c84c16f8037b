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
  let collected: CollectedEvidence
  let final: [Int64]
  /// What the server counted.
  let counts: [String: Int64]
  let crossChecks: [CrossCheck]

  static func total(_ memory: TrialMemory) -> Tally {
    Phase.allCases.reduce(into: Tally()) { $0 += memory.tally($1) }
  }

  var total: Tally { collected.total }

  var checks: [CheckResult] {
    check(
      workload,
      Evidence(
        initial: initial, final: final, ledger: collected.ledger, total: total,
        duplicates: collected.duplicates(initial: initial, falling: workload.changes.lowerBound < 0),
        tokens: 1...Int64(workers)))
  }

  var verdict: Verdict { checks.map(\.verdict).max() ?? .unknown }
  var kinds: Set<Violation.Kind> { Set(checks.flatMap(\.violations).map(\.kind)) }

  /// The sums that must hold in every trial: every operation has one outcome, every attempt one class; and no attempt
  /// failed in a way that nobody planned.
  func expectCountsAddUp(hasErrors: Bool? = false, sourceLocation: SourceLocation = #_sourceLocation) {
    let total = self.total
    #expect(collected.startedOperations == total[.started], sourceLocation: sourceLocation)
    #expect(total.outcomes == total[.started], sourceLocation: sourceLocation)
    #expect(total.openAttempts == 0, sourceLocation: sourceLocation)
    if let hasErrors {
      #expect(
        (collected.firstError != nil) == hasErrors, "\(collected.firstError ?? "")", sourceLocation: sourceLocation)
    }
  }

  /// What a strategy that protects must show: all operations ran and counted, more than a few succeeded, nobody gave up,
  /// lost a lock or met another one inside, and no checker found anything.
  func expectProtection(started: Int64, committed: Int64, sourceLocation: SourceLocation = #_sourceLocation) {
    expectCountsAddUp(sourceLocation: sourceLocation)
    #expect(verdict == .pass, "\(checks)", sourceLocation: sourceLocation)
    #expect(total[.started] == started, sourceLocation: sourceLocation)
    #expect(total[.committed] > committed, sourceLocation: sourceLocation)
    for counter in [Counter.gaveUp, .overlaps, .expiredHolds] {
      #expect(total[counter] == 0, "\(counter)", sourceLocation: sourceLocation)
    }
  }

  /// The server counted what we counted. The names must be there: an empty list would agree with everything.
  func expectServerAgrees(sourceLocation: SourceLocation = #_sourceLocation) {
    let names = crossChecks.map(\.name)
    #expect(names == ["commands"] || names == ["commits", "deadlocks", "rollbacks"], sourceLocation: sourceLocation)
    for crossCheck in crossChecks { #expect(crossCheck.agrees, "\(crossCheck)", sourceLocation: sourceLocation) }
    for crossCheck in crossChecks where crossCheck.name == "commands" {
      #expect(crossCheck.client == crossCheck.server, "\(crossCheck)", sourceLocation: sourceLocation)
      #expect(crossCheck.server > 0, sourceLocation: sourceLocation)
    }
  }
}
