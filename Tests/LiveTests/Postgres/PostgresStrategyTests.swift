import MemoryStrategies
import Model
import Runtime
import Testing
import TrialSupport
import Workloads

@testable import PostgresStrategies

extension PostgresTests {
  /// Every strategy under every workload that it can run: eight sessions, real contention.
  @Suite struct Strategies {
    private static let strategies: [(String, [String: OptionValue])] = [
      ("postgres.for-update", [:]), ("postgres.for-update", ["pipeline": .flag(true)]),
      ("postgres.for-no-key-update", [:]), ("postgres.for-no-key-update", ["pipeline": .flag(true)]),
      ("postgres.nowait", [:]), ("postgres.lock-timeout", [:]), ("postgres.skip-locked", [:]),
      ("postgres.table-lock", [:]), ("postgres.table-lock", ["mode": .word("access-exclusive")]),
      ("postgres.optimistic", [:]), ("postgres.optimistic", ["transaction": .flag(true)]),
      ("postgres.atomic", [:]), ("postgres.repeatable-read", [:]), ("postgres.serializable", [:]),
      ("postgres.count-then-insert", [:]),
      ("postgres.event-append", [:]), ("postgres.event-append", ["snapshot-every": .integer(0)]),
      ("postgres.event-append", ["snapshot-every": .integer(2)]), ("postgres.event-stream-row", [:]),
      ("postgres.event-category-lock", [:]),
      ("postgres.advisory-lock", [:]), ("postgres.advisory-lock", ["shared": .flag(false)]),
      ("postgres.advisory-lock", ["scope": .word("session")]), ("postgres.advisory-lock", ["try": .flag(true)]),
      ("postgres.advisory-lock", ["scope": .word("session"), "try": .flag(true)]),
      ("postgres.lock-row", [:]), ("postgres.lock-row", ["fence": .flag(false)]),
      ("postgres.insert-on-conflict", [:]), ("postgres.shedlock", [:]), ("postgres.spring-lock", [:]),
      ("postgres.spring-lock", ["local-lock": .flag(false), "idle-between-tries": .duration(.milliseconds(1))]),
    ]

    /// Options change how locks are taken, so where they are stated the plainest and the largest operations will do.
    static let cases = strategies.flatMap { strategy, options in
      let descriptor = PostgresRegistry.strategies.first { $0.descriptor.id == strategy }?.descriptor
      return WorkloadRegistry.samples
        .filter { options.isEmpty || ["counter", "transfer", "profile"].contains($0.kind) }
        .filter { descriptor?.protects($0) != false }
        .map { TrialCase(strategy, $0, options: options) }
    }

    @Test("no strategy loses anything, and the server counts what we count", arguments: cases)
    func correct(_ planned: TrialCase) throws {
      var trial = try Trial(planned)
      // Every strategy under every sample: what a disk has to sync counts many times.
      trial.operations = 160
      // Nobody queues for some of them: on a busy machine one waits for all others.
      trial.retry.deadline = .seconds(50)
      let outcome = try trial.run()
      outcome.expectProtection(started: trial.operations)
      outcome.expectServerAgrees()
    }

    @Test("the control is caught", arguments: WorkloadRegistry.samples.filter(\.showsRaces))
    func control(_ workload: WorkloadSettings) throws {
      var trial = try Trial("postgres.none", workload)
      trial.operations = 2400
      let outcome = try repeated(until: \.showsViolation) { try trial.run() }
      outcome.expectViolation()
      outcome.expectServerAgrees()
    }

    @Test("torn reads and duplicate values of the control are seen")
    func watchedControl() throws {
      let profile = try repeated(until: { $0.kinds.contains(.tornRead) }) {
        try Trial("postgres.none", "profile", keys: 1, ["fields": .integer(8), "reads": .number(0.5)]).run()
      }
      #expect(profile.kinds.contains(.tornRead))
      let counter = try repeated(until: { $0.kinds.contains(.duplicateValue) }) {
        try Trial("postgres.none", "counter").run()
      }
      #expect(counter.kinds.contains(.duplicateValue))
      #expect(counter.total[.comparedValues] == counter.total[.committed])
    }

    @Test("the advisory lock protects another store", arguments: ["transaction", "session"], ["counter", "transfer"])
    func composed(scope: String, kind: String) throws {
      var trial = try Trial("postgres.advisory-lock", over: "memory", kind, keys: 4)
      trial.options = ["scope": .word(scope)]
      let outcome = try trial.run()
      outcome.expectCountsAddUp()
      outcome.expectServerAgrees()
      #expect(outcome.verdict == .pass, "\(outcome.checks)")
      #expect(outcome.total[.overlaps] == 0)
    }

    @Test("a lock in memory protects the table", arguments: ["counter", "seats", "transfer", "profile"])
    func recordsUnderLock(kind: String) throws {
      let outcome = try Trial("memory.mutex", over: "postgres", kind, keys: 4).run()
      outcome.expectCountsAddUp()
      outcome.expectServerAgrees()
      #expect(outcome.verdict == .pass, "\(outcome.checks)")
      #expect(outcome.total[.committed] > 20)
    }

    @Test(
      "optimistic losers are conflicts, serializable losers too",
      arguments: ["optimistic", "repeatable-read", "serializable", "count-then-insert"])
    func conflicts(name: String) throws {
      var trial = try Trial("postgres.\(name)", "counter")
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
