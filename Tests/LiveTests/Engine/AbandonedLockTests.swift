import Engine
import Model
import Runtime
import StrategyCatalog
import Testing

extension EngineTests.Faults {
  /// A lock whose holder was killed, which nobody alive holds and nobody gets.
  @Suite(.serialized) struct AbandonedLocks {
    private func fault(_ strategy: String) throws -> FaultRecord {
      var scenario = try TestRun.scenario("counter", strategies: [strategy]) {
        $0.load.processes = 2
        $0.load.duration = .milliseconds(1500)
        $0.load.drain = .milliseconds(500)
        $0.workload.hold = .milliseconds(5)
        $0.retry.deadline = .milliseconds(300)
      }
      let descriptor = try #require(StrategyCatalog.entry(id: strategy, over: nil)?.descriptor)
      scenario.strategies[0].options = Options(descriptor.options)
      let result = try FaultTrial.run(scenario, [PlannedFault(KillWorkers(.holder), at: .milliseconds(200))])
      FaultTrial.expectCountsAddUp(result)
      #expect(result.verdict == .pass, "\(result.checks)")
      let outcomes = result.unknownOutcomes
      #expect(outcomes.total == result.total[.unknown] && outcomes.unresolved == 0)
      return try #require(result.faults.first)
    }

    @Test("a permit of a semaphore is lost with whoever had it")
    func lost() throws {
      let record = try fault("host.semaphore")
      #expect(record.abandonedLocks == 1 && record.abandonedRecord == 0)
      #expect((0.5..<1.5).contains(try #require(record.abandonedSeconds)))
    }

    @Test(
      "a robust mutex, and a lock that ends with its process, go on to the next one",
      arguments: [
        "host.robust-mutex", "host.flock",
      ])
    func inherited(strategy: String) throws {
      let record = try fault(strategy)
      #expect(record.abandonedLocks == 0 && record.abandonedRecord == nil && record.abandonedSeconds == nil)
    }
  }
}
