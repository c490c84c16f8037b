import MemoryStrategies
import Model
import Runtime
import Testing
import TrialSupport

@testable import PostgresStrategies

extension PostgresTests {
  /// Locks that are rows of a table: what happens when they expire, when their holder dies, and when one is careless.
  @Suite struct LockTables {
    /// Holders that outlive their locks.
    private func overrun(
      _ strategy: String, _ options: [String: OptionValue], operations: Int = 40, workers: Int = 4
    ) throws -> TrialOutcome {
      var trial = try Trial(strategy, "counter")
      trial.options = options
      trial.workers = workers
      trial.operations = operations
      trial.retry.deadline = nil
      // Whoever tries again at once overtakes the one by whom it was overtaken, and so on for ever: jitter ends that.
      trial.retry.base = .milliseconds(20)
      trial.retry.cap = .milliseconds(100)
      trial.workload.hold = .milliseconds(20)
      let outcome = try trial.run()
      outcome.expectCountsAddUp()
      outcome.expectServerAgrees()
      return outcome
    }

    @Test("a lock that expires while it is held loses updates", arguments: ["shedlock", "spring-lock", "lock-row"])
    func expiry(name: String) throws {
      let options: [String: [String: OptionValue]] = [
        "shedlock": ["lock-at-most-for": .duration(.milliseconds(5)), "locked-by": .word("worker")],
        "spring-lock": [
          "ttl": .duration(.milliseconds(5)), "local-lock": .flag(false),
          "idle-between-tries": .duration(.milliseconds(1)),
        ],
        "lock-row": ["ttl": .duration(.milliseconds(5)), "fence": .word("none")],
      ]
      let outcome = try overrun("postgres.\(name)", options[name] ?? [:])
      #expect(outcome.verdict == .violation)
      #expect(outcome.kinds.contains(.duplicateValue))
      #expect(outcome.total[.overlaps] > 0)
      #expect(outcome.total[.expiredHolds] > 0)
    }

    @Test("with fencing the records refuse who was overtaken, whatever the clean-up job does")
    func fencing() throws {
      let outcome = try overrun(
        "postgres.lock-row",
        ["ttl": .duration(.milliseconds(15)), "clean-up": .duration(.milliseconds(1))], operations: 12, workers: 2)
      #expect(outcome.verdict == .pass, "\(outcome.checks)")
      #expect(outcome.total[.leaseLost] > 0)
      #expect(outcome.total[.overlaps] > 0)
      #expect(outcome.total[.committed] == 12)
    }

    @Test("fencing keeps several records of one operation together")
    func fencedTransfer() throws {
      var trial = try Trial("postgres.lock-row", "transfer", keys: 4, ["initial": .integer(10)])
      trial.options = ["ttl": .duration(.milliseconds(10)), "clean-up": .duration(.milliseconds(1))]
      trial.operations = 60
      trial.workload.hold = .milliseconds(6)
      let outcome = try trial.run()
      outcome.expectCountsAddUp()
      #expect(outcome.verdict == .pass, "\(outcome.checks)")
      #expect(outcome.total[.leaseLost] > 0)
    }

    @Test("ShedLock's release by host gives back the lock of a successor")
    func lockedByHost() throws {
      let outcome = try overrun("postgres.shedlock", ["lock-at-most-for": .duration(.milliseconds(15))])
      #expect(outcome.verdict == .violation)
      // Whoever holds the lock by now: its row is found, so the release goes unnoticed.
      #expect(outcome.total[.expiredHolds] == 0)
    }

    @Test("a lock lasts for lock-at-least-for")
    func atLeast() throws {
      var trial = try Trial("postgres.shedlock", "counter")
      trial.options = ["lock-at-least-for": .duration(.milliseconds(30))]
      trial.workers = 2
      trial.operations = 6
      let started = monotonicNow()
      let outcome = try trial.run()
      outcome.expectCountsAddUp()
      #expect(outcome.verdict == .pass)
      #expect(outcome.total[.notAcquired] > 0)
      #expect(monotonicNow() - started >= 5 * 29_000_000)
    }

    @Test("the locks of a holder that died expire")
    func deadHolder() throws {
      let shed = StrategyEntry(
        ShedLockTable.descriptor(over: "memory"),
        Locked<DyingHolder<LockTableClient<ShedLockTable>>, MemoryRecords>.self)
      let spring = StrategyEntry(
        SpringLockTable.descriptor(over: "memory"),
        Locked<DyingHolder<LockTableClient<SpringLockTable>>, MemoryRecords>.self)
      let cases: [(StrategyEntry, [String: OptionValue])] = [
        (shed, ["lock-at-most-for": .duration(.milliseconds(200))]),
        (spring, ["ttl": .duration(.milliseconds(200)), "local-lock": .flag(false)]),
      ]
      for (entry, options) in cases {
        var trial = try Trial(planted: entry)
        trial.options = options
        trial.operations = 40
        let outcome = try trial.run()
        outcome.expectCountsAddUp()
        #expect(outcome.verdict == .pass, "\(outcome.checks)")
        #expect(outcome.total[.committed] == 40)
        #expect(outcome.total[.notAcquired] + outcome.total[.polls] > 0)
      }
    }

    @Test("without an expiry nobody gets the lock of a holder that died")
    func deadHolderWithoutExpiry() throws {
      let entry = StrategyEntry(
        InsertOnConflict.descriptor(over: "memory"),
        Locked<DyingHolder<LockTableClient<InsertOnConflict>>, MemoryRecords>.self)
      var trial = try Trial(planted: entry)
      trial.options = ["timeout": .duration(.milliseconds(20))]
      trial.operations = 40
      trial.retry.attempts = 1
      let outcome = try trial.run()
      outcome.expectCountsAddUp()
      #expect(outcome.verdict == .pass, "\(outcome.checks)")
      #expect(outcome.total[.committed] == 1)
      #expect(outcome.total[.gaveUp] == 39)
    }

    @Test("locks protect another store", arguments: ["lock-row", "insert-on-conflict", "shedlock", "spring-lock"])
    func composed(name: String) throws {
      for kind in ["counter", "transfer"] {
        var trial = try Trial("postgres.\(name)", over: "memory", kind, keys: 4)
        trial.operations = 160
        let outcome = try trial.run()
        outcome.expectCountsAddUp()
        outcome.expectServerAgrees()
        #expect(outcome.verdict == .pass, "\(outcome.checks)")
        #expect(outcome.total[.overlaps] == 0)
      }
    }

    @Test("a lock that does not look whether its row was inserted is caught")
    func careless() throws {
      let entry = StrategyEntry(
        InsertOnConflict.descriptor(over: "postgres"), Locked<LockTableClient<CarelessTable>, PostgresRecords>.self)
      let outcome = try Trial(planted: entry).run()
      outcome.expectCountsAddUp()
      #expect(outcome.verdict == .violation)
      #expect(outcome.total[.overlaps] > 0)
    }

    @Test("Spring's registry excludes other processes, the lock of the process alone does not")
    func processes() throws {
      var trial = EngineTrial("postgres.spring-lock", workers: 4, processes: 2)
      trial.options = ["idle-between-tries": .duration(.milliseconds(2))]
      let result = try trial.run()
      #expect(result.verdict == .pass, "\(result.checks)")
      #expect(result.total[.committed] == 200)
      #expect(result.total[.polls] > 0)
    }
  }
}

/// A planted fault: takes every answer to its insertion for the lock.
private struct CarelessTable: LockTable {
  private var honest: InsertOnConflict

  static func configure(_ environment: StrategyEnvironment) -> InsertOnConflict.Configuration {
    InsertOnConflict.configure(environment)
  }
  static func statements(_ configuration: InsertOnConflict.Configuration) -> [Statement] {
    InsertOnConflict.statements(configuration)
  }
  static func waiting(_ configuration: InsertOnConflict.Configuration) -> Waiting? { nil }

  init(_ configuration: InsertOnConflict.Configuration, _ worker: WorkerContext) {
    honest = InsertOnConflict(configuration, worker)
  }

  mutating func take(_ record: Int32, _ connection: inout Connection) async throws(AttemptFailure) -> Bool {
    _ = try await honest.take(record, &connection)
    return true
  }
  mutating func giveBack(_ record: Int32, _ connection: inout Connection) async throws(AttemptFailure) -> Bool {
    try await honest.giveBack(record, &connection)
  }
}
