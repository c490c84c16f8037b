import Foundation
import Model
import Testing

@testable import Results

/// `contend gate` over stored results with the real program: every planted fault gives exactly its exit code.
@Suite struct GateTests {
  static let scenario = "workload: counter\nstrategies: [mutex, cas]\nload: {repetitions: 10}\n"
  static let cells = [Cell(strategy: "memory.mutex", workers: 8), Cell(strategy: "memory.cas", workers: 8)]

  /// Writes a results folder in which each cell commits so many operations per second, repetition by repetition.
  static func run(
    _ name: String, in folder: URL, cells: [Cell] = cells, scenario: String = scenario, model: String = "Model 1",
    seed: UInt64, lost: Int64 = 0, goodput: (Double) -> Double
  ) throws {
    let identity = RunIdentity(startedAt: 1_772_366_400, random: UInt32(seed))
    let program = Environment.Program(
      version: "1.0", swiftVersion: "6.3", configuration: "release", arguments: ["contend"], seed: 1)
    var environment = EnvironmentProbe.environment(
      of: identity, program: program, scenarioPath: "scenario.yaml", scenarioFile: Array(scenario.utf8))
    environment.machine.cpuModel = model
    environment.machine.kernelRelease = "6.18.1"
    let plan = cells.flatMap { cell in (1...10).map { (cell, $0) } }.enumerated().map { position, trial in
      PlannedTrial(
        cell: trial.0, strategyIndex: 0, repetition: trial.1, position: position + 1, seed: seed)
    }
    let results = try ResultsFolder(
      .exactly(folder.appendingPathComponent(name).path),
      ResultsFolder.Description(
        identity: identity, scenario: "test", scenarioFile: Array(scenario.utf8), plan: plan, environment: environment))
    var random = RandomSource(seed: seed)
    for planned in plan {
      var trial = TrialResult(
        cell: planned.cell, strategyID: planned.cell.strategy, store: "memory", processes: 1, threads: 8,
        repetition: planned.repetition, position: planned.position, seed: seed, grade: .forbidden, expectation: .pass)
      trial.startedAt = 1_772_366_400 + Double(planned.position)
      trial.measuredSeconds = 1
      var tally = Tally()
      tally[.committed] = Int64(goodput(random.fraction() - 0.5))
      tally[.started] = tally[.committed]
      tally[.attempts] = tally[.committed]
      trial.tallies = [.measured: tally]
      trial.fairness = Fairness(committed: [1, 1], longestWaitNanoseconds: 1)
      let violations =
        lost > 0 && planned.position == 5
        ? [Violation(kind: .lostUpdate, key: 0, expected: "9", observed: "8", count: lost, evidence: "counted")] : []
      trial.checks = [CheckResult(checker: "ledger", examined: tally[.committed], violations: violations)]
      try results.append(trial)
    }
  }

  /// A quiet run of 100,000 operations per second.
  static func quiet(_ noise: Double) -> Double { 100_000 * (1 + 0.02 * noise) }

  /// A base and a candidate, and the exit code of the gate between them.
  static func gate(_ folder: URL, _ further: String...) throws -> CommandLine {
    let process = try CommandLine.start(
      ["gate", "--baseline", "base", "--candidate", "candidate"] + further, in: folder)
    return try CommandLine(finishing: process, in: folder)
  }

  @Test func `equal runs exit 0 and every output is written`() throws {
    try withFolder { folder in
      try Self.run("base", in: folder, seed: 1, goodput: Self.quiet)
      try Self.run("candidate", in: folder, seed: 2, goodput: Self.quiet)
      let gate = try Self.gate(
        folder, "--verdict", "v.json", "--summary", "s.md", "--junit", "j.xml", "--openmetrics", "m.txt", "--html",
        "h.html", "--annotations", "github")
      #expect(gate.status == 0, "\(gate.output)\(gate.errors)")
      #expect(gate.output.hasPrefix("contend gate: PASS (0 regressions, 0 violations, 0 inconclusive"))
      let verdict =
        try JSONSerialization.jsonObject(
          with: Data(contentsOf: folder.appendingPathComponent("v.json"))) as? [String: Any]
      #expect(verdict?["passed"] as? Bool == true && verdict?["exit_code"] as? Int == 0)
      #expect(Set(folder.content()).isSuperset(of: ["s.md", "j.xml", "m.txt", "h.html"]))
    }
  }

  @Test func `a doubled cost exits 1, and with the arms swapped 0`() throws {
    try withFolder { folder in
      try Self.run("base", in: folder, seed: 1, goodput: Self.quiet)
      try Self.run("candidate", in: folder, seed: 2) { Self.quiet($0) / 2 }
      let gate = try Self.gate(folder)
      #expect(gate.status == 1 && gate.output.contains("REGRESSED"), "\(gate.output)")
      let swapped = try CommandLine.run("gate", "--baseline", "candidate", "--candidate", "base", in: folder)
      #expect(swapped.status == 0 && swapped.output.contains("improved"), "\(swapped.output)")
    }
  }

  @Test func `a lost update exits 2, however fast it is`() throws {
    try withFolder { folder in
      try Self.run("base", in: folder, seed: 1, goodput: Self.quiet)
      try Self.run("candidate", in: folder, seed: 2, lost: 1) { Self.quiet($0) * 3 }
      #expect(try Self.gate(folder).status == 2)
      try Self.run("wrong", in: folder, seed: 3, lost: 1) { Self.quiet($0) / 3 }
      let swapped = try CommandLine.run("gate", "--baseline", "wrong", "--candidate", "base", in: folder)
      #expect(swapped.status == 0 && swapped.output.contains("the base broke an invariant"), "\(swapped.output)")
    }
  }

  @Test func `ten times the noise exits 3, and 0 with a warning`() throws {
    try withFolder { folder in
      try Self.run("base", in: folder, seed: 1) { 100_000 * (1 + $0) }
      try Self.run("candidate", in: folder, seed: 2) { 100_000 * (1 + $0) }
      let gate = try Self.gate(folder)
      #expect(gate.status == 3 && gate.output.contains("needs n of about"), "\(gate.output)")
      let warned = try Self.gate(folder, "--on-inconclusive", "warn")
      #expect(warned.status == 0 && warned.output.hasPrefix("contend gate: WARN"))
    }
  }

  @Test func `a deleted cell exits 4, in the results and in the plan`() throws {
    try withFolder { folder in
      try Self.run("base", in: folder, seed: 1, goodput: Self.quiet)
      try Self.run("candidate", in: folder, seed: 2, goodput: Self.quiet)
      let table = folder.appendingPathComponent("candidate/trials.csv")
      let kept = try folder.lines("candidate/trials.csv").filter { !$0.contains("memory.cas") }
      try (kept.joined(separator: "\n") + "\n").write(to: table, atomically: true, encoding: .utf8)
      let gate = try Self.gate(folder)
      #expect(gate.status == 4 && gate.output.contains("10 of 10 trials are missing"), "\(gate.output)")
      try Self.run("without", in: folder, cells: [Self.cells[0]], seed: 2, goodput: Self.quiet)
      let removed = try CommandLine.run("gate", "--baseline", "base", "--candidate", "without", in: folder)
      #expect(removed.status == 4 && removed.output.contains("cell-removed"), "\(removed.output)")
    }
  }

  @Test(arguments: [0.5, 0.9, 0.0]) func `a truncated table exits 4 wherever it is cut`(share: Double) throws {
    try withFolder { folder in
      try Self.run("base", in: folder, seed: 1, goodput: Self.quiet)
      try Self.run("candidate", in: folder, seed: 2, goodput: Self.quiet)
      let table = folder.appendingPathComponent("candidate/trials.csv")
      let bytes = try Data(contentsOf: table)
      try bytes.prefix(Int(Double(bytes.count) * share)).write(to: table)
      #expect(try Self.gate(folder).status == 4)
    }
  }

  @Test func `another machine exits 4 unless that is allowed, and is then advice`() throws {
    try withFolder { folder in
      try Self.run("base", in: folder, seed: 1, goodput: Self.quiet)
      try Self.run("candidate", in: folder, model: "Model 2", seed: 2) { Self.quiet($0) / 2 }
      let gate = try Self.gate(folder)
      #expect(gate.status == 4 && gate.output.contains("CPU: Model 1 in the base, Model 2"), "\(gate.output)")
      let allowed = try Self.gate(folder, "--allow-cross-machine")
      #expect(allowed.status == 0 && allowed.output.contains("worse (advice)"), "\(allowed.output)")
    }
  }

  @Test func `no such folder exits 4, wrong usage 64`() throws {
    try withFolder { folder in
      try Self.run("base", in: folder, seed: 1, goodput: Self.quiet)
      #expect(try Self.gate(folder).status == 4)
      #expect(try CommandLine.run("gate", "--baseline", "base", in: folder).status == 64)
      #expect(try CommandLine.run("gate", "--nonsense", in: folder).status == 64)
    }
  }

  @Test func `waivers hold until their last day and for cells that exist`() throws {
    try withFolder { folder in
      try Self.run("base", in: folder, seed: 1, goodput: Self.quiet)
      try Self.run("candidate", in: folder, cells: Self.cells, seed: 2) { Self.quiet($0) / 2 }
      func policy(_ cell: String, _ expires: String) throws -> String {
        let waivers = ["memory.mutex, 8 workers", cell].map {
          "\n    - {cell: \"\($0)\", metric: goodput, max-ratio: 2.5, reason: agreed, expires: \(expires)}"
        }
        return try folder.scenario(Self.scenario + "gate:\n  waivers:" + waivers.joined() + "\n", name: "p.yaml")
      }
      let good = try Self.gate(folder, "--policy", policy("memory.cas, 8 workers", "9999-12-31"))
      #expect(
        good.status == 0 && good.output.contains("waived until 9999-12-31: agreed"), "\(good.output)\(good.errors)")
      let expired = try Self.gate(folder, "--policy", policy("memory.cas, 8 workers", "2020-01-01"))
      #expect(expired.status == 64 && expired.errors.contains("expired on 2020-01-01"))
      let unknown = try Self.gate(folder, "--policy", policy("memory.cas, 9 workers", "9999-12-31"))
      #expect(unknown.status == 64 && unknown.errors.contains("names no cell"))
    }
  }
}
