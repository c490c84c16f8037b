import Foundation
import Testing

/// `contend compare` as a user meets it, with results of the real program.
@Suite(.serialized) struct CompareTests {
  @Test func runsAndStrategiesAreCompared() throws {
    try withFolder { folder in
      let file = try folder.scenario(RunTests.quick + "\nexpect:\n  memory.none: any\n")
      for name in ["a", "b"] {
        #expect(try CommandLine.run("run", file, "--quiet", "--out", name, in: folder).status == 0)
      }

      let runs = try CommandLine.run("compare", "a", "b", "--markdown", "c.md", "--html", "c.html", in: folder)
      #expect(try folder.lines("c.md").first == "# Comparison")
      let page = try String(contentsOf: folder.appendingPathComponent("c.html"), encoding: .utf8)
      #expect(page.contains("<h2>Latency by percentile</h2>") && page.contains("The candidate breaks nothing"))
      #expect(runs.status == 0, "\(runs.errors)")
      #expect(runs.output.contains("memory.mutex, 4 workers"))
      #expect(runs.output.contains("goodput/s"))
      #expect(runs.output.split(separator: "\n").allSatisfy { $0.count <= 120 })

      let worse = try CommandLine.run(
        "compare", "a", "--strategy", "memory.mutex", "--strategy", "memory.none", in: folder)
      #expect(worse.status == 2)
      #expect(worse.output.contains("exit code 2"))
      #expect(!worse.output.contains("faster"))
      let back = try CommandLine.run(
        "compare", "a", "--strategy", "memory.none", "--strategy", "memory.mutex", in: folder)
      #expect(back.status == 0)

      let other = try folder.scenario(RunTests.quick.replacingOccurrences(of: "workers: 4", with: "workers: 2"))
      #expect(try CommandLine.run("run", other, "--quiet", "--out", "c", in: folder).status == 0)
      let apart = try CommandLine.run("compare", "a", "c", "--strategy", "memory.mutex", in: folder)
      #expect(apart.status == 4)
      #expect(apart.output.contains("only in the base: memory.mutex, 4 workers (pass)"))
      #expect(apart.output.contains("only in the candidate: memory.mutex, 2 workers (pass)"))

      #expect(try CommandLine.run("compare", "a", "b", "--strategy", "memory.mutx", in: folder).status == 64)
      #expect(try CommandLine.run("compare", "a", in: folder).status == 64)
      #expect(try CommandLine.run("compare", "a", "none", in: folder).status == 65)
      try "nonsense\n".write(to: folder.appendingPathComponent("b/checks.csv"), atomically: true, encoding: .utf8)
      let damaged = try CommandLine.run("compare", "a", "b", in: folder)
      #expect(damaged.status == 65 && damaged.errors.contains("but checks.csv says"), "\(damaged.errors)")
    }
  }
}
