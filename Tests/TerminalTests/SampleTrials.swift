import Model

/// Trials made up for the tests of the tables.
enum SampleTrials {
  /// A trial of ten seconds, with latencies spread evenly up to twice the mean.
  static func trial(
    _ strategy: String, workers: Int = 8, variant: String = "", repetition: Int = 1, position: Int = 1,
    committed: Int64 = 10_000,
    examined: Int64 = 10_000, lost: Int64 = 0, expectation: Model.Expectation = .pass
  ) -> TrialResult {
    var result = TrialResult(
      cell: Cell(strategy: strategy, workers: workers, variant: variant), strategyID: strategy, store: "memory",
      processes: 1,
      threads: workers, repetition: repetition, position: position, seed: 1, grade: .forbidden,
      expectation: expectation)
    result.measuredSeconds = 10
    var tally = Tally()
    tally[.started] = committed
    tally[.committed] = committed
    tally[.attempts] = committed
    result.tallies[.measured] = tally
    let mean = committed > 0 ? UInt64(workers) * 10_000_000_000 / UInt64(committed) : 0
    for step in 0..<UInt64(committed) { result.latency.record(mean * 2 * step / UInt64(committed) + 1) }
    let findings = Violation(
      kind: .lostUpdate, key: 0, expected: "10000", observed: "9000", count: lost, evidence: "the final value")
    result.checks = [CheckResult(checker: "conservation", examined: examined, violations: lost > 0 ? [findings] : [])]
    return result
  }

  /// Adds to counters of the measured window.
  static func adding(_ counts: [Counter: Int64], to trial: TrialResult, phase: Phase = .measured) -> TrialResult {
    var trial = trial
    var tally = trial.tallies[phase] ?? Tally()
    for (counter, count) in counts { tally[counter] += count }
    trial.tallies[phase] = tally
    return trial
  }

  /// A run with everything in it: passing, violating, unknown, disturbed, failed and censored, and long labels.
  static var everything: [TrialResult] {
    var disturbed = trial("postgres.for-update", committed: 40_000, examined: 40_000)
    disturbed.machine.foreignRatio = 0.34
    disturbed.machine.disturbances = ["others used 34 % of the CPUs"]
    var died = trial("redis.lock with a fencing token and a short lease", repetition: 2, committed: 0)
    died.failure = "worker process 4711 was killed by signal 9"
    var open = trial("postgres.optimistic", committed: 900, examined: 0)
    open.checks = [CheckResult(checker: "conservation", examined: 0, unknown: "the final state could not be read")]
    var compared = trial("postgres.advisory-lock", committed: 20_000, examined: 20_000)
    compared.crossChecks = [
      CrossCheck(name: "commits", client: 20_000, server: 19_990, slack: 2),
      CrossCheck(name: "deadlocks", client: 0, server: 0, slack: 0),
    ]
    return [
      trial("memory.none", committed: 90_000, lost: 1_234, expectation: .violation),
      adding([.started: 8, .overlaps: 3], to: disturbed, phase: .drained),
      adding([.deadlock: 12, .attempts: 6_000, .gaveUp: 7], to: compared),
      trial("redis.lock with a fencing token and a short lease", committed: 5_000), died, open,
      trial("redis.get-then-set", committed: 60_000, lost: 9, expectation: .pass),
      trial("memory.harmless-control", committed: 30_000, examined: 30_000, expectation: .violation),
    ]
  }
}
