import Foundation
import Testing

/// `contend adapter`, and programs in scenarios of the command line.
@Suite struct AdapterTests {
  private static let examples = CommandLine.root.appendingPathComponent("scenarios/external")

  @Test func aProgramThatBehavesIsFound() throws {
    try withFolder { folder in
      for program in ["file-lock.py", "lease.py"] {
        let checked = try CommandLine.run(
          "adapter", "check", Self.examples.appendingPathComponent(program).path, in: folder)
        #expect(checked.status == 0, "\(checked.output)\(checked.errors)")
        let lines = checked.output.split(separator: "\n")
        #expect(lines.count == 13 && lines.allSatisfy { $0.hasPrefix("ok     ") }, "\(checked.output)")
        #expect(checked.output.contains("ping: p50 "))
      }
      #expect(try CommandLine.run("adapter", "check", "contend adapter run exclusive", in: folder).status == 0)
    }
  }

  @Test func aProgramThatDoesNotIsToldWhatToDo() throws {
    try withFolder { folder in
      let dead = try CommandLine.run("adapter", "check", "false", in: folder)
      #expect(dead.status == 2 && dead.output.contains("failed hello: it ended with exit status 1"), "\(dead.output)")
      #expect(dead.errors.contains("one point does not hold"))
      let echo = try CommandLine.run("adapter", "check", "sh", "-c", "cat <&3 >&4", in: folder)
      #expect(echo.status == 2 && echo.output.contains("answer {\"type\":\"hello\""), "\(echo.output)")
      let missing = try CommandLine.run("adapter", "check", "./nothing", in: folder)
      #expect(missing.status == 69 && missing.errors.contains("there is no program './nothing'"), "\(missing.errors)")
      #expect(try CommandLine.run("adapter", "check", in: folder).status == 64)
      #expect(try CommandLine.run("adapter", "run", "nobody", in: folder).errors.contains("grant-all"))
      #expect(try CommandLine.run("adapter", "run", "floor", in: folder).status == 64)
    }
  }

  @Test func controlsAreCaughtAndResultsReadAgain() throws {
    try withFolder { folder in
      let file = folder.appendingPathComponent("a.yaml")
      try """
      workload: {kind: counter, hold: 1ms}
      load: {workers: 4, duration: 300ms, warmup: 50ms, repetitions: 1, remeasure: 0}
      strategies:
        - {external: contend adapter run grant-all, as: lock, expect: violation}
        - {external: contend adapter run exclusive, as: lock}
      """.write(to: file, atomically: true, encoding: .utf8)
      let run = try CommandLine.run("run", "a.yaml", "--out", "r", in: folder)
      #expect(run.status == 0, "\(run.output)\(run.errors)")
      #expect(run.output.contains("grant-all") && run.output.contains("VIOLATION (expected)"))
      #expect(try CommandLine.run("report", "r", in: folder).status == 0)
      let gate = try CommandLine.run("gate", "r", "r", in: folder)
      #expect(gate.status != 65 && gate.status != 70, "\(gate.errors)")
    }
  }
}
