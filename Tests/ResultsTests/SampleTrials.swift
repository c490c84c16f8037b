import Model

@testable import Results

/// A trial with something in every field, for tests.
func sampleTrial(
  strategy: String = "postgres.for-update", workers: Int = 8, repetition: Int = 1, position: Int = 3
) -> TrialResult {
  var trial = TrialResult(
    cell: Cell(strategy: strategy, workers: workers), strategyID: "postgres.for-update", store: "postgres",
    processes: 2,
    threads: 4, repetition: repetition, position: position, seed: .max, grade: .forbidden, expectation: .pass)
  trial.startedAt = 1_772_366_400.25
  trial.measuredSeconds = 2
  trial.tallies = [.warmUp: tally(1000), .measured: tally(4000), .drained: tally(5)]
  for value in UInt64(1)...4000 { trial.latency.record(value * 1000) }
  for value in UInt64(1)...300 { trial.phases.wait.record(value) }
  trial.phases.censored.record(7_000_000)
  trial.samplingInterval = 1
  trial.tries = [3950, 0, 50]
  trial.fairness = Fairness(committed: [600, 400, 500, 500, 500, 500, 500, 500], longestWaitNanoseconds: 9_000_000)
  trial.checks = [
    CheckResult(
      checker: "ledger", examined: 5005,
      violations: [
        Violation(
          kind: .lostUpdate, key: 0, expected: "5005", observed: "5003", count: 2,
          evidence: "5005 increments were acknowledged, \"0\" are unknown")
      ]),
    CheckResult(checker: "unique-returns", examined: 0),
  ]
  trial.crossChecks = [
    CrossCheck(name: "commits", client: 5005, server: 5005, slack: 0),
    CrossCheck(name: "deadlocks", client: 0, server: 1, slack: 0),
  ]
  trial.machine.ownCPUSeconds = 0.5
  trial.machine.serverCPUSeconds = 1.25
  trial.machine.foreignRatio = 0.125
  trial.machine.cpus = [0, 1]
  trial.machine.disturbances = ["foreign CPU 12.5 %", "pressure"]
  trial.timeline = [
    TimelinePoint(
      second: 1, seconds: 1, committed: 2100, failedAttempts: 10, p50Nanoseconds: 900, p99Nanoseconds: 9000),
    TimelinePoint(second: 2, seconds: 1, committed: 1900, failedAttempts: 0, p50Nanoseconds: nil, p99Nanoseconds: nil),
  ]
  trial.unknownOutcomes.unresolved = trial.total[.unknown]
  trial.faults = [
    FaultRecord(fault: 1, kind: "kill-worker", summary: "kill \"one\", or another", requestedSecond: 1.5),
    sampleFault(),
  ]
  trial.turns = [
    Turn(worker: 0, tick: 17, beganSecond: 0.25, endedSecond: 0.5, ending: .done),
    Turn(worker: 3, tick: 18, beganSecond: 0.75, endedSecond: nil, ending: .failed),
    Turn(worker: 1, beganSecond: 1.5, endedSecond: nil, ending: .unknown),
  ]
  trial.firstError = "ERROR: canceling statement,\nplease retry"
  return trial
}

/// A fault with something in every field.
private func sampleFault() -> FaultRecord {
  var fault = FaultRecord(
    fault: 0, kind: "pause-worker", summary: "pause the process of a holder", requestedSecond: 0.5)
  fault.subject = "worker process 1 (workers 4 to 7)"
  fault.injectedSecond = 0.51
  fault.healedSecond = 0.75
  fault.takeoverSeconds = 0.125
  (fault.goodputBefore, fault.goodputDuring, fault.goodputAfter) = (2000, 0, 1900)
  fault.longestStallSeconds = 0.24
  fault.recoverySeconds = 0.01
  fault.overlaps = 3
  (fault.abandonedLocks, fault.abandonedRecord, fault.abandonedSeconds) = (2, 3, 0.75)
  return fault
}

/// Three hosts with something in every field, the last one lost.
func sampleHosts() -> TrialHosts {
  var first = HostRecord(rank: 0, name: "so1", processors: 4, workers: 3)
  (first.offsetNanoseconds, first.boundNanoseconds) = (-1_000_000_000_123, 9_750)
  (first.committed, first.p99Nanoseconds) = (2500, 8_000_000)
  (first.clientRatio, first.busyRatio, first.startDelayNanoseconds) = (0.1 + 0.2, 0.5, 51_000)
  var second = HostRecord(rank: 1, name: "so2, \"the slow one\"", processors: 2, workers: 3)
  (second.offsetNanoseconds, second.boundNanoseconds) = (7, 20_001)
  (second.committed, second.clientRatio, second.busyRatio) = (1500, 0.88, 0.97)
  (second.beatsMissed, second.isDelivered) = (2, true)
  second.disturbances = ["others used 12 % of the CPUs", "pressure"]
  var third = HostRecord(rank: 2, name: "so3", processors: 64, workers: 2)
  third.boundNanoseconds = 3
  (third.beatsMissed, third.isLost) = (15, true)
  var hosts = TrialHosts([first, second, third])
  hosts.startSkewNanoseconds = 40_003
  var holds = HoldsBetweenHosts()
  (holds.compared, holds.overlaps, holds.apart, holds.undecided) = (12_345, 6, 12_000, 7)
  holds.resolutionNanoseconds = 40_002
  hosts.holds = holds
  return hosts
}

private func tally(_ committed: Int64) -> Tally {
  var tally = Tally()
  tally[.started] = committed
  tally[.committed] = committed
  tally[.attempts] = committed + 7
  tally[.conflict] = 7
  tally[.backoffNanoseconds] = 12_345
  return tally
}

/// A run of two trials, for tests.
func sampleDescription(
  scenarioFile file: [UInt8] = Array("name: flash-sale\n".utf8)
) -> ResultsFolder.Description {
  let identity = RunIdentity(startedAt: 1_772_366_400, random: 0xABCD)
  let program = Environment.Program(
    version: "1", swiftVersion: "6.3", configuration: "debug", arguments: ["contend"], seed: 1)
  return ResultsFolder.Description(
    identity: identity, scenario: "flash-sale", scenarioFile: file,
    plan: [
      PlannedTrial(cell: Cell(strategy: "a,b", workers: 8), strategyIndex: 0, repetition: 1, position: 1, seed: 1),
      PlannedTrial(
        cell: Cell(strategy: "memory.none", workers: 8), strategyIndex: 1, repetition: 1, position: 2, seed: 1),
    ],
    environment: EnvironmentProbe.environment(
      of: identity, program: program, scenarioPath: "scenario.yaml", scenarioFile: file))
}
