import Model

@testable import Results

/// Runs made up for the tests: every number is fixed.
enum SampleRuns {
  /// A control that loses updates and two correct strategies, one of them disturbed once.
  static var small: StoredRun {
    var trials: [TrialResult] = []
    for (index, strategy) in ["memory.none", "postgres.for-update", "postgres.optimistic"].enumerated() {
      for repetition in 1...3 {
        var trial = trial(strategy, index: index, workers: 8, repetition: repetition, position: trials.count + 1)
        if strategy == "postgres.optimistic", repetition == 2 {
          trial.machine.foreignRatio = 0.34
          trial.machine.disturbances = ["others used 34 % of the CPUs"]
        }
        trials.append(trial)
      }
    }
    return run(trials, scenario: "small")
  }

  /// Two settings and workers: each of three strategies is first somewhere; at one load point two are as fast, at one the
  /// fastest is wrong, and at one every strategy is.
  static var sweep: StoredRun {
    var trials: [TrialResult] = []
    for (variant, hold) in ["0us", "1ms"].enumerated() {
      for keys in [16, 1] {
        for workers in [8, 1] {
          for (index, strategy) in ["postgres.for-update", "postgres.optimistic", "redis.lock"].enumerated() {
            for repetition in 1...3 {
              let isTie = hold == "0us" && keys == 16 && workers == 1
              let order = isTie ? [2, 2, 0][index] : (index + variant + workers) % 3
              var trial = trial(
                strategy, index: order, workers: workers, repetition: isTie && index == 1 ? 4 - repetition : repetition,
                position: trials.count + 1, variant: "keys=\(keys), hold=\(hold)")
              trial.repetition = repetition
              trial.conditions.keys = keys
              trial.conditions.hold = variant == 0 ? .zero : .milliseconds(1)
              if hold == "1ms", keys == 1, workers == 8 || order == 2 {
                let lost = Violation(
                  kind: .lostUpdate, key: 0, expected: "9", observed: "8", count: 1, evidence: "1 of 9")
                trial.checks = [CheckResult(checker: "conservation", examined: 9, violations: [lost])]
              }
              trials.append(trial)
            }
          }
        }
      }
    }
    return run(trials, scenario: "sweep")
  }

  /// Two strategies whose workers take turns, and one of them is killed.
  static var turns: StoredRun {
    let trials = ["postgres.for-update", "postgres.optimistic"].enumerated().map { index, strategy in
      var trial = trial(strategy, index: index, workers: 2, repetition: 1, position: index + 1)
      trial.turns = [
        Turn(worker: 0, tick: 1, beganSecond: 0.1, endedSecond: 0.6, ending: .done),
        Turn(worker: 1, tick: 1, beganSecond: 0.2, endedSecond: 0.6, ending: .done),
        Turn(worker: 0, tick: 2, beganSecond: 1, endedSecond: nil, ending: .unknown),
      ]
      var fault = FaultRecord(
        fault: 0, kind: "kill-worker", summary: "kill the process of a holder", requestedSecond: 1)
      fault.injectedSecond = 1.1
      trial.faults = [fault]
      return trial
    }
    return run(trials, scenario: "turns")
  }

  /// Two strategies whose workers ran on four hosts: of one, a host was lost in the second repetition, another one had nothing
  /// left to give, and critical sections of different hosts overlapped.
  static var hosts: StoredRun {
    var trials: [TrialResult] = []
    for (index, strategy) in ["postgres.for-update", "redis.lock"].enumerated() {
      for repetition in 1...3 {
        var trial = trial(strategy, index: index, workers: 64, repetition: repetition, position: trials.count + 1)
        var hosts = TrialHosts((0..<4).map { host(rank: $0, committed: trial.measured[.committed] / 4, index: index) })
        hosts.startSkewNanoseconds = 52_000
        var holds = HoldsBetweenHosts()
        (holds.compared, holds.overlaps, holds.undecided) = (4_000, Int64(index * 2), 1)
        holds.resolutionNanoseconds = 40_000
        hosts.holds = holds
        if index == 1, repetition == 2 {
          (hosts.hosts[2].committed, hosts.hosts[2].p99Nanoseconds, hosts.hosts[2].busyRatio) = (nil, nil, nil)
          (hosts.hosts[2].clientRatio, hosts.hosts[2].beatsMissed, hosts.hosts[2].isLost) = (nil, 15, true)
          trial.failure = "host 2 (so3) was lost"
        }
        trial.hosts = hosts
        trials.append(trial)
      }
    }
    return run(trials, scenario: "hosts")
  }

  private static func host(rank: Int, committed: Int64, index: Int) -> HostRecord {
    var host = HostRecord(rank: rank, name: "so\(rank + 1)", processors: 4, workers: 16)
    host.boundNanoseconds = 9_000 + Int64(rank) * 500
    host.committed = committed - Int64(rank * 100 * index)
    host.p99Nanoseconds = 2_000_000 + UInt64(rank) * 100_000
    host.clientRatio = index == 1 && rank == 3 ? 0.88 : 0.4
    host.busyRatio = index == 1 && rank == 3 ? 0.97 : 0.45
    return host
  }

  /// Strategies by variants by workers by three repetitions.
  static func large(strategies: Int, variants: Int, workers: [Int]) -> StoredRun {
    var trials: [TrialResult] = []
    for variant in 0..<variants {
      for count in workers {
        for strategy in 0..<strategies {
          for repetition in 1...3 {
            trials.append(
              trial(
                "strategy-\(strategy)", index: strategy, workers: count, repetition: repetition,
                position: trials.count + 1, variant: "keys=\(1 << variant), hold=\(variant)ms"))
          }
        }
      }
    }
    return run(trials, scenario: "large")
  }

  /// A trial of four seconds, faster with a higher index; `memory.none` loses updates.
  static func trial(
    _ strategy: String, index: Int, workers: Int, repetition: Int, position: Int, variant: String = ""
  ) -> TrialResult {
    let isControl = strategy.hasSuffix("none")
    var trial = TrialResult(
      cell: Cell(strategy: strategy, workers: workers, variant: variant), strategyID: strategy, store: "postgres",
      processes: 1, threads: workers, repetition: repetition, position: position, seed: 7,
      grade: isControl ? .required : .forbidden, expectation: isControl ? .violation : .pass)
    trial.conditions.workload = "counter"
    trial.measuredSeconds = 4
    let committed = Int64(4000 * (index + 1) + 40 * repetition + 400 * workers)
    var tally = Tally()
    tally[.started] = committed + 30
    tally[.committed] = committed
    tally[.refused] = 20
    tally[.gaveUp] = 10
    tally[.attempts] = committed + 30 + Int64(index) * 500
    tally[.conflict] = Int64(index) * 500
    tally[.deadlock] = Int64(index == 1 ? 3 : 0)
    trial.tallies = [.measured: tally]
    let mean = UInt64(workers) * 4_000_000_000 / UInt64(committed)
    for step in 0..<UInt64(committed) { trial.latency.record(mean / 2 + mean * step / UInt64(committed)) }
    for step in 0..<UInt64(1000) {
      trial.phases.wait.record(mean / 2 + step)
      trial.phases.hold.record(mean / 8 + step)
      trial.phases.commit.record(mean / 4 + step)
    }
    trial.tries = index == 0 ? [committed] : [committed - 500, 300, 150, 50]
    trial.fairness = Fairness(
      committed: (0..<workers).map { committed / Int64(workers) + Int64($0 * 10) }, longestWaitNanoseconds: mean * 4)
    let lost = Violation(
      kind: .lostUpdate, key: 0, expected: "\(committed)", observed: "\(committed - 900)", count: 900,
      evidence: "\(committed) acknowledged increments")
    trial.checks = [CheckResult(checker: "conservation", examined: committed, violations: isControl ? [lost] : [])]
    trial.timeline = (-1...4).filter { $0 != 0 }.map { second in
      TimelinePoint(
        second: Double(second), seconds: 1, committed: committed / 4 + Int64(second * 10), failedAttempts: 0,
        p50Nanoseconds: mean, p99Nanoseconds: mean * 2)
    }
    return trial
  }

  /// A run of trials, all of which were planned.
  static func run(_ trials: [TrialResult], scenario: String) -> StoredRun {
    var labels: [String] = []
    for trial in trials where !labels.contains(trial.cell.strategy) { labels.append(trial.cell.strategy) }
    return StoredRun(
      path: "results/\(scenario)", id: "20260301T120000Z-00abcd", scenario: scenario,
      scenarioText: "# Which one is it?\nname: \(scenario)\nsweep:\n  workload.keys: [1, 2]\n  workload.hold: [1ms]\n",
      environment: environment(scenario),
      planned: trials.map { trial in
        PlannedTrial(
          cell: trial.cell, strategyIndex: labels.firstIndex(of: trial.cell.strategy) ?? 0,
          repetition: trial.repetition, position: trial.position, seed: trial.seed)
      }, trials: trials)
  }

  /// A machine that is not this one.
  static func environment(_ scenario: String) -> Environment {
    var machine = Machine(root: "/nonexistent")
    machine.cpuModel = "Model 1"
    machine.cpuCount = 4
    machine.isVirtual = false
    machine.memoryBytes = 17_179_869_184
    machine.glibcVersion = nil
    return Environment(
      runId: "20260301T120000Z-00abcd", startedAt: "2026-03-01T12:00:00.000Z",
      contend: Environment.Program(
        version: "0.1.0", swiftVersion: "6.3", configuration: "release",
        arguments: ["/usr/bin/contend", "run", "scenarios/\(scenario).yaml", "--out", "x"], seed: 1),
      scenario: Environment.ScenarioSource(path: "scenarios/\(scenario).yaml", sha256: "00ff", git: nil),
      machine: machine, loadAtStart: MachineLoad(root: "/nonexistent"),
      services: ["postgres": .init(version: "15.18", location: "managed", settings: ["fsync": "on"])])
  }
}
