import Engine
import Model
import Runtime
import StrategyCatalog
import Testing
import TrialSupport

/// Clicks that are delivered twice, counted in Redis.
@Suite(.serialized) struct ClickTests {
  private func trial(
    _ strategy: String = "redis.click-dedupe", _ workload: String = "click", ttl: Duration? = nil,
    delay: Duration = .milliseconds(20)
  ) -> EngineTrial {
    var trial = EngineTrial(
      strategy, workload, keys: 4, ["redelivered": .number(0.5), "delay": .duration(delay)], workers: 6, processes: 2,
      operations: 300)
    if let ttl { trial.options = ["ttl": .duration(ttl)] }
    return trial
  }

  @Test(
    "duplicates are ignored while the server remembers", arguments: ["click", "payment"],
    [Duration.zero, .milliseconds(20)])
  func ignored(workload: String, delay: Duration) throws {
    // Trials have requests of the same numbers, and the keys of the first outlive it.
    var trial = trial("redis.click-dedupe", workload, delay: delay)
    trial.adjust = { $0.load.repetitions = 2 }
    let results = try TestRun.run(trial.scenario())
    #expect(results.count == 2)
    for result in results {
      #expect(result.failure == nil && result.verdict == .pass, "\(result.checks)")
      #expect(Set(result.checks.map(\.checker)) == ["ledger", "single-effects", "kept-effects"])
      #expect(result.total[.committed] == 300 && result.total.failedAttempts == 0)
      #expect(result.total[.redeliveries] > 90)
      #expect(result.total[.rejectedDuplicates] == result.total[.redeliveries])
      #expect(result.crossChecks.allSatisfy { $0.client == $0.server } && !result.crossChecks.isEmpty)
    }
  }

  @Test("a key that has expired when the second delivery comes counts it again")
  func expired() throws {
    for (strategy, ttl) in [("redis.click-dedupe-short-ttl", nil), ("redis.click-dedupe", Duration.milliseconds(1))] {
      let result = try trial(strategy, ttl: ttl).run()
      #expect(result.violations.contains { $0.kind == .duplicateEffect }, "\(strategy): \(result.checks)")
      #expect(result.violations.contains { $0.kind == .phantomUpdate }, "\(strategy): \(result.checks)")
      #expect(result.total[.differentResponses] == 0)
    }
    #expect(try trial("redis.click-dedupe-short-ttl", ttl: .seconds(10)).run().verdict == .pass)
  }
}

extension EngineTests {
  /// Clicks that are lost: at most once is what was promised.
  @Suite(.serialized) struct ClickFaults {
    private func scenario(hold: Duration = .zero) throws -> Scenario {
      let options: [String: OptionValue] = ["redelivered": .number(0.3), "delay": .duration(.zero)]
      return try TestRun.scenario("click", keys: 4, options: options, strategies: ["redis.click-dedupe"]) {
        $0.load.processes = 2
        // Another process takes its time to take the place of one that was killed.
        $0.load.duration = .milliseconds(2000)
        $0.load.warmup = .zero
        $0.workload.hold = hold
      }
    }

    @Test("a service that dies between key and count loses clicks, and counts none twice")
    func killed() throws {
      let kills = [100, 1000].map {
        PlannedFault(KillWorkers(.process(1), restarts: true), at: .milliseconds($0), for: .milliseconds(50))
      }
      let result = try FaultTrial.run(scenario(hold: .milliseconds(5)), kills)
      FaultTrial.expectCountsAddUp(result)
      #expect(result.verdict == .pass, "\(result.checks)")
      #expect(result.total[.unknown] > 0 && result.total[.rejectedDuplicates] > 0)
    }

    @Test("a lost answer stays unknown", arguments: ["EXEC", "SET"])
    func lostAnswer(kind: String) throws {
      let cut = CutConnection("redis", at: RequestSelection(.beforeReply, of: kind, .share(0.05)))
      let result = try FaultTrial.run(scenario(), [PlannedFault(cut, at: .milliseconds(100))])
      #expect(result.failure == nil && result.verdict == .pass, "\(result.checks)")
      #expect(result.total[.unknown] > 0)
    }
  }
}
