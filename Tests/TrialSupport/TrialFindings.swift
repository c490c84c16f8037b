package import Model
package import Testing

/// What a trial showed, whether it ran in the test process or through the engine.
package protocol TrialFindings {
  /// Counts of all phases.
  var total: Tally { get }
  /// Operations that the workers say they have begun, counted apart from ``total``.
  var startedOperations: Int64 { get }
  var checks: [CheckResult] { get }
  var verdict: Verdict { get }
  var crossChecks: [CrossCheck] { get }
  /// The first failure that was not planned, in words.
  var firstError: String? { get }
}

extension TrialResult: TrialFindings {
  package var startedOperations: Int64 { total[.started] }
}

extension TrialFindings {
  /// The sums that must hold in every trial: every operation has one outcome, every attempt one class; and no attempt
  /// failed in a way that nobody planned.
  package func expectCountsAddUp(hasErrors: Bool? = false, sourceLocation: SourceLocation = #_sourceLocation) {
    #expect(startedOperations == total[.started], sourceLocation: sourceLocation)
    #expect(total.outcomes == total[.started], sourceLocation: sourceLocation)
    #expect(total.openAttempts == 0, sourceLocation: sourceLocation)
    if let hasErrors {
      #expect((firstError != nil) == hasErrors, "\(firstError ?? "")", sourceLocation: sourceLocation)
    }
  }

  /// What a strategy that protects must show: all operations ran and counted, several succeeded, nobody gave up,
  /// lost a lock or met another one inside, and no checker found anything.
  package func expectProtection(started: Int, sourceLocation: SourceLocation = #_sourceLocation) {
    expectCountsAddUp(sourceLocation: sourceLocation)
    #expect(verdict == .pass, "\(checks)", sourceLocation: sourceLocation)
    #expect(total[.started] == Int64(started), sourceLocation: sourceLocation)
    #expect(total[.committed] > 2, sourceLocation: sourceLocation)
    for counter in [Counter.gaveUp, .overlaps, .expiredHolds] {
      #expect(total[counter] == 0, "\(counter)", sourceLocation: sourceLocation)
    }
  }

  /// Whether a checker found something, and workers met: what a strategy without protection shows sooner or later.
  package var showsViolation: Bool { verdict == .violation && total[.overlaps] > 0 }

  /// What a strategy without protection must show: counts that add up, workers that met, and a checker that saw it.
  package func expectViolation(sourceLocation: SourceLocation = #_sourceLocation) {
    expectCountsAddUp(sourceLocation: sourceLocation)
    #expect(verdict == .violation, "\(checks)", sourceLocation: sourceLocation)
    #expect(total[.overlaps] > 0, sourceLocation: sourceLocation)
  }

  /// The server counted what we counted. The names must be there: an empty list would agree with everything.
  package func expectServerAgrees(sourceLocation: SourceLocation = #_sourceLocation) {
    let names = crossChecks.map(\.name)
    #expect(names == ["commands"] || names == ["commits", "deadlocks", "rollbacks"], sourceLocation: sourceLocation)
    for crossCheck in crossChecks { #expect(crossCheck.agrees, "\(crossCheck)", sourceLocation: sourceLocation) }
    for crossCheck in crossChecks where crossCheck.name == "commands" {
      #expect(crossCheck.client == crossCheck.server, "\(crossCheck)", sourceLocation: sourceLocation)
      #expect(crossCheck.server > 0, sourceLocation: sourceLocation)
    }
  }
}
