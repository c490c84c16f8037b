import Foundation
import Testing

/// A password is in no file of a run or a gate and on no terminal, however the user wrote it.
@Suite(.serialized) struct SecretTests {
  /// The user, a password that every quoting writes in its own way, and parts of them by which they are recognised.
  static let user = "zanzi"
  static let password = "pa'z5%zork"
  static let parts = ["zanzi", "pa'z", "pa''z", "pa%27z", "5%z", "zork", "ork@", "x7aork", "%7aork"]

  /// A scenario that runs without the server that it names.
  private static func scenario(_ services: String, comment: String = "") -> String {
    """
    workload: {kind: counter, hold: 300us}
    load: {workers: 2, duration: 60ms, warmup: 5ms, repetitions: 1}
    strategies: [memory.mutex]
    \(services)
    \(comment)
    gate:
      blocks: 8
      slices: 1
      slice: 20ms
      foreign-cpu: 1024
      goodput: {tolerance: 50%, must-detect: 200%}
      p99: {blocks-on: nothing}

    """
  }

  static let scenarios = [
    scenario("services: {redis: 'redis://zanzi:pa''z5%zork@h:1'}"),
    scenario("services:\n  redis: \"redis:\\x2f\\x2f\\x7aanzi:pa\\x27z5%\\x7aork@h:1\""),
    scenario("services:\n  redis: \"redis://\\u007aanzi:pa'z5%z\\\n    ork@h:1\" # redis://zanzi:pa'z5%zork@h:1"),
    scenario("services:\n  redis: &r |-\n    redis://zanzi:pa'z5%zork@h:1\n  redlock: *r"),
    scenario("services: {}", comment: "# services: {redis: 'redis://zanzi:pa''z5%zork@h:1'}"),
    scenario("services: {redis: redis://zanzi:pa%27z5%25%7aork@h:1}"),
    scenario("services: {postgres: 'postgresql://h/d?user=zanzi&password=pa''z5%zork&sslpassword=zork'}"),
  ]

  /// Looks into everything that is there but the scenario; the output of the terminals is there, too.
  private static func search(_ folder: URL, but scenario: String, _ what: String, line: Int = #line) throws {
    let location = SourceLocation(fileID: #fileID, filePath: #filePath, line: line, column: 1)
    let files = try #require(FileManager.default.enumerator(atPath: folder.path)?.allObjects as? [String])
    for name in files where name != scenario {
      guard let text = try? String(contentsOf: folder.appendingPathComponent(name), encoding: .utf8) else { continue }
      for part in parts {
        // Nor in the escapes of HTML, XML and JSON.
        let spellings = [part, part.replacing("'", with: "&#39;"), part.replacing("'", with: "&apos;")]
        for spelling in spellings {
          let found = text.firstRange(of: spelling).map { text[..<$0.upperBound].suffix(60) }
          #expect(found == nil, "\(what): \(name)", sourceLocation: location)
        }
      }
    }
  }

  @Test(arguments: scenarios.indices) func `files and terminals of a run`(index: Int) throws {
    try withFolder { folder in
      let file = try folder.scenario(Self.scenarios[index])
      for options in [["--quiet"], ["--json"], []] {
        let out = "r\(options.joined())"
        let process = try CommandLine.start(["run", file, "--out", out] + options, in: folder)
        let run = try CommandLine(finishing: process, in: folder)
        #expect(run.status == 0, "\(run.errors)")
        #expect(folder.content(out).contains("report.html"))
        try Self.search(folder, but: file, "run \(options)")
      }
      #expect(try CommandLine.run("validate", file, in: folder).status == 0)
      try Self.search(folder, but: file, "validate")
      let again = try CommandLine.run("validate", "r/scenario.yaml", in: folder)
      #expect(again.status == 0, "what is stored still reads: \(again.errors)")
    }
  }

  @Test(arguments: [0, 1, 4]) func `files and terminals of a gate`(index: Int) throws {
    try withFolder { folder in
      let file = try folder.scenario(Self.scenarios[index])
      let gate = try CommandLine.run(
        "gate", "--candidate", file, "--base-set", "services.redis=redis://zanzi:pa'z5%zork@h:2", "--candidate-set",
        "services={redlock: \"redis:\\x2f/zanzi:pa'z5%\\x7aork@h:1\"}", "--out", "g", "--verdict", "v.json", "--junit",
        "j.xml", "--summary", "s.md", "--openmetrics", "m.txt", "--html", "h.html", "--annotations", "github",
        in: folder)
      // On a busy machine a short slice may see no operation.
      #expect(gate.status < 64, "\(gate.output)\(gate.errors)")
      #expect(folder.content("g/base").contains("scenario.yaml"))
      try Self.search(folder, but: file, "gate")
      let report = try CommandLine.run("report", "g/base", "g/candidate", "--out", "r", in: folder)
      #expect(report.status == 0)
      try Self.search(folder, but: file, "report")
    }
  }

  @Test func `a URL that the command line replaces, and the one that replaces it`() throws {
    try withFolder { folder in
      let server = try PrivateRedis("--requirepass", Self.password)
      defer { server.stop() }
      let file = try folder.scenario(
        Self.scenarios[0].replacing("[memory.mutex]", with: "[redis.lua]")
          .replacing("redis://zanzi:pa''z5%zork@h:1", with: "redis://zanzi:\u{22}pa''z5%zork@h:1 "))
      let run = try CommandLine.run(
        "run", file, "--set", "services.redis=unix://:pa%27z5%25%7aork@\(server.socket)?db=1", "--out", "r", in: folder)
      #expect(run.status == 0, "\(run.errors)")
      #expect(try folder.lines("r/environment.json").joined().contains("unix://***@\(server.socket)?db=1"))
      try Self.search(folder, but: file, "run")
    }
  }

  @Test(arguments: [
    ["run", "FILE", "--set", "services.redis=redis://zanzi:pa'z5%zork"], ["run", "redis://zanzi:pa'z5%zork@h"],
    ["run", "FILE", "--set", "=redis://zanzi:pa'z5%zork@h"], ["run", "FILE", "redis://zanzi:pa'z5%zork@h"],
    ["run", "FILE", "--set", "redis://zanzi:pa'z5%zork@h?x=1"], ["validate", "redis://zanzi:pa'z5%zork@h"],
    ["run", "FILE", "--set", "services.redis=zanzi:pa'z5%zork@h"], ["report", "redis://zanzi:pa'z5%zork@h"],
    ["run", "FILE", "--set", "workload=redis://zanzi:pa'z5%zork@h"], ["gate", "--base", "redis://zanzi:pa'z5%zork@h"],
    ["run", "FILE", "--set", "services=redis://zanzi:pa'z5%zork@h"],
    ["run", "FILE", "--workers=redis://zanzi:pa'z5%zork@h"],
    ["run", "FILE", "--set", "services.redis=rediss://zanzi:pa'z5%zork@h"],
    ["compare", "redis://zanzi:pa'z5%zork@h", "b"],
    ["run", "FILE", "--set", "services.redis=redis://zanzi:pa'z5%zork@h:port"],
    ["run", "FILE", "--set", "services.redis=redis://zanzi:pa'z5%zork@127.0.0.1:1"],
    ["run", "FILE", "--set", "services={redis: \"redis://zanzi:pa'z5%zork@127.0.0.1:1/x\"}"],
    ["gate", "--base", "FILE", "--base-set", "redis://zanzi:pa'z5%zork@h"],
  ]) func `messages about what is wrong`(arguments: [String]) throws {
    try withFolder { folder in
      let file = try folder.scenario(Self.scenario("services: {}").replacing("[memory.mutex]", with: "[redis.lock]"))
      let all = arguments.map { $0 == "FILE" ? file : $0 }
      let program = try CommandLine(finishing: CommandLine.start(all, in: folder), in: folder)
      #expect(program.status >= 64 && !program.errors.isEmpty, "\(program.output)")
      try Self.search(folder, but: file, "\(arguments): \(program.errors)")
    }
  }
}
