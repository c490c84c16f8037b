import Foundation
import Model
import Testing

@testable import Results

@Suite struct StoredRunTests {
  @Test("what was written is read back, field by field")
  func roundTrip() throws {
    let root = try TemporaryFolder()
    let written = [richTrial(), sampleTrial(strategy: "a ,~%b\u{e9}\"", repetition: 2, position: 1), failedTrial()]
    let description = sampleDescription()
    try write(written, description, to: root)
    let run = try StoredRun(reading: root.path + "/run")
    #expect(run.path == root.path + "/run")
    #expect(run.id == "20260301T120000Z-00abcd")
    #expect(run.scenario == "flash-sale")
    #expect(run.scenarioText == "name: flash-sale\n")
    #expect(run.environment == description.environment)
    #expect(run.planned == description.plan)
    #expect(run.missing == [description.plan[1]])
    #expect(run.trials.count == 3)
    for (trial, original) in zip(run.trials, written) {
      var original = original
      // Files keep one line per record.
      original.firstError = original.firstError?.replacingOccurrences(of: "\n", with: " ")
      expectEqual(trial, original)
    }
  }

  @Test("a run without a trial yet is read: everything is missing")
  func nothingFinished() throws {
    let root = try TemporaryFolder()
    try write([], sampleDescription(), to: root)
    let run = try StoredRun(reading: root.path + "/run")
    #expect(run.trials.isEmpty)
    #expect(run.missing == sampleDescription().plan)
    #expect(run.id == "20260301T120000Z-00abcd")
    #expect(run.scenario == "scenario")
  }

  @Test("results of the first version, without what was added later, are read with defaults")
  func firstVersion() throws {
    let root = try TemporaryFolder()
    try write([richTrial()], sampleDescription(), to: root)
    let added = [
      "variant", "workload", "keys", "distribution", "theta", "hold_ns", "think_ns", "rate_per_s",
      "strategy_index", "measurement", "used_up_after_s", "distances_ns", "arrivals",
    ]
    for name in ["trials", "timeline", "checks", "violations", "cross_checks", "distributions", "plan"] {
      try removeColumns(
        added + (name == "violations" ? ["checker"] : []) + (name == "plan" ? ["seed"] : []),
        of: root.path + "/run/\(name).csv")
    }
    for name in ["counts", "faults", "stages", "turns"] {
      try FileManager.default.removeItem(atPath: root.path + "/run/\(name).csv")
    }
    let run = try StoredRun(reading: root.path + "/run")
    let trial = try #require(run.trials.first)
    var expected = richTrial()
    expected.cell.variant = ""
    expected.measurement = 1
    expected.faults = []
    expected.turns = []
    expected.stageNames = []
    expected.phases.stages = PhaseLatencies().stages
    expected.usedUpAfterSeconds = nil
    expected.conditions = TrialConditions()
    #expect(trial.measured == expected.measured)
    #expect(trial.censoredCount == expected.censoredCount)
    for counter in Counter.conserved { #expect(trial.total[counter] == expected.total[counter], "\(counter)") }
    expected.tallies = trial.tallies
    expected.firstError = trial.firstError
    expectEqual(trial, expected)
    #expect(run.planned.map(\.position) == [1, 2])
    #expect(run.planned.allSatisfy { $0.seed == 0 && $0.strategyIndex == 0 })
  }

  @Test("latencies above 64 s, which earlier versions counted apart, keep their rank")
  func latenciesAboveTheFormerLimit() throws {
    let root = try TemporaryFolder()
    try write([sampleTrial()], sampleDescription(), to: root)
    let records = try CSVRecords(StoredFile(root.path + "/run/trials.csv")).records
    var row = records[1].fields
    row[try #require(records[0].fields.firstIndex(of: overflowColumnName))] = "6000"
    let lines = [records[0].fields, row].map { $0.map(CSV.field).joined(separator: ",") + "\n" }
    try root.write(lines.joined(), to: "run/trials.csv")
    let trial = try #require(try StoredRun(reading: root.path + "/run").trials.first)
    #expect(trial.latency.total == 10_000)
    #expect(try #require(trial.latency.value(atQuantile: 0.39)) < 5_000_000)
    #expect(try #require(trial.latency.value(atQuantile: 0.5)) >= 64_000_000_000)
  }

  @Test("columns and files that a later version adds are passed over, and so are line ends of spreadsheets")
  func laterVersion() throws {
    let root = try TemporaryFolder()
    try write([sampleTrial()], sampleDescription(), to: root)
    let lines = try root.text("run/trials.csv").split(separator: "\n")
    try root.write("\u{FEFF}new,\(lines[0])\r\n\"x,\n\"\"y\"\"\",\(lines[1])\r\n\r\n", to: "run/trials.csv")
    try root.write("anything", to: "run/later.bin")
    let trial = try #require(try StoredRun(reading: root.path + "/run").trials.first)
    #expect(trial.measured == sampleTrial().measured)
  }

  @Test("an environment of another version keeps what it has")
  func environment() throws {
    let root = try TemporaryFolder()
    try write([sampleTrial()], sampleDescription(), to: root)
    try root.write(
      #"{"machine": {"cpu_model": "m"}, "services": {"redis": {"version": "7"}}, "x": 1}"#, to: "run/environment.json")
    let environment = try #require(try StoredRun(reading: root.path + "/run").environment)
    #expect(environment.machine.cpuModel == "m" && environment.machine.cpuCount == 0)
    #expect(environment.services["redis"]?.version == "7")
    #expect(environment.contend.arguments.isEmpty && environment.startedAt == "")
    try FileManager.default.removeItem(atPath: root.path + "/run/environment.json")
    #expect(try StoredRun(reading: root.path + "/run").environment == nil)
  }

  @Test("details of a trial that was not finished do not matter")
  func unfinishedTrial() throws {
    let root = try TemporaryFolder()
    try write([sampleTrial(repetition: 1), sampleTrial(repetition: 2)], sampleDescription(), to: root)
    let lines = try root.text("run/trials.csv").split(separator: "\n")
    try root.write(lines.prefix(2).joined(separator: "\n") + "\n", to: "run/trials.csv")
    let trials = try StoredRun(reading: root.path + "/run").trials
    #expect(trials.count == 1)
    expectEqual(trials[0].timeline, sampleTrial().timeline)
  }

  @Test("moments are read as they are written, and nothing else is one")
  func moments() {
    for seconds in [0, 0.001, 951_782_400, 1_772_366_400.25, 1_772_366_400.999] {
      #expect(Timestamp.seconds(rfc3339: Timestamp.rfc3339(seconds)) == seconds)
    }
    for text in ["", "2026-03-01", "2026-02-30T12:00:00.250Z", "2026-03-01T25:00:00.250Z", "2026-03-01 12:00:00.250Z"] {
      #expect(Timestamp.seconds(rfc3339: text) == nil, "\(text)")
    }
  }
}

/// Writes a run into the folder `run` below a folder.
func write(_ trials: [TrialResult], _ description: ResultsFolder.Description, to root: TemporaryFolder) throws {
  let folder = try ResultsFolder(.exactly(root.path + "/run"), description)
  for trial in trials { try folder.append(trial) }
}

/// The sample with what it leaves out: a variant, an open loop over skewed keys, a second checker with findings.
private func richTrial() -> TrialResult {
  var trial = sampleTrial()
  trial.cell.variant = "keys=16, hold=1ms"
  trial.measurement = 2
  trial.usedUpAfterSeconds = 1.5
  trial.conditions = TrialConditions(
    WorkloadSettings(
      kind: "transfer", keys: 16, distribution: .zipfian(theta: 0.99), hold: .milliseconds(1), think: .nanoseconds(7)),
    LoadSettings())
  trial.conditions.ratePerSecond = 1234.5
  trial.conditions.arrivals = .bursts(of: 7)
  trial.conditions.distances = ["postgres": Distance(roundTrip: .microseconds(500), jitter: .nanoseconds(7))]
  trial.tallies[.warmUp]?[.overlaps] = 3
  trial.tallies[.drained]?[.unknown] = 2
  trial.machine.stealRatio = 0.01
  trial.machine.pressureRatio = 0.1 + 0.2
  trial.tries = [3950, 0, 50, 0]
  let findings = (1...2).map {
    Violation(kind: .tornRead, key: nil, expected: "1;2", observed: "\($0)", count: Int64($0), evidence: "e,\"\($0)\"")
  }
  trial.checks.append(CheckResult(checker: "reads", examined: 9, violations: findings, unknown: "seen, but how often?"))
  trial.checks.append(
    CheckResult(
      checker: "list-append", examined: 90,
      violations: [
        Violation(
          kind: .intermediateRead, key: 7, expected: "all", observed: "1", count: 1, evidence: "T1 is process 0")
      ], allowed: [AllowedAnomaly(.gSingle, count: 12), AllowedAnomaly(.g2Item, count: 3)]))
  for phase in [\PhaseLatencies.hold, \.commit, \.backoff] { trial.phases[keyPath: phase].record(123_456) }
  trial.stageNames = ["prepare", "decide, and tell"]
  trial.phases.stages[1].record(98_765)
  return trial
}

/// A trial that never ran.
private func failedTrial() -> TrialResult {
  var trial = TrialResult(
    cell: Cell(strategy: "memory.none", workers: 1), strategyID: "memory.none", store: "memory", processes: 1,
    threads: 1, repetition: 1, position: 7, seed: 0, grade: .required, expectation: .violation)
  trial.failure = "worker process 2 exited, \"status 9\""
  return trial
}

/// Compares every field that a value has, whoever adds one.
private func expectEqual<Value>(_ value: Value, _ expected: Value) {
  for (field, other) in zip(Mirror(reflecting: value).children, Mirror(reflecting: expected).children) {
    if let tallies = field.value as? [Phase: Tally] {
      #expect(tallies == other.value as? [Phase: Tally])
    } else {
      #expect("\(field.value)" == "\(other.value)", "\(field.label ?? "")")
    }
  }
}

private func removeColumns(_ names: [String], of path: String) throws {
  let records = try CSVRecords(StoredFile(path)).records
  let kept = records[0].fields.indices.filter { !names.contains(records[0].fields[$0]) }
  let text = records.map { record in
    kept.map { CSV.field(record.fields[$0]) }.joined(separator: ",") + "\n"
  }.joined()
  try text.write(toFile: path, atomically: false, encoding: .utf8)
}
