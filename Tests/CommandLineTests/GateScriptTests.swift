import Foundation
import Testing

/// `scripts/ci/gate` end to end in a repository of its own: every planted fault gives exactly its exit code.
@Suite(.serialized) struct GateScriptTests {
  /// A scenario whose figures follow from a sleep; what must be detected is far above the noise of a busy machine.
  static func scenario(hold: String = "300us", strategies: String = "[memory.mutex, memory.rwlock]") -> String {
    """
    workload: {kind: counter, hold: \(hold)}
    load: {workers: 2, duration: 1s, warmup: 5ms}
    strategies: \(strategies)
    gate:
      blocks: 8
      slices: 1
      slice: 100ms
      foreign-cpu: 1024
      goodput: {tolerance: 50%, must-detect: 200%}
      p99: {blocks-on: nothing}

    """
  }

  /// A repository with the base on its branch main, and a branch with the candidate checked out; each a text and the
  /// name of its file.
  private static func repository(
    in folder: URL, base: String?, candidate: String,
    names: (base: String, candidate: String) = ("hot.yaml", "hot.yaml")
  ) throws {
    func git(_ arguments: String...) throws {
      let identity = ["-c", "user.name=test", "-c", "user.email=test@example.org", "-c", "commit.gpgsign=false"]
      try #require(run("/usr/bin/env", ["git"] + identity + arguments, in: folder).status == 0)
    }
    func commit(_ text: String?, _ name: String) throws {
      if let text { _ = try folder.scenario(text, name: name) }
      try git("add", "--all")
      try git("commit", "--quiet", "--allow-empty", "--message", "change")
    }
    try git("init", "--quiet", "--initial-branch", "main")
    try ".*\ngate-results/\n".write(
      to: folder.appendingPathComponent(".gitignore"), atomically: true, encoding: .utf8)
    try commit(base, names.base)
    try git("checkout", "--quiet", "-b", "branch")
    if names.base != names.candidate, base != nil {
      try FileManager.default.removeItem(at: folder.appendingPathComponent(names.base))
    }
    try commit(candidate, names.candidate)
  }

  private static func run(_ program: String, _ arguments: [String], in folder: URL) throws -> CommandLine {
    let process = try CommandLine.start(
      arguments, in: folder, environment: ["CONTEND": CommandLine.program, "GATE_BASE": "main", "GITHUB_ACTIONS": ""],
      program: program)
    return try CommandLine(finishing: process, in: folder)
  }

  private static func gate(_ folder: URL, _ name: String = "hot.yaml") throws -> CommandLine {
    try run(CommandLine.root.appendingPathComponent("scripts/ci/gate").path, [name], in: folder)
  }

  private static func stored(_ folder: URL) throws -> CommandLine {
    let results = "gate-results/results"
    return try CommandLine.run(
      "gate", "--baseline", "\(results)/base", "--candidate", "\(results)/candidate", in: folder)
  }

  /// A strategy that protects nothing under the name of one that does.
  static let unprotected = "[{id: memory.none, label: memory.mutex}, memory.rwlock]"
  static let expectation = "expect: {memory.mutex: pass}\n"

  static let faults: [(name: String, base: String?, candidate: String, status: Int32, says: String)] = [
    ("a planted regression", scenario(), scenario(hold: "3ms"), 1, "REGRESSED"),
    ("the arms swapped", scenario(hold: "3ms"), scenario(), 0, "improved"),
    ("a planted lost update", scenario(), scenario(strategies: unprotected) + expectation, 2, "lost-update"),
    ("correctness no longer expected", scenario(), scenario(strategies: unprotected), 4, "expects correct results"),
    ("a deleted cell", scenario(), scenario(strategies: "[memory.mutex]"), 4, "cell-removed"),
    ("a new scenario that is slow", nil, scenario(hold: "3ms"), 0, "2 new: speed unchecked"),
    ("a new scenario that is wrong", nil, scenario(strategies: unprotected) + expectation, 2, "lost-update"),
    ("an unknown metric", scenario(), scenario() + "  latency: {tolerance: 5%}\n", 65, "latency"),
  ]

  @Test(arguments: faults.indices) func `every fault has its exit code`(index: Int) throws {
    let fault = Self.faults[index]
    try withFolder { folder in
      try Self.repository(in: folder, base: fault.base, candidate: fault.candidate)
      let gate = try Self.gate(folder)
      #expect(gate.status == fault.status, "\(fault.name): \(gate.output)\(gate.errors)")
      #expect((gate.output + gate.errors).contains(fault.says), "\(fault.name): \(gate.output)")
      let trees = try Self.run("/usr/bin/env", ["git", "worktree", "list"], in: folder)
      #expect(trees.output.split(separator: "\n").count == 1, "no tree of the base is left")
    }
  }

  /// What was compared: short slices, because the figures do not matter.
  private static func checkArms(_ folder: URL, _ name: String) throws -> CommandLine {
    let gate = try Self.gate(folder, name)
    for (arm, hold) in [("base", "300us"), ("candidate", "301us")] {
      let text = try folder.lines("gate-results/results/\(arm)/scenario.yaml").joined()
      #expect(text.contains("hold: \(hold)"), "\(arm) of \(name)")
    }
    #expect(!gate.errors.contains(" is new"), "\(gate.errors)")
    return gate
  }

  private static let short = scenario().replacing("slice: 100ms", with: "slice: 10ms")

  @Test(arguments: ["büro.yaml", "日本 \"x\"\\.yaml", "a\tb\nc.yaml", "[h]ot*?.yaml"])
  func `any name of a file is compared with its base`(name: String) throws {
    try withFolder { folder in
      try Self.repository(
        in: folder, base: Self.short, candidate: Self.short.replacing("300us", with: "301us"), names: (name, name))
      _ = try Self.checkArms(folder, name)
    }
  }

  @Test(arguments: ["cold.yaml", "büro/große schlange.yaml"]) func `a renamed scenario is compared with what it was`(
    name: String
  ) throws {
    try withFolder { folder in
      try FileManager.default.createDirectory(
        at: folder.appendingPathComponent("büro"), withIntermediateDirectories: true)
      try Self.repository(
        in: folder, base: Self.short, candidate: Self.short.replacing("300us", with: "301us"),
        names: ("hot.yaml", name))
      let gate = try Self.checkArms(folder, name)
      #expect(gate.errors.contains("\(name) was hot.yaml before: the two are compared"), "\(gate.errors)")
    }
  }

  @Test func `that a new scenario is unchecked for speed is said in every output`() throws {
    try withFolder { folder in
      try Self.repository(in: folder, base: nil, candidate: Self.scenario())
      let summary = folder.appendingPathComponent("summary.md")
      let process = try CommandLine.start(
        ["hot.yaml"], in: folder,
        environment: [
          "CONTEND": CommandLine.program, "GATE_BASE": "main", "GITHUB_ACTIONS": "true",
          "GITHUB_STEP_SUMMARY": summary.path,
        ], program: CommandLine.root.appendingPathComponent("scripts/ci/gate").path)
      let gate = try CommandLine(finishing: process, in: folder)
      #expect(gate.status == 0, "\(gate.output)\(gate.errors)")
      let sentence = "the scenario is new: its results are checked, its speed is compared with nothing"
      let texts = try ["gate.html", "gate.xml", "verdict.json", "results/verdict.json"].map {
        ($0, try folder.lines("gate-results/\($0)").joined(separator: "\n"))
      }
      let all = try texts + [("terminal", gate.output), ("summary", String(contentsOf: summary, encoding: .utf8))]
      for (name, text) in all {
        let onOneLine = text.split(whereSeparator: \.isWhitespace).joined(separator: " ")
        #expect(onOneLine.contains(sentence), "\(name): \(text)")
        #expect(!onOneLine.contains("\"verdict\" : \"pass\""), "\(name)")
      }
      #expect(gate.output.contains("::warning title=contend gate%3A scenario-added::"), "\(gate.output)")
      #expect(gate.output.contains(", 0 pass, 2 new: speed unchecked)"))
      #expect(all[1].1.contains("<skipped message=\"\(sentence)\"/>"))
      #expect(try folder.lines("gate-results/metrics.txt").contains("contend_gate_unchecked_cells 2"))
      let stored = try Self.stored(folder)
      #expect(stored.status == 0 && stored.output.contains("2 new: speed unchecked"), "\(stored.output)")
    }
  }

  @Test func `an equal pair passes, and its results are tampered with in vain`() throws {
    try withFolder { folder in
      try Self.repository(in: folder, base: Self.scenario(), candidate: Self.scenario() + "# a comment\n")
      let gate = try Self.gate(folder)
      #expect(gate.status == 0, "\(gate.output)\(gate.errors)")
      let reports = ["gate.html", "gate.xml", "metrics.txt", "results", "verdict.json"]
      #expect(folder.content("gate-results") == reports)

      let results = folder.appendingPathComponent("gate-results/results")
      let table = results.appendingPathComponent("candidate/trials.csv")
      let intact = try Data(contentsOf: table)
      try intact.prefix(intact.count * 2 / 3).write(to: table)
      #expect(try Self.stored(folder).status == 4, "a truncated file")

      try Self.louder(intact).write(to: table, atomically: true, encoding: .utf8)
      let loud = try Self.stored(folder)
      #expect(loud.status == 3 && loud.output.contains("inconclusive"), "ten times the noise: \(loud.output)")

      try intact.write(to: table)
      #expect(try Self.stored(folder).status == 0)
      let files = FileManager.default
      let (base, candidate) = (results.appendingPathComponent("base"), results.appendingPathComponent("candidate"))
      let aside = results.appendingPathComponent("aside")
      for (from, to) in [(base, aside), (candidate, base), (aside, candidate)] { try files.moveItem(at: from, to: to) }
      let exchanged = try Self.stored(folder)
      #expect(
        exchanged.status == 4 && exchanged.output.contains("but the base of this gate was"), "\(exchanged.output)")
    }
  }

  /// Trials in which every other window is four times as long as it was, and the others a quarter: noise that no growth
  /// explains.
  private static func louder(_ table: Data) throws -> String {
    let lines = String(decoding: table, as: UTF8.self).split(separator: "\n").map {
      $0.split(separator: ",", omittingEmptySubsequences: false).map(String.init)
    }
    let head = try #require(lines.first)
    let repetition = try #require(head.firstIndex(of: "repetition"))
    let seconds = try #require(head.firstIndex(of: "measured_s"))
    let louder = try lines.dropFirst().map { line in
      var line = line
      let isLong = try #require(Int(line[repetition])).isMultiple(of: 2)
      line[seconds] = "\(try #require(Double(line[seconds])) * (isLong ? 4 : 0.25))"
      return line
    }
    return ([head] + louder).map { $0.joined(separator: ",") }.joined(separator: "\n") + "\n"
  }
}
