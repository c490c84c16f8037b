import Model
import Testing

/// The hosts of a cell over its repetitions.
struct HostSummaryTests {
  private func trial(_ repetition: Int, _ hosts: [HostRecord]) -> TrialResult {
    var trial = SampleTrial.passing("redis.lock")
    trial.repetition = repetition
    trial.measuredSeconds = 10
    trial.hosts = TrialHosts(hosts)
    return trial
  }

  private func host(
    _ rank: Int, _ name: String, committed: Int64? = 100, p99: UInt64? = nil, busy: Double? = nil, bound: Int64? = nil
  ) -> HostRecord {
    var host = HostRecord(rank: rank, name: name, processors: 2, workers: 4)
    (host.committed, host.p99Nanoseconds, host.busyRatio, host.boundNanoseconds) = (committed, p99, busy, bound)
    host.clientRatio = busy
    host.isLost = committed == nil
    return host
  }

  private func hosts(_ trials: [TrialResult]) -> [HostSummary] { CellSummary.summaries(of: trials)[0].hosts }

  @Test("a host is the same in all repetitions, and one that took its place is another")
  func identity() {
    let all = hosts([
      trial(1, [host(1, "b"), host(0, "a")]), trial(2, [host(0, "a"), host(1, "c")]), trial(3, [host(0, "a")]),
    ])
    #expect(all.map(\.name) == ["a", "b", "c"])
    #expect(all.map(\.trialCount) == [3, 1, 1])
    #expect(hosts([SampleTrial.passing("redis.lock")]).isEmpty)
  }

  @Test("what was committed counts where it is known, and a loss is counted")
  func committed() {
    let all = hosts([
      trial(1, [host(0, "a", committed: 1_000, p99: 30, bound: 5)]), trial(2, [host(0, "a", committed: nil)]),
      trial(3, [host(0, "a", committed: 2_000, p99: 10, bound: 7)]),
    ])
    #expect(all[0].committedPerSecond == 150 && all[0].lostCount == 1)
    #expect(all[0].p99Nanoseconds == 10 && all[0].boundNanoseconds == 7)
    #expect(hosts([trial(1, [host(0, "a", committed: nil)])])[0].committedPerSecond == nil)
  }

  @Test("a host is at its limit when half of the trials that count show it")
  func saturation() {
    func isSaturated(_ busy: [Double?], failed: Set<Int> = [], disturbed: Set<Int> = []) -> Bool {
      hosts(
        busy.enumerated().map { index, ratio in
          var trial = trial(index + 1, [host(0, "a", busy: ratio)])
          if failed.contains(index) { trial.failure = "host 1 (b) was lost" }
          if disturbed.contains(index) { trial.machine.disturbances = ["others"] }
          return trial
        })[0].isSaturated
    }
    #expect(isSaturated([0.96, 0.5]))
    #expect(!isSaturated([0.96, 0.5, 0.5]))
    #expect(isSaturated([0.96, nil, nil]))
    #expect(!isSaturated([0.96, 0.5, 0.5], failed: [1]) == false)
    #expect(!isSaturated([0.96, 0.5], failed: [0]))
    #expect(!isSaturated([0.96, 0.5], disturbed: [0]))
    #expect(!isSaturated([nil]))
  }

  @Test("what was seen between hosts is summed, with the coarsest resolution")
  func holds() {
    func compared(_ repetition: Int, _ overlaps: Int64, _ resolution: Int64) -> TrialResult {
      var trial = trial(repetition, [host(0, "a")])
      var holds = HoldsBetweenHosts()
      (holds.compared, holds.overlaps, holds.apart, holds.undecided) = (10, overlaps, 3, 4)
      holds.resolutionNanoseconds = resolution
      trial.hosts?.holds = holds
      return trial
    }
    let sum = CellSummary.summaries(of: [compared(1, 1, 40), compared(2, 2, 30)])[0].holdsBetweenHosts
    #expect(sum?.compared == 20 && sum?.overlaps == 3 && sum?.apart == 6 && sum?.undecided == 8)
    #expect(sum?.resolutionNanoseconds == 40)
    #expect(CellSummary.summaries(of: [trial(1, [host(0, "a")])])[0].holdsBetweenHosts == nil)
  }
}
