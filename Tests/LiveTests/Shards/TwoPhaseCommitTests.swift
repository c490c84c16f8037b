import Engine
import Model
import Runtime
import StrategyCatalog
import Testing
import TrialSupport

extension EngineTests {
  /// Operations over several databases, with coordinators that die where it hurts.
  @Suite(.serialized) struct TwoPhaseCommit {
    /// A strategy, what it is put over, and its options.
    private struct Subject {
      var strategy = "postgres-shards.two-phase-commit"
      var over: String?
      var options: [String: OptionValue] = [:]
    }

    private func scenario(_ subject: Subject, _ kind: String = "transfer", keys: Int = 16) throws -> Scenario {
      // Few conflicts, and enough on each account that no transfer is refused.
      var scenario = try TestRun.scenario(
        kind, keys: keys, options: ["initial": .integer(100_000)], strategies: [subject.strategy], workers: 4
      ) {
        $0.load.processes = 2
        $0.load.duration = .milliseconds(900)
      }
      let entry = try #require(StrategyCatalog.entry(id: subject.strategy, over: subject.over))
      scenario.strategies[0].over = subject.over
      scenario.strategies[0].options = Options(entry.descriptor.options, stated: subject.options)
      return scenario
    }

    /// Runs a trial for each point, in which a process dies there once; on the same servers.
    private func kill(
      at points: [String], _ subject: Subject, restarts: Bool = true, _ expect: (String, TrialResult) throws -> Void
    ) throws {
      let scenario = try scenario(subject)
      try TestRun.withOwnProgram { program in
        let testbed = try Testbed(scenario, executable: program, interruption: -1)
        defer { try? testbed.close() }
        for point in points {
          var trial = try ResolvedTrial(Plan(scenario).trials[0], of: scenario)
          let settings = FaultSettings(
            kind: "kill-at-point",
            options: Options([], stated: ["point": .word(point), "then": .word(restarts ? "restart" : "nothing")]))
          trial.faults = [
            PlannedFault(KillAtPoint(settings, in: trial), at: .milliseconds(200), for: .milliseconds(50))
          ]
          let result = try testbed.run(trial)
          FaultTrial.expectCountsAddUp(result)
          #expect(result.faults.first?.injectedSecond != nil, "\(point): nobody came there")
          try expect(point, result)
        }
      }
    }

    private static let points = [
      "before-prepare", "between-prepares", "before-decision", "after-decision", "between-commits",
    ]

    @Test(
      "a coordinator that dies at any point leaves nothing half done",
      arguments: ["postgres-shards", "mariadb-shards", "mixed-shards"].filter {
        StrategyCatalog.entry(id: $0 + ".two-phase-commit", over: nil) != nil
      })
    func deaths(store: String) throws {
      try kill(at: Self.points, Subject(strategy: store + ".two-phase-commit")) { point, result in
        #expect(result.verdict == .pass, "\(point): \(result.checks)")
        // What it held was given back: others could go on, and so could those that took its place.
        #expect(result.fairness.committed.allSatisfy { $0 > 0 }, "\(point): \(result.fairness.committed)")
        #expect(result.phases.stages.allSatisfy { $0.total > 0 }, "\(point)")
      }
    }

    @Test("without recovery the branches of a coordinator that died are found")
    func withoutRecovery() throws {
      let subject = Subject(options: ["recovery": .flag(false)])
      // Others must not wait for its locks until the end of the trial.
      try kill(at: ["before-decision", "between-commits"], subject) { point, result in
        #expect(result.violations.contains { $0.kind == .inDoubtBranch }, "\(point): \(result.checks)")
      }
    }

    @Test("a branch that is rolled back by its age although it was decided to commit is found")
    func heuristics() throws {
      let subject = Subject(options: ["prepared-timeout": .duration(.milliseconds(1))])
      try kill(at: ["between-commits"], subject, restarts: false) { point, result in
        #expect(result.violations.contains { $0.kind == .conservation }, "\(point): \(result.checks)")
      }
    }

    @Test(
      "a lock around two writes creates or destroys money when its holder dies between them",
      arguments: ["postgres-shards", "mixed-shards"].filter { store in
        StrategyCatalog.descriptors.contains { $0.stores.contains(store) }
      })
    func lockAndWrite(store: String) throws {
      let subject = Subject(
        strategy: "redis.lock", over: store, options: ["ttl": .duration(.milliseconds(300)), "watchdog": .flag(false)])
      try kill(at: ["between-writes"], subject) { point, result in
        #expect(result.violations.contains { $0.kind == .conservation }, "\(point): \(result.checks)")
      }
    }

    @Test("operations that lock accounts of two databases in any order end by their limit, and lose nothing")
    func unordered() throws {
      var scenario = try scenario(Subject(options: ["lock-timeout": .duration(.milliseconds(20))]), keys: 4)
      scenario.variants[0].workload.options = Options(
        [], stated: ["ordered": .flag(false), "initial": .integer(100_000)])
      scenario.variants[0].workload.hold = .milliseconds(1)
      let result = try #require(try TestRun.run(scenario).first)
      #expect(result.failure == nil && result.verdict == .pass, "\(result.checks)")
      #expect(result.total[.lockTimeout] > 0)
    }

    @Test("decisions go to the disk together, and alone, where one database is enough not at all")
    func logSyncs() throws {
      let alone = try #require(try TestRun.run(scenario(Subject())).first)
      let together = try #require(
        try TestRun.run(scenario(Subject(options: ["group-commit": .flag(true)]))).first)
      for result in [alone, together] { #expect(result.failure == nil && result.verdict == .pass, "\(result.checks)") }
      // Half of the transfers are within one database.
      #expect(alone.total[.logSyncs] > 0 && alone.total[.logSyncs] < alone.total[.committed] * 3 / 4)
      #expect(together.total[.logSyncs] > 0 && together.total[.logSyncs] < together.total[.committed] * 3 / 4)
    }

    /// One after the other would take two round trips at least.
    @Test(
      "all databases prepare at the same time, and commit at the same time",
      arguments: ["postgres-shards", "mixed-shards"].filter {
        StrategyCatalog.entry(id: $0 + ".two-phase-commit", over: nil) != nil
      })
    func atTheSameTime(store: String) throws {
      let strategy = store + ".two-phase-commit"
      var scenario = try scenario(Subject(strategy: strategy), keys: 2)
      let distance = Distance(roundTrip: .milliseconds(60))
      let services = try #require(StrategyCatalog.descriptor(named: strategy)).services(over: nil)
      scenario.variants[0].distances = Dictionary(uniqueKeysWithValues: services.map { ($0, distance) })
      let result = try #require(try TestRun.run(scenario).first)
      #expect(result.failure == nil && result.verdict == .pass, "\(result.checks)")
      // Of MariaDB's branch, writing comes before and takes round trips of its own.
      let stages = store == "mixed-shards" ? [3] : [1, 3]
      for stage in stages {
        let fastest = try #require(result.phases.stages[stage].value(atQuantile: 0.01))
        #expect((60_000_000..<120_000_000).contains(fastest), "stage \(stage): \(fastest) ns")
      }
    }

    @Test("two databases of one server keep apart")
    func oneServer() throws {
      // Both are the same database, in which each has a schema of its own.
      var trial = EngineTrial("postgres-shards.two-phase-commit", "transfer", keys: 4, workers: 4, operations: 100)
      let database = try PrivateDatabase()
      defer { database.drop() }
      trial.urls = ["postgres": database.url, "postgres-2": database.url]
      let result = try trial.run()
      #expect(result.verdict == .pass, "\(result.checks)")
      #expect(result.phases.stages[1].total > 0)
    }
  }
}
