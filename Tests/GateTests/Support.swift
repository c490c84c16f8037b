import Model
import Results

@testable import Gate

/// Results made by hand: what a trial shows follows from a few numbers.
struct Sample {
  var goodput = 1000.0
  var p99 = 1_000_000.0
  var retries = 0.0
  var gaveUp = 0.0
  var deadlocks = 0.0
  var lost: Int64 = 0
  var foreign = 0.0
  var failure: String?
  var expectation = Expectation.pass
  var unchecked = false

  /// A trial of one second.
  func trial(_ cell: Cell, repetition: Int) -> TrialResult {
    var trial = TrialResult(
      cell: cell, strategyID: cell.strategy, store: "memory", processes: 1, threads: cell.workers,
      repetition: repetition, position: repetition, seed: 1, grade: .forbidden, expectation: expectation)
    trial.measuredSeconds = 1000
    var tally = Tally()
    tally[.committed] = Int64(goodput * 1000)
    tally[.gaveUp] = Int64(gaveUp * Double(tally[.committed]))
    tally[.started] = tally.outcomes
    tally[.attempts] = Int64((1 + retries) * Double(tally.outcomes))
    tally[.deadlock] = Int64(deadlocks * Double(tally.outcomes))
    trial.tallies = [.measured: tally]
    // The smaller layout: tests add up many histograms.
    trial.latency = HistogramSnapshot(.phase, counts: Self.counts(p99: p99))
    trial.fairness = Fairness(committed: [100, 100], longestWaitNanoseconds: 1)
    trial.machine.foreignRatio = foreign
    trial.failure = failure
    let violations =
      lost > 0
      ? [Violation(kind: .lostUpdate, key: 0, expected: "1", observed: "0", count: lost, evidence: "counted")] : []
    trial.checks = [
      CheckResult(
        checker: "ledger", examined: tally[.committed], violations: violations, unknown: unchecked ? "not read" : nil)
    ]
    return trial
  }

  /// 20,000 latencies of which 2 % are at the 99th percentile.
  private static func counts(p99: Double) -> [UInt64] {
    var counts = [UInt64](repeating: 0, count: HistogramLayout.phase.count)
    counts[HistogramLayout.phase.index(of: 1000)] = 19_600
    counts[HistogramLayout.phase.index(of: UInt64(p99))] = 400
    return counts
  }
}

let hot = Cell(strategy: "redis.lock", workers: 8)
let cold = Cell(strategy: "memory.mutex", workers: 1, variant: "keys=16")

/// An arm of a machine that is known, with what `sample` says of each cell and repetition; nil leaves the trial out.
func arm(
  _ name: String, cells: [Cell] = [hot], repetitions: ClosedRange<Int>, _ sample: (Cell, Int) -> Sample?
) -> GateArm {
  var arm = GateArm(path: name)
  arm.runID = "20261121T120000Z-\(name)"
  arm.scenario = "test"
  for cell in cells {
    for repetition in repetitions {
      arm.planned.append(
        PlannedTrial(cell: cell, strategyIndex: 0, repetition: repetition, position: repetition, seed: 1))
      if let sample = sample(cell, repetition) { arm.trials.append(sample.trial(cell, repetition: repetition)) }
    }
  }
  arm.environment = knownEnvironment()
  return arm
}

/// An environment in which nothing depends on the machine of the test.
func knownEnvironment(configuration: String = "release") -> Environment {
  var environment = EnvironmentProbe.environment(
    of: RunIdentity(startedAt: 1_772_366_400, random: 1),
    program: Environment.Program(
      version: "1.0", swiftVersion: "6.3", configuration: configuration, arguments: [], seed: 1),
    scenarioPath: "nowhere/scenario.yaml", scenarioFile: [])
  environment.machine.cpuModel = "Model 1"
  environment.machine.cpuCount = 2
  environment.machine.kernelRelease = "6.18.1"
  environment.machine.isVirtual = true
  environment.machine.cgroupCpuLimit = nil
  environment.scenario.git = nil
  return environment
}

/// A schedule of so many blocks of the first stage, and of the second for some cells.
func schedule(_ cells: [Cell] = [hot], blocks: Int = 10, slices: Int = 1, again: [Cell] = []) -> GateSchedule {
  func block(_ number: Int, _ stage: Int, _ cells: [Cell]) -> GateSchedule.Block {
    GateSchedule.Block(number: number, stage: stage, cells: cells, first: cells.map { _ in .base })
  }
  var all = (1...blocks).map { block($0, 1, cells) }
  if !again.isEmpty { all += (blocks + 1...2 * blocks).map { block($0, 2, again) } }
  return GateSchedule(seed: 1, slicesPerBlock: slices, cells: cells, blocks: all, policy: GatePolicy())
}

/// A small change from repetition to repetition that no test depends on.
func ripple(_ repetition: Int) -> Double { 1 + 0.004 * Double((repetition * 7) % 11 - 5) / 5 }

extension GateVerdict {
  /// The comparison of a metric.
  func comparison(_ metric: GateMetric, _ cell: Cell = hot) -> GateComparison? {
    comparisons.first { $0.metric == metric && $0.cell == cell }
  }
}
