import Foundation
import Testing

/// An exit code other than 0 always has its sentence on standard error, and 0 with `--quiet` has nothing.
@Suite(.serialized) struct ExitSentenceTests {
  /// No operation ends within the window, so nothing can be examined.
  static let open = """
    workload: {kind: counter, hold: 3s}
    load: {workers: 2, duration: 50ms, warmup: 0s, repetitions: 1, drain: 20ms}
    strategies: [memory.mutex]
    """

  private static func fails(
    _ arguments: [String], in folder: URL, _ status: Int32, _ parts: String..., line: Int = #line
  ) throws {
    let program = try CommandLine(finishing: CommandLine.start(arguments, in: folder), in: folder)
    let location = SourceLocation(fileID: #fileID, filePath: #filePath, line: line, column: 1)
    #expect(program.status == status, "\(arguments): \(program.output)\(program.errors)", sourceLocation: location)
    let last = program.errors.split(separator: "\n").last.map(String.init) ?? ""
    #expect(last.count > "contend: ".count, "\(arguments) says nothing", sourceLocation: location)
    for part in parts { #expect(last.contains(part), "\(arguments): \(program.errors)", sourceLocation: location) }
    if arguments.contains("--quiet") {
      let lines = program.errors.split(separator: "\n").count
      #expect(lines == 1 && program.output.isEmpty, "\(arguments): \(program.errors)", sourceLocation: location)
    }
  }

  @Test func `run: a missed expectation, an open verdict, a failed trial`() throws {
    try withFolder { folder in
      let missed = try folder.scenario(RunTests.quick + "\nexpect: {memory.mutex: violation}\n", name: "missed.yaml")
      for options in [["--quiet"], ["--json"], []] {
        try Self.fails(
          ["run", missed] + options, in: folder, 2,
          "contend: memory.mutex, 4 workers: a violation was expected and none was found; this concerns 1 of 2 cells")
      }
      let broken = try folder.scenario(RunTests.quick + "\nexpect: {memory.none: pass}\n", name: "broken.yaml")
      try Self.fails(
        ["run", broken, "--quiet"], in: folder, 2, "contend: memory.none, 4 workers: no violation was expected, ",
        " found; this concerns 1 of 2 cells")
      let open = try folder.scenario(Self.open)
      try Self.fails(
        ["run", open, "--quiet"], in: folder, 3, "contend: memory.mutex, 2 workers: ",
        "nothing can be told of 1 of 1 cell")
    }
  }

  @Test func `run: a trial that fails says why`() throws {
    try withFolder { folder in
      // The driver is served, the workers of the trial find no room.
      let server = try PrivateRedis("--maxclients", "2")
      defer { server.stop() }
      let file = try folder.scenario(
        "workload: counter\nload: {workers: 4, duration: 50ms, warmup: 0s, repetitions: 1}\n"
          + "strategies: [redis.lock]\nservices: {redis: \"unix://\(server.socket)\"}\n")
      try Self.fails(
        ["run", file, "--quiet"], in: folder, 3, "contend: redis.lock, 4 workers: the trial failed: ",
        "nothing can be told of 1 of 1 cell")
    }
  }

  @Test func `gate and calibrate`() throws {
    try withFolder { folder in
      try GateTests.run("base", in: folder, seed: 1, goodput: GateTests.quiet)
      try GateTests.run("slow", in: folder, seed: 2) { GateTests.quiet($0) / 2 }
      try GateTests.run("wrong", in: folder, seed: 3, lost: 1, goodput: GateTests.quiet)
      try GateTests.run("loud", in: folder, seed: 4) { 100_000 * (1 + $0) }
      let judged = ["gate", "--quiet", "--baseline", "base", "--candidate"]
      try Self.fails(judged + ["slow"], in: folder, 1, "contend: FAIL (", "memory.mutex, 8 workers, goodput: cost +")
      try Self.fails(judged + ["wrong"], in: folder, 2, "memory.mutex, 8 workers: 1 operations broke an invariant")
      try Self.fails(judged + ["loud"], in: folder, 3, "contend: INCONCLUSIVE (", "goodput: cannot exclude")
      try Self.fails(judged + ["nothing"], in: folder, 4, "contend: INCOMPARABLE (", "nothing")
      try Self.fails(["gate", "--quiet", "--new", "--base", "x", "--candidate", "y"], in: folder, 64, "--new is for")
      try Self.fails(["gate", "calibrate", "missing.yaml", "--quiet"], in: folder, 65, "missing.yaml: cannot be read")
    }
  }

  @Test func `compare, advise, report, validate, explain`() throws {
    try withFolder { folder in
      try GateTests.run("base", in: folder, seed: 1, goodput: GateTests.quiet)
      try GateTests.run("wrong", in: folder, seed: 3, lost: 1, goodput: GateTests.quiet)
      try Self.fails(
        ["compare", "base", "wrong"], in: folder, 2, "the candidate breaks what the base keeps; new violation (")
      let open = try folder.scenario(Self.open)
      #expect(try CommandLine.run("run", open, "--quiet", "--out", "open", in: folder).status == 3)
      try Self.fails(["compare", "base", "open"], in: folder, 4, "no cell has a verdict on both sides")
      try Self.fails(
        ["advise", "open"], in: folder, 3,
        "nothing can be recommended at 2 workers: No strategy was shown to be correct")
      for command in ["compare", "advise", "report"] {
        try Self.fails([command, "none", "none2"], in: folder, 65, "none")
      }
      try Self.fails(["validate", "none.yaml"], in: folder, 65, "none.yaml: cannot be read")
      try Self.fails(["explain", "nothing"], in: folder, 64, "there is no strategy, workload or fault 'nothing'")
    }
  }
}
