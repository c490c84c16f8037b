import Foundation
import Testing

/// `contend run` as a user meets it, with the real program.
@Suite(.serialized) struct RunTests {
  static let quick = """
    workload: counter
    load:
      workers: 4
      duration: 200ms
      warmup: 20ms
      repetitions: 2
      remeasure: 0
    strategies: [memory.none, memory.mutex]
    """

  @Test func aRunPrintsATableAndWritesAFolder() throws {
    try withFolder { folder in
      let run = try CommandLine.run("run", folder.scenario(Self.quick), in: folder)
      #expect(run.status == 0, "\(run.errors)")
      #expect(run.output.contains("memory.mutex"))
      #expect(run.output.contains("VIOLATION (expected)"))
      #expect(!run.output.contains("\u{1B}"), "no escape codes into a file")
      #expect(run.output.split(separator: "\n").allSatisfy { $0.count <= 120 })
      let results = folder.content("results")
      #expect(results.count == 1 && results[0].hasPrefix("test-"))
      let rows = try folder.lines("results/\(results[0])/trials.csv")
      #expect(rows.count == 5)
      let files = folder.content("results/\(results[0])")
      for file in ["environment.json", "latency.hlog", "scenario.yaml", "timeline.csv", "violations.csv"] {
        #expect(files.contains(file))
      }
    }
  }

  @Test func anExpectationThatIsNotMetExits2() throws {
    try withFolder { folder in
      let turned = try folder.scenario(Self.quick + "\nexpect:\n  memory.none: pass\n")
      #expect(try CommandLine.run("run", turned, "--quiet", in: folder).status == 2)
      let blind = try folder.scenario(Self.quick + "\nexpect:\n  memory.mutex: violation\n")
      #expect(try CommandLine.run("run", blind, "--quiet", in: folder).status == 2)
    }
  }

  @Test func quietPrintsNothingAndJSONIsAlone() throws {
    try withFolder { folder in
      let file = try folder.scenario(Self.quick)
      let quiet = try CommandLine.run("run", file, "--quiet", "--out", "a", in: folder)
      #expect(quiet.output.isEmpty && quiet.errors.isEmpty)
      let json = try CommandLine.run("run", file, "--json", "--out", "b", in: folder)
      let parsed = try JSONSerialization.jsonObject(with: Data(json.output.utf8)) as? [String: Any]
      #expect((parsed?["cells"] as? [Any])?.count == 2)
    }
  }

  @Test func aStockSoldOutBeforeTheWindowIsNotMeasuredAndOneSoldOutInItCountsItsTime() throws {
    try withFolder { folder in
      let file = try folder.scenario(
        """
        workload: {kind: stock, keys: 4, initial: 2000}
        load: {workers: 8, duration: 300ms, warmup: 100ms, repetitions: 1, remeasure: 0}
        strategies: [memory.mutex]
        """)
      let before = try CommandLine.run("run", file, "--out", "a", in: folder)
      #expect(before.status == 0, "\(before.errors)")
      #expect(before.output.contains("used up before the window opened, so nothing was left to measure"))
      #expect(before.output.contains("load.warmup to 0s"))
      let nothing = try folder.field("goodput_per_s", of: "a/trials.csv")
      #expect(nothing == "", "nothing measured is no figure")
      let within = try CommandLine.run("run", file, "--set", "load.warmup=0s", "--out", "b", in: folder)
      #expect(within.output.contains("used up, goodput counts the time until then (memory.mutex, 8 workers: after "))
      let seconds = try folder.number("used_up_after_s", of: "b/trials.csv")
      let goodput = try folder.number("goodput_per_s", of: "b/trials.csv")
      #expect(seconds > 0 && seconds <= 0.35)
      #expect(abs(goodput * seconds - 8000) < 1)
    }
  }

  @Test func theCommandLineChangesTheScenario() throws {
    try withFolder { folder in
      let run = try CommandLine.run(
        "run", folder.scenario(Self.quick), "--strategy", "mutex", "--workers", "1,2", "--repetitions", "1", "--set",
        "workload.keys=10", "--duration", "50ms", "--out", "r", in: folder)
      #expect(run.status == 0, "\(run.errors)")
      #expect(try folder.lines("r/trials.csv").count == 3)
    }
  }

  @Test func sweptSettingsAreVariantsEverywhere() throws {
    try withFolder { folder in
      let file = try folder.scenario(Self.quick + "\nsweep:\n  workload.hold: [0us, 20us]\n")
      let valid = try CommandLine.run("validate", file, in: folder)
      #expect(valid.output.hasSuffix("# 2 variants:\n#   hold=0us\n#   hold=20us\n# 8 trials, about 3 s\n"))
      let run = try CommandLine.run("run", file, "--repetitions", "1", in: folder)
      #expect(run.status == 0, "\(run.errors)")
      #expect(run.errors.contains("] memory.mutex, 4 workers, hold=20us, repetition 1: "))
      let rules = run.output.split(separator: "\n").filter { $0.hasPrefix("-- ") }
      #expect(
        rules.map { $0.replacing(#/ -+$/#, with: "") } == [
          "-- hold=0us", "-- hold=0us, violations: not ranked", "-- hold=20us", "-- hold=20us, violations: not ranked",
        ])
      let json = try CommandLine.run(
        "run", file, "--json", "--set", "workload.hold=1us", "--set", "sweep.workload.keys=1,2", "--strategy", "mutex",
        in: folder)
      let parsed = try JSONSerialization.jsonObject(with: Data(json.output.utf8)) as? [String: Any]
      let cells = parsed?["cells"] as? [[String: Any]] ?? []
      #expect(Set(cells.compactMap { $0["variant"] as? String }) == ["keys=1", "keys=2"])
    }
  }

  @Test func aScenarioThatWillStandStillIsWarnedOf() throws {
    try withFolder { folder in
      let file = try folder.scenario(
        """
        workload: {kind: transfer, ordered: false}
        load: {workers: 4, duration: 50ms, warmup: 0s, repetitions: 1, remeasure: 0, drain: 50ms}
        strategies: [memory.mutex]
        """)
      let valid = try CommandLine.run("validate", file, in: folder)
      #expect(valid.status == 0)
      #expect(valid.errors.contains("test.yaml: warning: workload transfer locks its keys in any order"))
      #expect(try CommandLine.run("run", file, in: folder).errors.contains("warning: workload transfer"))
      #expect(try CommandLine.run("run", file, "--quiet", in: folder).errors.isEmpty)
    }
  }

  @Test func aFolderThatIsInUseIsLeftAlone() throws {
    try withFolder { folder in
      let file = try folder.scenario(Self.quick)
      #expect(try CommandLine.run("run", file, "--quiet", "--out", "r", in: folder).status == 0)
      let before = try folder.lines("r/trials.csv")
      let second = try CommandLine.run("run", file, "--quiet", "--out", "r", in: folder)
      #expect(second.status != 0)
      #expect(second.errors.split(separator: "\n").count == 1)
      #expect(try folder.lines("r/trials.csv") == before)
    }
  }

  @Test func wrongUsageAndBadScenarios() throws {
    try withFolder { folder in
      #expect(try CommandLine.run("run", in: folder).status == 64)
      #expect(try CommandLine.run("run", "--nonsense", "x", in: folder).status == 64)
      #expect(try CommandLine.run("nonsense", in: folder).status == 64)
      #expect(try CommandLine.run("run", "missing.yaml", in: folder).status == 65)
      let bad = try CommandLine.run(
        "run", folder.scenario("workload: counter\nload:\n  workers: 0\n  lenght: 3\nstrategies: [memory.mutx]\n"),
        in: folder)
      #expect(bad.status == 65)
      #expect(bad.errors.contains("test.yaml:3:"))
      #expect(bad.errors.contains("test.yaml:4:"))
      #expect(bad.errors.contains("test.yaml:5:"))
      #expect(bad.errors.contains("did you mean 'memory.mutex'"))
      #expect(folder.content("results").isEmpty, "nothing half-written")
    }
  }

  @Test(arguments: [
    ("postgres: \"postgresql:///postgres?host=/nonexistent\"", "postgres.for-update"),
    ("redis: \"unix:///nonexistent/redis.sock\"", "redis.lock"),
    ("redis: redis://127.0.0.1:1", "redis.lua"),
  ]) func aServerThatIsNotThereIsOneSentence(service: String, strategy: String) throws {
    try withFolder { folder in
      let file = try folder.scenario("workload: counter\nstrategies: [\(strategy)]\nservices:\n  \(service)\n")
      let run = try CommandLine.run("run", file, "--quiet", in: folder)
      #expect(run.status == 69)
      #expect(run.errors.split(separator: "\n").count == 1, "\(run.errors)")
      #expect(folder.content("results").isEmpty)
    }
  }

  @Test func passwordsAreWrittenNowhere() throws {
    try withFolder { folder in
      let file = try folder.scenario(
        "workload: counter\nstrategies: [postgres.none]\nservices:\n  postgres: postgresql://joe:s3cret@127.0.0.1:1/x\n"
      )
      let run = try CommandLine.run("run", file, in: folder)
      #expect(run.status == 69)
      #expect(!(run.output + run.errors).contains("s3cret"))
      #expect(try !CommandLine.run("validate", file, in: folder).output.contains("s3cret"))
      // Nor by a run that succeeds: this one does not need the server.
      let other = try folder.scenario(
        Self.quick + "\nservices: {redis: \"redis://joe:s3cret@127.0.0.1:1\", postgres: managed}\n", name: "other.yaml")
      #expect(try CommandLine.run("run", other, "--out", "r", in: folder).status == 0)
      let files = folder.content("r")
      #expect(files.contains("report.html") && files.contains("scenario.yaml"))
      for name in files where !name.hasPrefix(".") {
        #expect(try !folder.lines("r/\(name)").joined().contains("s3cret"), "\(name)")
      }
    }
  }

  @Test func anInterruptionKeepsFinishedTrials() throws {
    try withFolder { folder in
      let file = try folder.scenario(Self.quick)
      let process = try CommandLine.start(
        ["run", file, "--set", "load.repetitions=200", "--out", "r"], in: folder)
      let deadline = Date(timeIntervalSinceNow: 30)
      while ((try? folder.lines("r/trials.csv").count) ?? 0) < 3, Date() < deadline { usleep(20_000) }
      kill(process.processIdentifier, SIGINT)
      let run = try CommandLine(finishing: process, in: folder)
      #expect(run.status == 130)
      #expect(run.errors.contains("kept in r"))
      let rows = try folder.lines("r/trials.csv")
      #expect(rows.count >= 3)
      #expect(Set(rows.map { $0.split(separator: ",", omittingEmptySubsequences: false).count }).count == 1)
      #expect(Self.descendants(of: process.processIdentifier).isEmpty)
    }
  }

  @Test func killingTheProgramLeavesNoServerBehind() throws {
    try withFolder { folder in
      let file = try folder.scenario(
        "workload: counter\nload: {duration: 30s, repetitions: 1, remeasure: 0}\nstrategies: [redis.lock]\n")
      let process = try CommandLine.start(["run", file, "--out", "r"], in: folder)
      let deadline = Date(timeIntervalSinceNow: 30)
      var family: Set<pid_t> = []
      while Date() < deadline {
        family = Self.descendants(of: process.processIdentifier)
        if family.count >= 3, folder.content().contains("r") { break }
        usleep(50_000)
      }
      #expect(family.count >= 3, "a guard, its server and a worker process")
      usleep(300_000)
      family.formUnion(Self.descendants(of: process.processIdentifier))
      kill(process.processIdentifier, SIGKILL)
      process.waitUntilExit()
      let gone = Date(timeIntervalSinceNow: 10)
      while family.contains(where: Self.isAlive), Date() < gone { usleep(50_000) }
      #expect(family.filter(Self.isAlive).isEmpty)
    }
  }

  /// Every process whose chain of parents leads to this one.
  static func descendants(of root: pid_t) -> Set<pid_t> {
    var parents: [pid_t: pid_t] = [:]
    for name in (try? FileManager.default.contentsOfDirectory(atPath: "/proc")) ?? [] {
      guard let process = pid_t(name), let parent = statFields(process)?.dropFirst().first.flatMap({ pid_t($0) }) else {
        continue
      }
      parents[process] = parent
    }
    return Set(
      parents.keys.filter { process in
        var ancestor = parents[process]
        while let current = ancestor, current > 1 {
          if current == root { return true }
          ancestor = parents[current]
        }
        return false
      })
  }

  static func isAlive(_ process: pid_t) -> Bool {
    guard let state = statFields(process)?.first else { return false }
    return state != "Z"
  }

  private static func statFields(_ process: pid_t) -> [Substring]? {
    guard let stat = try? String(contentsOfFile: "/proc/\(process)/stat", encoding: .utf8),
      let end = stat.lastIndex(of: ")")
    else { return nil }
    return stat[stat.index(after: end)...].split(separator: " ")
  }
}
