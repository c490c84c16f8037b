import Engine
import Model
import Testing
import TrialSupport

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

  /// Runs one trial for each fault, on the same servers, and expects that its counts add up. On a busy machine a trial may
  /// be over before anything has come of it: then it is run again.
  static func each(_ faults: [FaultSettings], of scenario: Scenario) throws -> [TrialResult] {
    let testbed = try Testbed(scenario, executable: TestRun.contend, interruption: -1)
    defer { try? testbed.close() }
    var scenario = scenario
    return try faults.map { fault in
      scenario.faults = [fault]
      #expect(FaultRegistry.problems(in: scenario).isEmpty)
      let trial = try ResolvedTrial(Plan(scenario).trials[0], of: scenario)
      let result = try repeated(until: { $0.verdict != .unknown && $0.total[.committed] > 0 }) {
        try testbed.run(trial, onProgress: { _ in })
      }
      expectCountsAddUp(result)
      return result
    }
  }

  /// A process dies at a point soon after the beginning.
  static func kill(at point: String, then: String) -> FaultSettings {
    FaultSettings(
      kind: "kill-at-point", start: .duration(.milliseconds(50)), length: .duration(.milliseconds(50)),
      options: Options(KillAtPoint.descriptor.options, stated: ["point": .word(point), "then": .word(then)]))
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
