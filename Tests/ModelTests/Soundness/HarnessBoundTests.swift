import Model
import Testing

/// When the figures say more about the harness than about a strategy.
struct HarnessBoundTests {
  private func bounds(
    _ strategy: String = "redis.lua", among others: [TrialResult] = [], _ change: (inout TrialResult) -> Void = { _ in }
  ) -> [HarnessBound] {
    var trial = SampleTrial.passing(strategy)
    if !strategy.hasPrefix("memory.") { trial.conditions.servers = ["redis"] }
    change(&trial)
    let cells = CellSummary.summaries(of: [trial] + others)
    return cells[0].harnessBounds(among: cells)
  }

  private func threads(_ computing: Double, _ ready: Double, processors: Int = 2) -> WorkerThreads {
    WorkerThreads(
      computingRatio: computing, readyRatio: ready, involuntarySwitchesPerSecond: 1_500, processors: processors)
  }

  private func floor(_ store: String, perSecond: Int64, workers: Int = 8) -> TrialResult {
    var trial = SampleTrial.passing("floor.\(store)", workers: workers)
    trial.tallies[.measured]?[.committed] = perSecond * 10
    return trial
  }

  @Test("threads that always have work set the pace, whether they compute or wait for a CPU")
  func neverIdle() {
    let busy = HarnessBound.neverIdle(computing: 0.97, ready: 0.01, switchesPerSecond: 1_500)
    #expect(bounds { $0.machine.threads = threads(0.97, 0.01) } == [busy])
    let starved = HarnessBound.neverIdle(computing: 0.5, ready: 0.46, switchesPerSecond: 1_500)
    #expect(bounds { $0.machine.threads = threads(0.5, 0.46) } == [starved])
    #expect(bounds { $0.machine.threads = threads(0.5, 0.4) } == [])
    // Four threads on two CPUs: each computes half of its time.
    let shared = HarnessBound.neverIdle(computing: 0.5, ready: 0.5, switchesPerSecond: 1_500)
    #expect(
      bounds {
        $0.threads = 4
        $0.machine.threads = threads(1, 0.5)
      } == [shared])
  }

  @Test("within the process, computing is the strategy's work")
  func inProcess() {
    #expect(bounds("memory.spin") { $0.machine.threads = threads(1, 0) } == [])
  }

  @Test("a strategy that is as fast as a null operation is not what was measured")
  func nullOperation() {
    #expect(bounds(among: [floor("redis", perSecond: 1_100)]) == [.nullOperation(share: 1 / 1.1, floor: "floor.redis")])
    #expect(bounds(among: [floor("redis", perSecond: 1_200)]) == [])
    #expect(bounds("memory.cas", among: [floor("memory", perSecond: 2_000)]).count == 1)
    #expect(bounds("memory.cas", among: [floor("memory", perSecond: 2_100)]) == [])
    #expect(bounds(among: [floor("redis", perSecond: 1_000, workers: 1)]) == [], "at another load")
    #expect(bounds(among: [floor("postgres", perSecond: 1_000)]) == [], "over another store")
    var disturbed = floor("redis", perSecond: 1_000)
    disturbed.machine.disturbances = ["others"]
    #expect(bounds(among: [disturbed]) == [])
    #expect(bounds("floor.redis", among: [floor("redis", perSecond: 1_000)]) == [])
  }

  @Test("operations account for the time of their workers")
  func outside() {
    // Eight workers, 10 s, 10,000 operations: 8 ms each fill the time.
    func trial(_ nanoseconds: UInt64, _ change: (inout TrialResult) -> Void = { _ in }) -> [HarnessBound] {
      bounds {
        $0.latency.record(nanoseconds, times: 10_000)
        change(&$0)
      }
    }
    #expect(trial(7_950_000) == [])
    guard case .outsideOperations(let share)? = trial(6_000_000).first else {
      Issue.record("a quarter of the time is nobody's")
      return
    }
    #expect(abs(share - 0.249) < 0.002)
    #expect(trial(6_000_000) { $0.conditions.think = .milliseconds(2) } == [])
    #expect(trial(6_000_000) { $0.conditions.ratePerSecond = 1_000 } == [])
    #expect(trial(6_000_000) { $0.samplingInterval = 64 } == [])
    #expect(trial(6_000_000) { $0.tallies[.measured]?[.refused] = 5_000 } == [], "refused ones were not timed")
  }

  @Test("it is not said of what broke an invariant, was disturbed, or had a fault")
  func exceptions() {
    func busy(_ change: (inout TrialResult) -> Void) -> [HarnessBound] {
      bounds {
        $0.machine.threads = threads(1, 0)
        change(&$0)
      }
    }
    #expect(busy { _ in }.count == 1)
    let lost = Violation(kind: .lostUpdate, key: 0, expected: "9", observed: "8", count: 1, evidence: "")
    #expect(busy { $0.checks = [CheckResult(checker: "c", examined: 9, violations: [lost])] } == [])
    #expect(busy { $0.machine.disturbances = ["others"] } == [])
    #expect(busy { $0.faults = [FaultRecord(fault: 0, kind: "pause-worker", summary: "", requestedSecond: 1)] } == [])
  }
}
