import Analysis
import Foundation
import Model
import Testing

@Suite struct AdviceTests {
  private func advice(
    _ trials: [TrialResult], by objective: Objective = .goodput, _ architecture: Architecture = Architecture()
  ) -> Advice {
    Advice(
      [MeasuredRun(name: "test", trials: trials)], by: objective, architecture: architecture, lookup: Sample.lookup)
  }

  /// Five strategies at one load; the fastest two are a control and one that cannot be judged.
  private static let shop =
    Sample.cell("postgres.none", rates: Sample.six(90_000), violations: 5)
    + Sample.cell("redis.lua", rates: Sample.six(80_000), isUnknown: true)
    + Sample.cell("memory.mutex", rates: Sample.six(50_000))
    + Sample.cell("postgres.for-update", rates: Sample.six(3_000))
    + Sample.cell("postgres.optimistic", rates: [5_000, 5_100, 5_000, 4_900, 5_000, 5_100], conflicts: 0.4)
    + Sample.cell("redis.lock", label: "lock", store: "postgres", rates: [700, 710, 700, 700, 690, 700])
    + Sample.cell("floor.memory", rates: Sample.six(99_000))

  @Test(arguments: [
    (Architecture(), "memory.mutex"), (Architecture(processes: 1), "memory.mutex"),
    (Architecture(processes: 4), "postgres.optimistic"),
  ])
  func `recommends what the architecture allows`(architecture: Architecture, expected: String) {
    let advice = advice(Self.shop, architecture)
    #expect(advice.overall == expected && advice.isDecided && advice.headline == "Use \(expected).")
    for name in ["postgres.none", "redis.lua", "floor.memory"] {
      #expect(advice.exclusions.contains { $0.strategy == name })
    }
  }

  /// Operations over several databases: what spans them, as fast as it is, and never a lock around the writes.
  @Test(
    arguments: [
      (["postgres-shards.two-phase-commit": 300, "postgres-shards.saga": 200], "postgres-shards.two-phase-commit"),
      (["postgres-shards.two-phase-commit": 300, "postgres-shards.saga": 400], "postgres-shards.saga"),
      (["postgres-shards.saga": 200], "postgres-shards.saga"), ([:], nil),
      (["postgres-shards.saga": 200, "postgres-shards.saga-streams": 300], "postgres-shards.saga-streams"),
    ] as [([String: Int64], String?)])
  func `recommends what spans the databases`(spanning: [String: Int64], expected: String?) {
    let measured =
      Self.shop + spanning.sorted { $0.key < $1.key }.flatMap { Sample.cell($0.key, rates: Sample.six($0.value)) }
    let advice = advice(measured, Architecture(processes: 4, databases: 2))
    #expect(advice.overall == expected)
    #expect(advice.exclusions.contains { $0.strategy == "lock" && $0.reason.contains("nobody finishes") })
    #expect(advice.exclusions.contains { $0.strategy == "postgres.optimistic" })
    // In one database its own transaction is what the literature prefers, and what was faster.
    #expect(self.advice(measured, Architecture(processes: 4)).overall == "postgres.optimistic")
  }

  @Test func `recommends what survived the faults that are named`() {
    func faulted(_ kind: String, _ summary: String, _ trials: [TrialResult]) -> MeasuredRun {
      MeasuredRun(
        name: kind,
        trials: trials.map { trial in
          var trial = trial
          var fault = FaultRecord(fault: 0, kind: kind, summary: summary, requestedSecond: 1)
          fault.injectedSecond = 1
          trial.faults = [fault]
          return trial
        })
    }
    let healthy = MeasuredRun(
      name: "healthy",
      trials: Sample.cell("redis.lock", rates: Sample.six(9_000))
        + Sample.cell("postgres.for-update", rates: Sample.six(3_000))
        + Sample.cell("postgres.optimistic", rates: Sample.six(2_000)))
    let paused = faulted(
      "pause-worker", "pause the process of a holder",
      Sample.cell("redis.lock", rates: Sample.six(9_000), violations: 3)
        + Sample.cell("postgres.for-update", rates: Sample.six(10)))
    let killed = faulted(
      "kill-service", "kill service postgres", Sample.cell("postgres.for-update", rates: Sample.six(10), violations: 1))
    func advice(_ runs: [MeasuredRun], _ faults: [String]) -> Advice {
      Advice(runs, architecture: Architecture(mustSurvive: faults), lookup: Sample.lookup)
    }
    #expect(advice([healthy], []).overall == "redis.lock")
    // Nobody is named, so that whatever broke it counts; it is ranked where nothing was done.
    #expect(advice([healthy, paused], []).overall == "postgres.for-update")
    #expect(advice([healthy, paused, killed], []).overall == "postgres.optimistic")
    let named = advice([healthy, paused, killed], ["pause-holder"])
    #expect(named.overall == "postgres.for-update")
    #expect(
      named.exclusions.map { "\($0.strategy): \($0.reason)" } == [
        "redis.lock: it broke an invariant under a fault: pause the process of a holder",
        "postgres.optimistic: it was not tried under pause-holder",
      ])
    #expect(advice([healthy, paused, killed], ["pause-worker"]).overall == "postgres.for-update")
    #expect(!advice([healthy, paused, killed], ["pause-holder", "kill-service"]).isDecided)
    #expect(named.text(width: 100).contains("what survives pause-holder"))
  }

  @Test func `says why, and what would change the answer`() throws {
    let point = try #require(advice(Self.shop).points.first)
    #expect(point.runnerUp?.strategy == "postgres.optimistic")
    #expect(point.reasons.contains("Needs no server; protects the threads of one process."))
    #expect(
      point.reasons[0] == "Correct here: 0 violations in 3,015,000 operations, a true rate below 3/3,015,000 (95 %).")
    #expect(point.changes.contains { $0.hasPrefix("Several processes: then postgres.optimistic (5,000/s)") })
    #expect(
      point.changes.contains { $0.hasPrefix("Operations over more than one database: two-phase commit or a saga") })
    #expect(point.changes.contains("Records in postgres: postgres.optimistic (5,000/s)."))
    #expect(point.cautions.contains { $0.text.contains("they end with the process") })
  }

  @Test func `shows the published rule beside a measurement that disagrees`() throws {
    let findings = try #require(advice(Self.shop).points.first).rules
    let frequent = try #require(findings.first { $0.id == "frequent-conflicts" })
    #expect(frequent.result == .disagrees && frequent.favoured == "postgres.for-update")
    #expect(frequent.fact == "40 % of the attempts of postgres.optimistic met a conflict")
    #expect(frequent.measurement.hasPrefix("postgres.optimistic is 1.67 x"))
    #expect(!frequent.source.isEmpty && !findings.contains { $0.id == "rare-conflicts" })
    #expect(findings.first { $0.id == "database-first" }?.result == .agrees)
  }

  /// Which rules speak, of which pair, and what the measurement says.
  @Test(
    arguments: [
      (
        [("postgres.for-update", 900), ("postgres.optimistic", 500)], 0.05, "rare-conflicts",
        RuleFinding.Result.disagrees
      ),
      ([("postgres.for-update", 500), ("postgres.optimistic", 900)], 0.05, "rare-conflicts", .agrees),
      ([("postgres.for-update", 900), ("postgres.optimistic", 500)], 0.2, "frequent-conflicts", .agrees),
      ([("postgres.for-update", 500), ("postgres.optimistic", 500)], 0.5, "frequent-conflicts", .open),
      ([("postgres.atomic", 900), ("postgres.for-update", 500)], 0, "one-statement", .agrees),
      ([("postgres.atomic", 400), ("postgres.for-update", 500)], 0, "one-statement", .disagrees),
      ([("redis.lua", 900), ("redis.lock", 500)], 0, "database-first", .agrees),
    ] as [([(String, Int64)], Double, String, RuleFinding.Result)])
  func `rules of thumb`(rates: [(String, Int64)], conflicts: Double, rule: String, result: RuleFinding.Result) throws {
    let trials = rates.flatMap { id, rate in
      Sample.cell(id, rates: [rate, rate, rate], conflicts: id.hasSuffix("optimistic") ? conflicts : 0)
    }
    let point = try #require(advice(trials).points.first)
    #expect(point.rules.first { $0.id == rule }?.result == result)
  }

  @Test(arguments: [
    ("redis.lock", "no-fencing"), ("postgres.optimistic", "backoff and jitter"), ("memory.mutex", "one process"),
    ("redis.lua", "fsync"), ("memory.cas", "end with the process"),
  ])
  func `cautions go with the recommended family`(id: String, words: String) throws {
    let point = try #require(advice(Sample.cell(id, rates: [10, 10, 10])).points.first)
    let words = words == "no-fencing" ? "fencing tokens" : words
    #expect(point.recommended?.strategy == id && point.cautions.contains { $0.text.contains(words) })
  }

  @Test func `says when the data do not separate the candidates`() throws {
    let trials =
      Sample.cell("redis.lua", rates: [100, 90, 110, 100, 95, 105])
      + Sample.cell("redis.lock", rates: [99, 92, 108, 101, 96, 103])
    let tied = advice(trials)
    #expect(!tied.isDecided && tied.overall == nil)
    #expect(tied.headline == "The data do not decide between the candidates.")
    #expect(tied.points[0].recommended == nil && tied.points[0].cautions.isEmpty)
    let two = advice(
      Sample.cell("redis.lua", rates: [100, 100]) + Sample.cell("redis.lock", rates: [10, 10]))
    #expect(!two.isDecided && two.points[0].reasons[0].contains("3 repetitions are the least"))
  }

  @Test func `recommends nothing without a correct candidate`() {
    let none = advice(
      Sample.cell("postgres.none", rates: [9], violations: 1) + Sample.cell("redis.lua", rates: [9], isUnknown: true))
    #expect(!none.isDecided && none.headline == "Nothing can be recommended.")
    #expect(!advice([]).isDecided)
    let unheardOf = advice(Sample.cell("quantum.lock", rates: [9, 9, 9]))
    #expect(!unheardOf.isDecided && unheardOf.exclusions[0].reason == "this program does not know what it protects")
  }

  @Test func `a violation at any load point excludes everywhere`() {
    let trials =
      Sample.cell("redis.lock", workers: 1, rates: [90, 90, 90])
      + Sample.cell("redis.lock", workers: 8, rates: [90, 90, 90], violations: 1)
      + [1, 8].flatMap { Sample.cell("redis.lua", workers: $0, rates: [50, 50, 50]) }
    #expect(advice(trials).overall == "redis.lua")
  }

  @Test func `it may depend on the load`() throws {
    let sweep = advice(CrossoverTests.sweep())
    #expect(sweep.isDecided && sweep.overall == nil && sweep.headline == "It depends on the load.")
    #expect(
      sweep.points.map { $0.recommended?.strategy } == [
        "postgres.for-update", nil, "postgres.optimistic", "postgres.optimistic",
      ])
    #expect(sweep.points[0].changes.contains { $0.contains("behind it at 16 keys") })
    #expect(!sweep.points[0].changes.contains { $0.hasPrefix("Conflicts") }, "it was measured, not a rule of thumb")
    let latency = advice(CrossoverTests.sweep(), by: .p99)
    #expect(latency.objective == .p99)
  }

  @Test func `the text fits 80 columns, whatever the names`() {
    for trials in [Self.shop, CrossoverTests.sweep()] {
      let long = String(repeating: "very-", count: 30) + "\u{1B}[31mlong"
      let odd = Sample.cell("redis.lua", label: long, rates: Sample.six(4))
      let text = advice(trials + odd).text(width: 80)
      #expect(text.split(separator: "\n").allSatisfy { $0.count <= 80 })
      #expect(!text.contains("\u{1B}") && text.hasSuffix("\n"))
    }
  }

  @Test func `the JSON says the same`() throws {
    let advice = advice(Self.shop)
    let object = try JSONSerialization.jsonObject(with: Data(advice.json().utf8)) as? [String: Any]
    #expect(object?["overall"] as? String == "memory.mutex" && object?["decided"] as? Bool == true)
    let points = object?["points"] as? [[String: Any]]
    let candidates = points?.first?["candidates"] as? [[String: Any]]
    #expect(
      candidates?.compactMap { $0["strategy"] as? String } == [
        "memory.mutex", "postgres.optimistic", "postgres.for-update", "lock",
      ])
    let ratio = candidates?[1]["first_is_better_by"] as? [String: Any]
    #expect(ratio?["confidence"] as? Double == 0.95 && ratio?["separated"] as? Bool == true)
  }
}
