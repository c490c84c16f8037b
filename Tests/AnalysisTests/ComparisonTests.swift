import Model
import Results
import Testing

@testable import Analysis

@Suite final class ComparisonTests {
  private let runs = SampleRuns()

  /// Two runs: what stands below the lines that name them, at a width.
  private func shown(_ comparison: Comparison, width: Int = 80) -> String {
    let text = comparison.text(width: width)
    #expect(text.hasPrefix("base: sale 20260301T120000Z-00000"))
    #expect(text.split(separator: "\n").allSatisfy { $0.count <= width })
    return String(text[(text.firstRange(of: "\n\n")?.upperBound ?? text.startIndex)...])
  }

  private var everything: Comparison {
    get throws {
      try Comparison(
        runs.run(
          Sample.cell("postgres.for-update", rates: Sample.six(1000), latency: 2_000_000)
            + Sample.cell("postgres.atomic", rates: [500, 500])
            + Sample.cell("postgres.none", rates: Sample.six(9000), violations: 40)),
        runs.run(
          Sample.cell("postgres.for-update", rates: Sample.six(1200), conflicts: 0.25)
            + Sample.cell("postgres.none", rates: Sample.six(9900), violations: 50)
            + Sample.cell("redis.lock", workers: 64, rates: [700])))
    }
  }

  @Test func `at 80 columns cells are headings`() throws {
    let comparison = try everything
    #expect(comparison.conclusion == .compared)
    #expect(
      shown(comparison) == """
        cell                            base      violations  candidate  violations
        postgres.for-update, 8 workers  pass               0  pass                0
        postgres.none, 8 workers        expected         240  expected          300

          figure        base  candidate  ratio        interval  candidate is
        postgres.for-update, 8 workers
          goodput/s    1,005      1,206   1.20    [1.17, 1.24]  faster
          p50        2.06 ms    1.03 ms  0.500  [0.486, 0.515]  faster
          p99        2.10 ms    1.05 ms  0.500  [0.486, 0.520]  faster
          tries/op      1.00       1.33   1.33    [1.33, 1.33]  more

        speed not compared, base and candidate broke an invariant: postgres.none, 8
          workers
        only in the base: postgres.atomic, 8 workers (pass)
        only in the candidate: redis.lock, 64 workers (pass)
        ratio: candidate / base; the figures beside it are of all repetitions together
        [ ]: 95 % interval, exact rank test
        repetitions that failed, were disturbed by others or had too few samples are not
          in the ratios
        two runs at different times: what changed on the machine between them is in no
          interval
        pass: 0 violations in at least 60,300 operations each, true rate below 3/60,300
          with 95 % confidence

        """)
  }

  @Test func `a wide terminal gets one table`() throws {
    let lines = try shown(everything, width: 120).split(separator: "\n").map(String.init)
    #expect(
      lines[3...5] == [
        "cell                            figure        base  candidate  ratio        interval  candidate is",
        "postgres.for-update, 8 workers  goodput/s    1,005      1,206   1.20    [1.17, 1.24]  faster",
        "                                p50        2.06 ms    1.03 ms  0.500  [0.486, 0.515]  faster",
      ])
  }

  @Test func `a candidate that violates is never called faster, and is the conclusion`() throws {
    let comparison = try Comparison(
      runs.run(Sample.cell("redis.lock", rates: Sample.six(1000))),
      runs.run(Sample.cell("redis.lock", rates: Sample.six(9000), violations: 1)))
    #expect(comparison.conclusion == .violated)
    #expect(comparison.cells[0].ratio(.goodput) == nil)
    let text = shown(comparison)
    #expect(!text.contains("faster") && !text.contains("ratio:"))
    #expect(text.contains("redis.lock, 8 workers  pass           0  VIOLATION           6\n"))
    #expect(
      text.contains("new violation (redis.lock, 8 workers): 6 in the candidate, the verdict of the\n  base is pass\n"))
    #expect(text.hasSuffix("exit code 2: the candidate breaks what the base keeps\n"))
  }

  @Test func `a base that violates makes no candidate fast`() throws {
    let comparison = try Comparison(
      runs.run(Sample.cell("redis.lock", rates: Sample.six(1000), violations: 1)),
      runs.run(Sample.cell("redis.lock", rates: Sample.six(9000))))
    #expect(comparison.conclusion == .compared)
    #expect(!shown(comparison).contains("faster"))
    #expect(shown(comparison).contains("speed not compared, base broke an invariant: redis.lock, 8 workers\n"))
  }

  @Test func `what can no longer be told, and what has nothing in common`() throws {
    let known = runs.run(Sample.cell("redis.lock", rates: Sample.six(1000)))
    let unknown = runs.run(Sample.cell("redis.lock", rates: Sample.six(9000), isUnknown: true))
    let open = try Comparison(known, unknown)
    #expect(open.conclusion == .incomparable)
    #expect(shown(open).contains("exit code 4: no cell has a verdict on both sides"))
    let both = try Comparison(
      runs.run(Sample.cell("redis.lock", rates: [1]) + Sample.cell("redis.lua", rates: [1])),
      runs.run(Sample.cell("redis.lock", rates: [1]) + Sample.cell("redis.lua", rates: [1], isUnknown: true)))
    #expect(both.conclusion == .inconclusive)
    #expect(shown(both).contains("no longer known to be correct (redis.lua, 8 workers)"))
    let other = runs.run(Sample.cell("redis.lock", workers: 9, rates: [1]))
    #expect(try Comparison(known, other).conclusion == .incomparable)
    let broken = runs.run(Sample.cell("redis.lock", workers: 9, rates: [1], violations: 1))
    #expect(try Comparison(known, broken).conclusion == .violated)
  }

  @Test func `few repetitions give a range in round brackets, and two separate nothing`() throws {
    let base = runs.run(Sample.cell("redis.lock", rates: [100, 110, 120]))
    let three = try shown(Comparison(base, runs.run(Sample.cell("redis.lock", rates: [200, 210, 220]))))
    #expect(three.contains("goodput/s      110        210   1.91   (1.67, 2.20)  faster\n"))
    #expect(three.contains("( ): least and greatest ratio, too few repetitions for a 95 % interval\n"))
    let two = try shown(Comparison(base, runs.run(Sample.cell("redis.lock", rates: [200, 210]))))
    #expect(two.contains("(1.67, 2.10)  unclear: too few\n"))
    #expect(two.contains("warning: repetitions: 3, candidate 2\n"))
    let near = try shown(Comparison(base, runs.run(Sample.cell("redis.lock", rates: [105, 111, 125]))))
    #expect(near.contains("not told apart\n"))
  }

  @Test func `two strategies of one run are pairs, load point by load point`() throws {
    let run = runs.run(
      Sample.cell("redis.lock", label: "short", rates: [100, 200, 400])
        + Sample.cell("redis.lua", rates: [110, 220, 440])
        + Sample.cell("redis.lua", workers: 64, rates: [1]) + Sample.cell("redis.lock", label: "long", rates: [1]))
    let comparison = try Comparison(run, base: "short", candidate: "redis.lua")
    let ratio = try #require(comparison.cells[0].ratio(.goodput))
    #expect(abs(ratio.low - 1.1) < 1e-9 && abs(ratio.high - 1.1) < 1e-9)
    #expect(comparison.cells.map(\.name) == ["8 workers"])
    #expect(comparison.onlyInCandidate == ["64 workers (pass)"])
    #expect(
      comparison.text(width: 80).hasPrefix(
        "base: short in results/1\ncandidate: redis.lua in results/1\n\n"))
    let ambiguous = #expect(throws: ComparisonFailure.self) {
      try Comparison(run, base: "redis.lock", candidate: "redis.lua")
    }
    #expect(ambiguous?.message == "--strategy redis.lock: several strategies have this id; name one of short, long")
    let missing = #expect(throws: ComparisonFailure.self) { try Comparison(run, run, strategies: ["redis.lick"]) }
    #expect(
      missing?.message
        == "--strategy redis.lick: the results have no such strategy; they have short, redis.lua, long")
    #expect(
      try Comparison(run, run, strategies: ["redis.lock"]).cells.map(\.name) == ["short, 8 workers", "long, 8 workers"])
  }

  @Test func `what else differs is listed: machine, servers, conditions, missing trials`() throws {
    let base = runs.run(
      Sample.cell("redis.lock", rates: [100]) + Sample.cell("redis.lua", rates: [100]), planned: 3
    ) {
      $0.machine.cpuCount = 2
      $0.services["redis"] = .init(version: "7.0", location: "managed", settings: ["appendfsync": "always"])
    }
    let candidate = runs.run(
      Sample.cell("redis.lock", keys: 16, rates: [100])
        + Sample.cell("redis.lua", keys: 16, hold: .milliseconds(1), rates: [100])
    ) {
      $0.machine.cpuCount = 4
      $0.services["redis"] = .init(version: "7.0", location: "managed", settings: ["appendfsync": "no"])
    }
    #expect(
      try Comparison(base, candidate).warnings == [
        "base: 2 of 3 planned trials are missing", "CPUs: 2, candidate 4", "redis appendfsync: always, candidate no",
        "keys: 1, candidate 16", "hold: 0 ns, candidate 1.00 ms (redis.lua, 8 workers)",
      ])
  }

  @Test func `load from other hosts is a difference, and a trial that failed does not count for it`() throws {
    func spread(_ processors: [Int]) -> StoredRun {
      var trials = Sample.cell("redis.lock", rates: [100, 100])
      for index in trials.indices where index > 0 || processors.isEmpty {
        trials[index].hosts =
          processors.isEmpty
          ? nil
          : TrialHosts(
            processors.enumerated().map { HostRecord(rank: $0, name: "h\($0)", processors: $1, workers: 1) })
      }
      if !processors.isEmpty { trials[0].failure = "no host has joined" }
      return runs.run(trials)
    }
    func warnings(_ base: [Int], _ candidate: [Int]) throws -> [String] {
      try Comparison(spread(base), spread(candidate)).warnings.filter { $0.hasPrefix("load from") }
    }
    #expect(try warnings([4, 4], [4, 4]) == [])
    #expect(try warnings([], []) == [])
    #expect(try warnings([], [4, 4]) == ["load from: one host, candidate 2 hosts of 4 CPUs"])
    #expect(try warnings([4, 4], [2, 8, 4]) == ["load from: 2 hosts of 4 CPUs, candidate 3 hosts of 2 to 8 CPUs"])
  }

  @Test func `Markdown has the same tables`() throws {
    let text = try everything.markdown
    #expect(
      text.contains(
        """
        | cell | figure | base | candidate | ratio | interval | candidate is |
        | --- | --- | ---: | ---: | ---: | ---: | --- |
        | postgres.for-update, 8 workers | goodput/s | 1,005 | 1,206 | 1.20 | \\[1.17, 1.24\\] | faster |

        """))
    #expect(text.contains("\n- only in the base: postgres.atomic, 8 workers (pass)\n"))
    let trials = Sample.cell("redis.lock", label: "a|<b>*c*\n| d", rates: [100])
    let hostile = try Comparison(runs.run(trials), runs.run(trials)).markdown
    #expect(hostile.contains("\n| a\\|&lt;b&gt;\\*c\\* \\| d, 8 workers | pass | 0 | pass | 0 |\n"))
  }

  @Test func `names cannot move the cursor`() throws {
    let trials = Sample.cell("redis.lock", label: "a\u{1B}[2J|<b>", rates: [100])
    let text = try shown(Comparison(runs.run(trials), runs.run(trials)))
    #expect(!text.contains("\u{1B}"))
  }
}

/// Makes runs out of trials.
final class SampleRuns {
  private var count = 0

  func run(
    _ trials: [TrialResult], planned: Int = 0, change: (inout Environment) -> Void = { _ in }
  ) -> StoredRun {
    count += 1
    let identity = RunIdentity(startedAt: 1_772_366_400, random: UInt32(count))
    let program = Environment.Program(
      version: "1", swiftVersion: "6.3", configuration: "release", arguments: [], seed: 1)
    var environment = EnvironmentProbe.environment(
      of: identity, program: program, scenarioPath: "scenario.yaml", scenarioFile: [])
    change(&environment)
    let plan = (0..<planned).map {
      PlannedTrial(cell: trials[0].cell, strategyIndex: 0, repetition: $0 + 1, position: $0 + 1, seed: 1)
    }
    return StoredRun(
      path: "results/\(count)", id: identity.id, scenario: "sale", scenarioText: "", environment: environment,
      planned: plan, trials: trials)
  }
}
