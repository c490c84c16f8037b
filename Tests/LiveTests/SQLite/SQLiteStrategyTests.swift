#if SQLite
import Model
import Runtime
import StrategyCatalog
import Testing
import TrialSupport
import Workloads

@testable import SQLiteStrategies

/// Every strategy of SQLite under every workload, in two worker processes with connections of their own.
@Suite struct SQLiteStrategyTests {
  /// A short trial; without syncs unless the options say otherwise, for the disk is not what is tested.
  private func trial(
    _ strategy: String, _ workload: WorkloadSettings = CounterWorkload.samples[0],
    _ options: [String: OptionValue] = [:]
  ) -> EngineTrial {
    let stated = options.merging(["synchronous": .word("off")]) { stated, _ in stated }
    return EngineTrial(TrialCase(strategy, workload, options: stated), workers: 6, processes: 2, operations: 400)
  }

  private static let protecting = SQLiteRegistry.strategies.map(\.descriptor).filter {
    $0.grade == .forbidden && $0.applicability != .script
  }

  static let cases =
    TrialCase.all(protecting)
    + protecting.map { TrialCase($0.id, TransferWorkload.samples[0], options: ["journal": .word("delete")]) }

  @Test("no strategy loses anything", arguments: cases)
  func correct(_ planned: TrialCase) throws {
    let result = try trial(planned.strategy, planned.workload, planned.options).run()
    result.expectProtection(started: 400)
    #expect(result.total[.committed] + result.total[.refused] == 400)
  }

  @Test("synced commits are counted as exactly", arguments: ["full", "normal"])
  func synced(_ synchronous: String) throws {
    var trial = trial("sqlite.immediate")
    trial.options = ["synchronous": .word(synchronous)]
    trial.operations = 100
    let result = try trial.run()
    #expect(result.verdict == .pass)
    #expect(result.total[.committed] == 100)
  }

  @Test("the control is caught", arguments: WorkloadRegistry.samples.filter(\.showsRaces))
  func control(_ workload: WorkloadSettings) throws {
    var trial = trial("sqlite.none", workload)
    trial.hold = .microseconds(200)
    try repeated(until: \.showsViolation) { try trial.run() }.expectViolation()
  }

  // MARK: failure classes

  @Test("a transaction that has read may not write any more: a conflict, however long it would wait")
  func snapshotsAreConflicts() throws {
    var trial = trial("sqlite.deferred")
    trial.hold = .milliseconds(2)
    let result = try trial.run()
    #expect(result.total[.conflict] > 0)
    #expect(result.total.failedAttempts == result.total[.conflict])
  }

  @Test("with a rollback journal the same is a deadlock that SQLite breaks")
  func upgradesAreDeadlocks() throws {
    var trial = trial("sqlite.deferred", CounterWorkload.samples[0], ["journal": .word("delete")])
    trial.hold = .milliseconds(2)
    let result = try trial.run()
    #expect(result.total[.deadlock] > 0)
    #expect(result.total[.conflict] == 0)
    #expect(result.verdict == .pass)
  }

  @Test("who waits longer than busy-timeout for the write lock gets a lock timeout", arguments: ["wal", "delete"])
  func busy(journal: String) throws {
    var trial = trial(
      "sqlite.immediate", CounterWorkload.samples[0],
      ["busy-timeout": .duration(.milliseconds(5)), "journal": .word(journal)])
    trial.hold = .milliseconds(20)
    trial.operations = 24
    trial.adjust = { $0.retry.attempts = 3 }
    let result = try trial.run()
    #expect(result.total[.lockTimeout] > 0)
    #expect(result.total.failedAttempts == result.total[.lockTimeout])
    #expect(result.total[.committed] + result.total[.gaveUp] == 24)
    #expect(result.verdict == .pass)
  }

  @Test("a version that moved is a conflict")
  func versions() throws {
    var trial = trial("sqlite.optimistic")
    trial.hold = .milliseconds(2)
    let result = try trial.run()
    #expect(result.total[.conflict] > 0)
    #expect(result.verdict == .pass)
  }

  @Test(
    "result codes have classes",
    arguments: [
      (5, .lockTimeout), (261, .lockTimeout), (773, .lockTimeout), (6, .lockTimeout), (262, .lockTimeout),
      (517, .conflict), (8, .error), (10, .error), (11, .error), (13, .error), (26, .error), (2067, .error),
    ] as [(Int32, AttemptFailure)])
  func classes(code: Int32, failure: AttemptFailure) {
    #expect(ResultCode(number: code).failure == failure)
    #expect(ResultCode(number: code).leavesDoubt == (code == 10))
  }

  // MARK: composition and registry

  @Test("locks in memory go over it", arguments: ["counter", "seats", "transfer", "profile"])
  func composed(kind: String) throws {
    for id in ["memory.mutex", "memory.rwlock"] {
      let result = try EngineTrial(id, over: "sqlite", kind, keys: 4, workers: 6, operations: 120).run()
      #expect(result.verdict == .pass, "\(result.checks)")
      #expect(result.store == "sqlite" && result.total[.overlaps] == 0)
    }
  }

  @Test("ids are unique, and everything needs SQLite alone")
  func registry() {
    let all = (SQLiteRegistry.strategies + SQLiteRegistry.floors).map(\.descriptor)
    #expect(Set(all.map(\.id)).count == all.count)
    #expect(all.allSatisfy { $0.services(over: nil) == ["sqlite"] && $0.threading == .perWorker && $0.scope == .host })
    #expect(all.filter { $0.grade == .required }.map(\.id) == ["sqlite.none"])
    let locks = StrategyCatalog.descriptors.filter { $0.stores.contains("sqlite") }.map(\.id)
    #expect(locks.contains("memory.mutex") && !locks.contains("redis.lock"))
  }
}
#endif
