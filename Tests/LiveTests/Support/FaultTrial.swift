import Engine
import Model
import Testing

/// One trial of the engine with planned faults, on a private server and in processes of its own.
enum FaultTrial {
  /// Runs the first trial of a scenario, and expects that no process of it stays.
  static func run(
    _ scenario: Scenario, _ faults: [PlannedFault], onProgress: @escaping (LiveView) -> Void = { _ in }
  ) throws -> TrialResult {
    try TestRun.withOwnProgram { program in
      let testbed = try Testbed(scenario, executable: program, interruption: -1)
      defer { #expect(TestRun.workerProcesses(of: program).isEmpty) }
      defer { try? testbed.close() }
      var trial = try ResolvedTrial(Plan(scenario).trials[0], of: scenario)
      trial.faults = faults
      return try testbed.run(trial, onProgress: onProgress)
    }
  }

  /// Every operation has one outcome and every attempt one end, and the server counted what the client did.
  static func expectCountsAddUp(_ result: TrialResult, sourceLocation: SourceLocation = #_sourceLocation) {
    #expect(result.failure == nil, sourceLocation: sourceLocation)
    #expect(result.total.openOperations == 0, sourceLocation: sourceLocation)
    #expect(result.total.openAttempts == 0, sourceLocation: sourceLocation)
    let agrees = result.crossChecks.allSatisfy(\.agrees)
    #expect(agrees, "\(result.crossChecks)", sourceLocation: sourceLocation)
    #expect(
      result.fairness.committed.reduce(0, +) == result.measured[.committed], sourceLocation: sourceLocation)
  }
}
