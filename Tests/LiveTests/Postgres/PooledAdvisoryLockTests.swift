import Engine
import Model
import Runtime
import StrategyCatalog
import Testing
import TrialSupport
import Workloads

/// Advisory locks through a pooler that hands connections on from transaction to transaction.
@Suite(.serialized) struct PooledAdvisoryLockTests {
  private func trial(_ workload: WorkloadSettings, scope: String) -> EngineTrial {
    var trial = EngineTrial(
      TrialCase("postgres.pooled-advisory-lock", workload, options: ["scope": .word(scope)]), processes: 2)
    trial.hold = .microseconds(200)
    trial.adjust = {
      $0.load.operations = nil
      $0.load.duration = .milliseconds(800)
      $0.load.drain = .seconds(5)
    }
    return trial
  }

  @Test("a lock of the transaction keeps its promise, with statements that nobody prepared")
  func transaction() throws {
    for workload in WorkloadRegistry.samples where workload.keys > 1 || workload.kind == "counter" {
      let result = try trial(workload, scope: "transaction").run()
      #expect(result.verdict == .pass && result.firstError == nil, "\(workload.sampleName): \(result.checks)")
      #expect(result.total[.committed] > 20 && result.total[.overlaps] == 0, "\(workload.sampleName)")
    }
  }

  @Test("a lock of the session is lost to the next client, and stays behind")
  func session() throws {
    let result = try trial(WorkloadSettings(kind: "counter", keys: 2), scope: "session").run()
    #expect(result.verdict == .violation && result.violations.contains { $0.kind == .lostUpdate }, "\(result.checks)")
    #expect(result.total[.overlaps] > 0 && result.total[.expiredHolds] > 0)
  }
}
