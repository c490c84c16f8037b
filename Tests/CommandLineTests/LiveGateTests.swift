import Foundation
import Testing

/// `contend gate` over two arms that it measures itself, with the real program.
@Suite(.serialized) struct LiveGateTests {
  /// The hold is a sleep, so that a busy machine changes the figures little; what must be detected is far above that.
  static let scenario = """
    workload: {kind: counter, hold: 300us}
    load: {workers: 2, duration: 1s, warmup: 5ms}
    strategies: [memory.mutex, memory.none]
    gate:
      blocks: 8
      slices: 1
      slice: 100ms
      foreign-cpu: 1024
      goodput: {tolerance: 50%, must-detect: 200%}
      p99: {blocks-on: nothing}

    """

  @Test func `both arms leave ordinary results and a schedule`() throws {
    try withFolder { folder in
      let file = try folder.scenario(Self.scenario)
      let gate = try CommandLine.run(
        "gate", "--candidate", file, "--out", "g", "--seed", "7", "--html", "h.html", in: folder)
      #expect(gate.status == 0, "\(gate.output)\(gate.errors)")
      #expect(gate.output.hasPrefix("contend gate: PASS (0 regressions, 0 violations"))
      #expect(gate.errors.contains("2 cells, 8 pairs of blocks of 1 slice of 100 ms: about"))
      #expect(gate.errors.contains("block 8 of 8 measured"))
      #expect(folder.content("g") == ["base", "candidate", "gate.json", "verdict.json"])
      // Eight of the mutex, two of the control, and the header.
      for arm in ["base", "candidate"] { #expect(try folder.lines("g/\(arm)/trials.csv").count == 11) }
      let schedule = try folder.lines("g/gate.json").joined()
      #expect(schedule.contains("\"seed\" : 7,") && schedule.contains("\"runs\" : {"))
      let again = try CommandLine.run("gate", "--baseline", "g/base", "--candidate", "g/candidate", in: folder)
      #expect(again.status == 0 && again.output == gate.output, "\(again.output)")
      let report = try CommandLine.run("report", "g/base", "g/candidate", "--out", "r", in: folder)
      #expect(report.status == 0, "\(report.errors)")
      let used = try CommandLine.run("gate", "--candidate", file, "--out", "g", in: folder)
      #expect(used.status == 64 && used.errors.contains("g holds a gate already"))
    }
  }

  @Test func `arms differ by settings, and quiet is quiet`() throws {
    try withFolder { folder in
      let file = try folder.scenario(Self.scenario)
      let gate = try CommandLine.run(
        "gate", "--base", file, "--candidate-set", "workload.hold=3ms", "--set", "load.workers=3", "--quiet", "--out",
        "g", "--junit", "j.xml", in: folder)
      #expect(gate.status == 1, "\(gate.errors)")
      #expect(gate.output.isEmpty && gate.errors.split(separator: "\n").count == 1, "\(gate.errors)")
      #expect(
        gate.errors.hasPrefix("contend: FAIL (") && gate.errors.contains("memory.mutex, 3 workers, goodput: cost"))
      #expect(try folder.lines("j.xml").contains { $0.contains("memory.mutex, 3 workers") })
    }
  }

  @Test func `a program that is no arm gets one sentence`() throws {
    try withFolder { folder in
      let file = try folder.scenario(Self.scenario)
      let absent = try CommandLine.run("gate", "--base", file, "--base-binary", "./nothing", "--quiet", in: folder)
      #expect(absent.status == 64)
      #expect(absent.errors == "contend: --base-binary: cannot start ./nothing: No such file or directory\n")
      let other = try CommandLine.run("gate", "--base", file, "--candidate-binary", "/bin/false", "--quiet", in: folder)
      #expect(other.status == 64)
      #expect(other.errors.contains("/bin/false is no arm of the candidate: it does not know the protocol"))
      #expect(folder.content("results").isEmpty)
    }
  }

  @Test func `bad scenarios and services that are not there end it before it begins`() throws {
    try withFolder { folder in
      let file = try folder.scenario(Self.scenario)
      let bad = try CommandLine.run(
        "gate", "--base", file, "--candidate-set", "gate.speed=1", "--set", "load.workers=0", "--quiet", in: folder)
      #expect(bad.status == 65 && bad.errors.contains("load.workers"), "\(bad.errors)")
      #expect(try CommandLine.run("gate", in: folder).status == 64)
      #expect(try CommandLine.run("gate", "--base", file, "--set", "x", in: folder).status == 64)
      #expect(try CommandLine.run("gate", "--base", file, "--baseline", "g", in: folder).status == 64)
      let remote = try folder.scenario(
        "workload: counter\nstrategies: [redis.lua]\nservices: {redis: \"redis://127.0.0.1:1\"}\n", name: "r.yaml")
      let unreachable = try CommandLine.run("gate", "--base", remote, "--quiet", in: folder)
      #expect(unreachable.status == 69 && unreachable.errors.split(separator: "\n").count == 1, "\(unreachable.errors)")
    }
  }

  @Test func `an arm that dies leaves data missing`() throws {
    try withFolder { folder in
      let file = try folder.scenario(Self.scenario)
      let dying = folder.appendingPathComponent("dying")
      try "#!/bin/sh\n(sleep 1; kill -9 $$) 3<&- 2>&- &\nexec '\(CommandLine.program)' \"$@\"\n".write(
        to: dying, atomically: true, encoding: .utf8)
      try FileManager.default.setAttributes([.posixPermissions: 0o755], ofItemAtPath: dying.path)
      let gate = try CommandLine.run(
        "gate", "--base", file, "--candidate-binary", "./dying", "--set", "gate.blocks=200", "--out", "g", in: folder)
      #expect(gate.status == 4, "\(gate.output)")
      #expect(gate.errors.contains("the candidate (./dying) ended with signal 9"), "\(gate.errors)")
      #expect(gate.output.contains("trials are missing in the candidate"))
    }
  }

  @Test(arguments: [SIGINT, SIGTERM]) func `an interruption keeps the slices and leaves nothing running`(
    signal: Int32
  ) throws {
    try withFolder { folder in
      let file = try folder.scenario(
        "workload: {kind: counter, hold: 300us}\nload: {workers: 2}\nstrategies: [redis.lua]\n"
          + "gate: {blocks: 200, slices: 1, slice: 40ms}\n")
      let process = try CommandLine.start(["gate", "--base", file, "--out", "g"], in: folder)
      let deadline = Date(timeIntervalSinceNow: 60)
      while ((try? folder.lines("g/candidate/trials.csv").count) ?? 0) < 3, Date() < deadline { usleep(20_000) }
      let family = RunTests.descendants(of: process.processIdentifier)
      #expect(family.count >= 4, "two arms, a guard and its server")
      kill(process.processIdentifier, signal)
      let gate = try CommandLine(finishing: process, in: folder)
      #expect(gate.status == 130, "\(gate.errors)")
      #expect(gate.errors.contains("slices are kept in g"))
      #expect(family.filter(RunTests.isAlive).isEmpty)
      let judged = try CommandLine.run("gate", "--baseline", "g/base", "--candidate", "g/candidate", in: folder)
      #expect(judged.status == 4 && judged.output.contains("trials are missing"))
    }
  }

  @Test func `calibrate prints what so many pairs detect`() throws {
    try withFolder { folder in
      let file = try folder.scenario(Self.scenario)
      let table = try CommandLine.run("gate", "calibrate", file, "--quiet", "--out", "t", in: folder)
      #expect(table.status == 0 && table.errors.isEmpty, "\(table.errors)")
      #expect(folder.content("t").contains("gate.json") && folder.content("results").isEmpty)
      let lines = table.output.split(separator: "\n")
      #expect(lines.first?.hasPrefix("cell") == true && lines.first?.hasSuffix("+20 %") == true)
      #expect(lines.contains { $0.hasPrefix("memory.mutex, 2 workers  goodput") })
      #expect(!table.output.contains("memory.none"), "the speed of a control is not compared")
      let json = try CommandLine.run("gate", "calibrate", file, "--quiet", "--json", "--out", "j", in: folder)
      let parsed = try JSONSerialization.jsonObject(with: Data(json.output.utf8)) as? [String: Any]
      let goodput = (parsed?["comparisons"] as? [[String: Any]])?.first { $0["metric"] as? String == "goodput" }
      #expect(goodput?["deviation"] as? Double ?? -1 >= 0)
      let pairs = goodput?["pairs_to_detect"] as? [String: Int] ?? [:]
      #expect(pairs["0.05", default: 0] >= pairs["0.10", default: 99] && pairs["0.20", default: 0] >= 8)
    }
  }
}
