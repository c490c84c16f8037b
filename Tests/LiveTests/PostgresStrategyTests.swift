import MemoryStrategies
import Model
import Runtime
import Testing
import Workloads

@testable import PostgresStrategies

extension PostgresTests {
  /// Every strategy under every workload that it can run: eight sessions, real contention.
  @Suite struct Strategies {
    struct Case: Sendable, CustomTestStringConvertible {
      let strategy: String
      let options: [String: OptionValue]
      let workload: (kind: String, keys: Int, options: [String: OptionValue])
      var testDescription: String { "\(strategy) \(options), \(workload)" }

      var trial: PostgresTrial {
        var trial = PostgresTrial(strategy, workload.kind, keys: workload.keys, workload.options)
        trial.options = options
        // Three or four commits each, where others need one.
        let isLockInTable = ["lock-row", "insert-on-conflict", "shedlock", "spring-lock"].contains {
          strategy == "postgres." + $0
        }
        if isLockInTable { trial.operations = 160 }
        // Nobody queues for some of them: on a busy machine one waits for all others.
        trial.retry.deadline = .seconds(50)
        return trial
      }
    }

    private static let workloads: [(kind: String, keys: Int, options: [String: OptionValue])] = [
      ("counter", 1, [:]),
      ("stock", 1, ["initial": .integer(500), "amount": .integer(3)]),
      ("seats", 2, [:]), ("seats", 6, ["span": .integer(3)]),
      ("transfer", 4, ["initial": .integer(10)]),
      ("profile", 2, ["fields": .integer(1), "reads": .number(0.5)]),
      ("profile", 2, ["fields": .integer(8), "reads": .number(0.5)]),
    ]

    private static let strategies: [(String, [String: OptionValue])] = [
      ("postgres.for-update", [:]), ("postgres.for-update", ["pipeline": .flag(true)]),
      ("postgres.for-no-key-update", [:]), ("postgres.for-no-key-update", ["pipeline": .flag(true)]),
      ("postgres.nowait", [:]), ("postgres.lock-timeout", [:]), ("postgres.skip-locked", [:]),
      ("postgres.table-lock", [:]), ("postgres.table-lock", ["mode": .word("access-exclusive")]),
      ("postgres.optimistic", [:]), ("postgres.optimistic", ["transaction": .flag(true)]),
      ("postgres.atomic", [:]), ("postgres.repeatable-read", [:]), ("postgres.serializable", [:]),
      ("postgres.count-then-insert", [:]),
      ("postgres.advisory-lock", [:]), ("postgres.advisory-lock", ["shared": .flag(false)]),
      ("postgres.advisory-lock", ["scope": .word("session")]), ("postgres.advisory-lock", ["try": .flag(true)]),
      ("postgres.advisory-lock", ["scope": .word("session"), "try": .flag(true)]),
      ("postgres.lock-row", [:]), ("postgres.lock-row", ["fence": .flag(false)]),
      ("postgres.insert-on-conflict", [:]), ("postgres.shedlock", [:]), ("postgres.spring-lock", [:]),
      ("postgres.spring-lock", ["local-lock": .flag(false), "idle-between-tries": .duration(.milliseconds(1))]),
    ]

    /// Options change how locks are taken, so where they are stated the plainest and the largest operations will do.
    static let cases = strategies.flatMap { strategy, options in
      workloads.filter { options.isEmpty || ["counter", "transfer", "profile"].contains($0.kind) }.map {
        Case(strategy: strategy, options: options, workload: $0)
      }
    }

    @Test("no strategy loses anything, and the server counts what we count", arguments: cases)
    func correct(_ planned: Case) throws {
      let outcome = try planned.trial.run()
      outcome.expectCountsAddUp()
      outcome.expectServerAgrees()
      #expect(outcome.verdict == .pass, "\(outcome.checks)")
      #expect(outcome.total[.overlaps] == 0)
      #expect(outcome.total[.started] == Int64(planned.trial.operations))
      #expect(outcome.total[.committed] > 20)
      #expect(outcome.total[.gaveUp] == 0)
    }

    @Test("the control is caught", arguments: workloads.filter { $0.options["fields"] != .integer(1) })
    func control(_ workload: (kind: String, keys: Int, options: [String: OptionValue])) throws {
      let planned = Case(strategy: "postgres.none", options: [:], workload: workload)
      var trial = planned.trial
      trial.operations = 2400
      let outcome = try trial.run()
      outcome.expectCountsAddUp()
      outcome.expectServerAgrees()
      #expect(outcome.verdict == .violation, "\(outcome.checks)")
      #expect(outcome.total[.overlaps] > 0)
    }

    @Test("torn reads and duplicate values of the control are seen")
    func watchedControl() throws {
      let profile = try PostgresTrial(
        "postgres.none", "profile", keys: 1, ["fields": .integer(8), "reads": .number(0.5)]
      ).run()
      #expect(profile.kinds.contains(.tornRead))
      let counter = try PostgresTrial("postgres.none", "counter").run()
      #expect(counter.kinds.contains(.duplicateValue))
      #expect(counter.total[.comparedValues] == counter.total[.committed])
    }

    @Test("the advisory lock protects another store", arguments: ["transaction", "session"], ["counter", "transfer"])
    func composed(scope: String, kind: String) throws {
      let entries = PostgresLocks().locks(OverRecords(MemoryRecords.self, "memory"))
      let entry = try #require(entries.first { $0.descriptor.aliases == ["advisory-lock"] })
      var trial = PostgresTrial("postgres.advisory-lock", kind, keys: 4)
      trial.options = ["scope": .word(scope)]
      let outcome = try trial.run(entry)
      outcome.expectCountsAddUp()
      outcome.expectServerAgrees()
      #expect(outcome.verdict == .pass, "\(outcome.checks)")
      #expect(outcome.total[.overlaps] == 0)
    }

    @Test("a lock in memory protects the table", arguments: ["counter", "seats", "transfer", "profile"])
    func recordsUnderLock(kind: String) throws {
      let entries = MemoryLocks().locks(OverRecords(PostgresRecords.self, "postgres"))
      let entry = try #require(entries.first { $0.descriptor.id == "memory.mutex" })
      let outcome = try PostgresTrial("memory.mutex", kind, keys: 4).run(entry)
      outcome.expectCountsAddUp()
      outcome.expectServerAgrees()
      #expect(outcome.verdict == .pass, "\(outcome.checks)")
      #expect(outcome.total[.committed] > 20)
    }

    @Test(
      "optimistic losers are conflicts, serializable losers too",
      arguments: ["optimistic", "repeatable-read", "serializable", "count-then-insert"])
    func conflicts(name: String) throws {
      var trial = PostgresTrial("postgres.\(name)", "counter")
      trial.workload.hold = .milliseconds(1)
      trial.operations = 100
      let outcome = try trial.run()
      outcome.expectServerAgrees()
      #expect(outcome.verdict == .pass)
      #expect(outcome.total[.conflict] > 0)
      #expect(outcome.total[.error] == 0)
    }
  }
}
