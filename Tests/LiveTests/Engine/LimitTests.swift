import Engine
import Glibc
import Model
import Runtime
import StrategyCatalog
import Testing

extension EngineTests.Faults {
  /// As many workers as there may be, and one that is stuck.
  @Suite(.serialized) struct Limits {
    @Test("a thousand workers in sixteen processes start, are paused and killed, and stop")
    func manyWorkers() throws {
      var scenario = try TestRun.scenario("counter", keys: 64, strategies: ["redis.lua"], workers: 1000) {
        $0.load.processes = 16
        $0.load.duration = .seconds(1)
        $0.load.drain = .seconds(5)
      }
      let descriptor = try #require(StrategyCatalog.entry(id: "redis.lua", over: nil)?.descriptor)
      scenario.strategies[0].options = Options(descriptor.options)
      let result = try FaultTrial.run(
        scenario,
        [
          PlannedFault(PauseWorkers(.process(3)), at: .milliseconds(200), for: .milliseconds(200)),
          PlannedFault(KillWorkers(.process(15), restarts: true), at: .milliseconds(500), for: .milliseconds(50)),
        ])
      FaultTrial.expectCountsAddUp(result)
      #expect(result.verdict == .pass, "\(result.checks)")
      #expect(result.fairness.committed.count == 1000)
      #expect(result.faults.count { $0.injectedSecond != nil } == 2)
      #expect(result.unknownOutcomes.total == result.total[.unknown] && result.unknownOutcomes.unresolved == 0)
    }

    @Test("a worker that is stuck is named, and nobody waits for it for ever")
    func stuckWorker() throws {
      let scenario = try TestRun.scenario("counter", strategies: ["memory.cas"]) {
        $0.load.processes = 2
        $0.load.drain = .milliseconds(100)
      }
      let result = try TestRun.withOwnProgram { program in
        let testbed = try Testbed(scenario, executable: program, interruption: -1)
        defer { #expect(TestRun.workerProcesses(of: program).isEmpty) }
        defer { try? testbed.close() }
        var stopped: pid_t?
        return try testbed.run(try ResolvedTrial(Plan(scenario).trials[0], of: scenario)) { view in
          guard stopped == nil, view.elapsed > 0 else { return }
          stopped = TestRun.workerProcesses(of: program).min()
          if let stopped { kill(stopped, SIGSTOP) }
        }
      }
      let failure = try #require(result.failure)
      #expect(failure.hasPrefix("worker process ") && failure.hasSuffix(" did not end in time"), "\(failure)")
      #expect(!failure.contains(" and "), "\(failure)")
    }
  }
}
