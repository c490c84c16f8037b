#if SQLite
import Model
import Runtime
import StrategyCatalog
import Testing

@testable import SQLiteStrategies

/// Every strategy of SQLite under every workload, in two worker processes with connections of their own.
@Suite struct SQLiteStrategyTests {
  struct Case: Sendable, CustomTestStringConvertible {
    let strategy: String
    let workload: (kind: String, keys: Int, options: [String: OptionValue])
    var options: [String: OptionValue] = [:]
    var testDescription: String { "\(strategy), \(workload), \(options)" }

    /// A short trial; without syncs unless the options say otherwise, for the disk is not what is tested.
    func run(adjust: (inout Variant) -> Void = { _ in }) throws -> TrialResult {
      let descriptor = try #require(StrategyCatalog.entry(id: strategy, over: nil)?.descriptor)
      var scenario = try TestRun.scenario(
        workload.kind, keys: workload.keys, options: workload.options, strategies: [strategy], workers: 6
      ) { variant in
        variant.load.processes = 2
        variant.load.duration = nil
        variant.load.operations = 400
        variant.load.warmup = .zero
        variant.retry.deadline = .seconds(60)
        adjust(&variant)
      }
      let stated = options.merging(["synchronous": .word("off")]) { stated, _ in stated }
      scenario.strategies[0].options = Options(descriptor.options, stated: stated)
      let results = try TestRun.run(scenario)
      let result = try #require(results.first)
      #expect(result.failure == nil)
      #expect(result.firstError == nil)
      return result
    }
  }

  private static let workloads: [(kind: String, keys: Int, options: [String: OptionValue])] = [
    ("counter", 1, [:]),
    ("stock", 1, ["initial": .integer(100), "amount": .integer(3)]),
    ("seats", 2, [:]), ("seats", 6, ["span": .integer(3)]),
    ("transfer", 4, ["initial": .integer(10)]),
    ("profile", 2, ["fields": .integer(8), "reads": .number(0.5)]),
  ]
  private static let protecting = SQLiteRegistry.strategies.map(\.descriptor).filter { $0.grade == .forbidden }

  static let cases = protecting.flatMap { strategy in
    workloads.map { Case(strategy: strategy.id, workload: $0) }
      + [Case(strategy: strategy.id, workload: workloads[4], options: ["journal": .word("delete")])]
  }

  @Test("no strategy loses anything", arguments: cases)
  func correct(_ planned: Case) throws {
    let result = try planned.run()
    #expect(result.verdict == .pass, "\(result.checks)")
    #expect(result.total[.started] == 400)
    #expect(result.total[.committed] > 20)
    #expect(result.total[.committed] + result.total[.refused] == 400)
    #expect(result.total[.overlaps] == 0)
  }

  @Test("synced commits are counted as exactly", arguments: ["full", "normal"])
  func synced(_ synchronous: String) throws {
    let planned = Case(
      strategy: "sqlite.immediate", workload: Self.workloads[0], options: ["synchronous": .word(synchronous)])
    let result = try planned.run { $0.load.operations = 100 }
    #expect(result.verdict == .pass)
    #expect(result.total[.committed] == 100)
  }

  @Test("the control is caught", arguments: workloads.indices)
  func control(_ index: Int) throws {
    let result = try Case(strategy: "sqlite.none", workload: Self.workloads[index]).run {
      $0.workload.hold = .microseconds(200)
    }
    #expect(result.verdict == .violation, "\(result.checks)")
    #expect(result.total[.overlaps] > 0)
  }

  // MARK: failure classes

  @Test("a transaction that has read may not write any more: a conflict, however long it would wait")
  func snapshotsAreConflicts() throws {
    let result = try Case(strategy: "sqlite.deferred", workload: Self.workloads[0]).run {
      $0.workload.hold = .milliseconds(2)
    }
    #expect(result.total[.conflict] > 0)
    #expect(result.total.failedAttempts == result.total[.conflict])
  }

  @Test("with a rollback journal the same is a deadlock that SQLite breaks")
  func upgradesAreDeadlocks() throws {
    let planned = Case(
      strategy: "sqlite.deferred", workload: Self.workloads[0], options: ["journal": .word("delete")])
    let result = try planned.run { $0.workload.hold = .milliseconds(2) }
    #expect(result.total[.deadlock] > 0)
    #expect(result.total[.conflict] == 0)
    #expect(result.verdict == .pass)
  }

  @Test("who waits longer than busy-timeout for the write lock gets a lock timeout", arguments: ["wal", "delete"])
  func busy(journal: String) throws {
    let planned = Case(
      strategy: "sqlite.immediate", workload: Self.workloads[0],
      options: ["busy-timeout": .duration(.milliseconds(5)), "journal": .word(journal)])
    let result = try planned.run {
      $0.workload.hold = .milliseconds(20)
      $0.load.operations = 24
      $0.retry.attempts = 3
    }
    #expect(result.total[.lockTimeout] > 0)
    #expect(result.total.failedAttempts == result.total[.lockTimeout])
    #expect(result.total[.committed] + result.total[.gaveUp] == 24)
    #expect(result.verdict == .pass)
  }

  @Test("a version that moved is a conflict")
  func versions() throws {
    let result = try Case(strategy: "sqlite.optimistic", workload: Self.workloads[0]).run {
      $0.workload.hold = .milliseconds(2)
    }
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
      var scenario = try TestRun.scenario(kind, keys: 4, strategies: [id], workers: 6) { variant in
        variant.load.duration = nil
        variant.load.operations = 120
      }
      scenario.strategies[0].over = "sqlite"
      let results = try TestRun.run(scenario)
      let result = try #require(results.first)
      #expect(result.failure == nil && result.verdict == .pass, "\(result.checks)")
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
