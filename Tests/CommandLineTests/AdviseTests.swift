import Foundation
import Testing

/// `contend advise` with results of this program, and with everything that is not one.
@Suite struct AdviseTests {
  private static let scenario = """
    workload: {kind: counter}
    load: {workers: 8, duration: 100ms, warmup: 20ms, repetitions: 3, remeasure: 0}
    strategies: [memory.none, memory.mutex]
    expect: {memory.none: violation}
    """

  @Test func `runs a scenario, keeps its results and advises`() throws {
    try withFolder { folder in
      let run = try CommandLine.run("advise", try folder.scenario(Self.scenario), in: folder)
      let stored = try #require(folder.content("results").first)
      let again = try CommandLine.run("advise", "results/\(stored)", in: folder)
      #expect(run.status == again.status && run.output == again.output, "advice follows from the files: \(run.errors)")
      #expect(run.errors.contains("results: results/"))
      #expect(run.output.split(separator: "\n").allSatisfy { $0.count <= 80 })
      #expect(run.status == 0 && run.output.hasPrefix("Use memory.mutex.\n"), "\(run.output)")
      #expect(run.output.contains("memory.none: it broke an invariant."))
    }
  }

  @Test func `an architecture may leave no candidate`() throws {
    try withFolder { folder in
      _ = try CommandLine.run("run", try folder.scenario(Self.scenario), "--out", "kept", "--quiet", in: folder)
      let several = try CommandLine.run("advise", "kept", "--processes", "3", in: folder)
      #expect(several.status == 3 && several.output.hasPrefix("Nothing can be recommended.\n"))
      #expect(several.output.contains("memory.mutex: it protects the threads of one process"))
      let json = try CommandLine.run("advise", "kept", "--processes", "3", "--databases", "2", "--json", in: folder)
      let object = try JSONSerialization.jsonObject(with: Data(json.output.utf8)) as? [String: Any]
      #expect(json.status == 3 && object?["decided"] as? Bool == false && object?["databases"] as? Int == 2)
    }
  }

  @Test(arguments: [
    (["advise"], 64, "name results folders"),
    (["advise", "x", "--processes", "0"], 64, "at least 1"),
    (["advise", "x", "--databases", "0"], 64, "at least 1"),
    (["advise", "x", "--rtt", "1"], 64, "expected a duration with a unit"),
    (["advise", "bad.yaml", "--rtt", "20s"], 65, "services.rtt: 20s is above the maximum 10s"),
    (["advise", "x", "--objective", "speed"], 64, "neither goodput nor p99"),
    (["advise", "absent.yaml"], 65, "absent.yaml"),
    (["advise", "absent", "absent-too"], 65, "absent"),
    (["advise", "."], 65, "trials.csv"),
    (["advise", "bad.yaml"], 65, "bad.yaml:1"),
    (["advise", ".", "bad.yaml"], 64, "one scenario file"),
  ])
  func `says what is wrong`(arguments: [String], status: Int32, words: String) throws {
    try withFolder { folder in
      _ = try folder.scenario("wrokload: {}\n", name: "bad.yaml")
      let run = try CommandLine(finishing: CommandLine.start(arguments, in: folder), in: folder)
      #expect(run.status == status && run.errors.contains(words), "\(run.errors)")
      #expect(run.output.isEmpty)
    }
  }

  @Test func `advice at a distance is measured there`() throws {
    try withFolder { folder in
      let path = try folder.scenario(
        """
        workload: {kind: counter}
        load: {workers: 4, duration: 200ms, warmup: 20ms, repetitions: 1, remeasure: 0}
        strategies: [redis.lua]
        """)
      _ = try CommandLine.run("run", path, "--out", "near", "--quiet", in: folder)
      let none = try CommandLine.run("advise", "near", "--rtt", "2ms", in: folder)
      #expect(none.status == 4 && none.output.isEmpty)
      #expect(
        none.errors.contains(
          "nothing was measured with its servers 2.00 ms away: they were at no added distance; measure there with: contend advise "
            + "near/scenario.yaml --rtt 2ms"), "\(none.errors)")
      let run = try CommandLine.run("advise", "near/scenario.yaml", "--rtt", "2ms", in: folder)
      #expect(run.status == 0 && run.output.contains("2.00 ms away"), "\(run.errors)")
      #expect(run.output.split(separator: "\n").allSatisfy { $0.count <= 80 })
      let stored = try #require(folder.content("results").first)
      let again = try CommandLine.run("advise", "results/\(stored)", "near", "--rtt", "2ms", in: folder)
      #expect(again.status == 0 && again.output.contains("Use redis.lua."))
    }
  }
}
