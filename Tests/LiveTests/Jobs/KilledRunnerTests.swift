import Engine
import Model
import Testing

/// The pod that runs a tick dies in the middle.
@Suite(.serialized) struct KilledRunnerTests {
  private func run(_ strategy: String, _ options: [String: OptionValue] = [:]) throws -> TrialResult {
    var trial = JobTrial(period: .milliseconds(400), work: .milliseconds(80), traffic: 0)
      .of(strategy, operations: 0, options)
    trial.adjust = {
      $0.load.operations = nil
      $0.load.duration = .milliseconds(2000)
    }
    let result = try FaultTrial.run(
      trial.scenario(), [PlannedFault(KillWorkers(.holder), at: .milliseconds(300))])
    FaultTrial.expectCountsAddUp(result)
    #expect(result.verdict == .pass, "\(result.checks)")
    #expect(result.events.map(\.kind) == [.ended, .injected])
    // The others go on with the ticks that follow.
    #expect(try JobTrial.ticks(result).examined >= 2)
    return result
  }

  private func missed(_ result: TrialResult) throws -> Int64 {
    try JobTrial.ticks(result).allowed.first { $0.kind == .missedTick }?.count ?? 0
  }

  @Test("its tick is lost where the others have been told that it is taken, and the next one is run")
  func lost() throws {
    #expect(try missed(run("postgres.tick-row", ["claim": .word("before")])) >= 1)
  }

  @Test("what ends with its session is free for the next tick")
  func free() throws {
    // Its own tick may still be run by a pod that had not looked yet.
    #expect(try missed(run("postgres.advisory-lock over postgres.purge", ["try": .flag(true)])) <= 2)
  }

  @Test("its tick is taken over where the others wait for the end of its transaction")
  func takenOver() throws {
    #expect(try missed(run("postgres.tick-row")) == 0)
  }
}
