#if Memcached
import Model
import Runtime
import StrategyCatalog
import Testing

@testable import MemcachedStrategies

/// Every strategy of memcached under every workload that it applies to, in two worker processes.
@Suite struct MemcachedStrategyTests {
  struct Case: Sendable, CustomTestStringConvertible {
    let strategy: String
    let workload: (kind: String, keys: Int, options: [String: OptionValue])
    var options: [String: OptionValue] = [:]
    var over: String?
    var testDescription: String { "\(strategy), \(workload), \(options)" }

    func run(adjust: (inout Variant) -> Void = { _ in }) throws -> TrialResult {
      let descriptor = try #require(StrategyCatalog.entry(id: strategy, over: over)?.descriptor)
      var scenario = try TestRun.scenario(
        workload.kind, keys: workload.keys, options: workload.options, strategies: [strategy], workers: 8
      ) { variant in
        variant.load.processes = 2
        variant.load.duration = nil
        variant.load.operations = 1200
        variant.load.warmup = .zero
        variant.retry.deadline = .seconds(60)
        adjust(&variant)
      }
      scenario.strategies[0].options = Options(descriptor.options, stated: options)
      scenario.strategies[0].over = over
      let results = try TestRun.run(scenario)
      let result = try #require(results.first)
      #expect(result.failure == nil)
      #expect(result.firstError == nil)
      #expect(result.total.openOperations == 0 && result.total.openAttempts == 0)
      return result
    }
  }

  private static let counter: (kind: String, keys: Int, options: [String: OptionValue]) = ("counter", 1, [:])
  private static let workloads: [(kind: String, keys: Int, options: [String: OptionValue])] = [
    counter,
    ("stock", 1, ["initial": .integer(300), "amount": .integer(3)]),
    ("seats", 2, [:]), ("seats", 6, ["span": .integer(3)]),
    ("transfer", 4, ["initial": .integer(10)]),
    ("profile", 2, ["fields": .integer(8), "reads": .number(0.5)]),
  ]

  static let cases =
    workloads.map { Case(strategy: "memcached.add-lock", workload: $0) }
    + workloads.prefix(3).map { Case(strategy: "memcached.cas", workload: $0) }
    + [Case(strategy: "memcached.incr", workload: counter)]

  @Test("no strategy loses anything, and the server counts what we count", arguments: cases)
  func correct(_ planned: Case) throws {
    let result = try planned.run()
    #expect(result.verdict == .pass, "\(result.checks)")
    #expect(result.total[.started] == 1200)
    #expect(result.total[.committed] > 50)
    #expect(result.total[.committed] + result.total[.refused] == 1200)
    #expect(result.total[.overlaps] == 0)
    #expect(result.total[.expiredHolds] == 0)
    let commands = try #require(result.crossChecks.first { $0.name == "commands" })
    #expect(commands.client == commands.server && commands.server >= 1200, "\(commands)")
  }

  @Test("the control is caught", arguments: workloads)
  func control(_ workload: (kind: String, keys: Int, options: [String: OptionValue])) throws {
    let result = try Case(strategy: "memcached.none", workload: workload).run()
    #expect(result.verdict == .violation, "\(result.checks)")
    #expect(result.total[.overlaps] > 0)
  }

  @Test("losers of cas are conflicts")
  func conflicts() throws {
    let result = try Case(strategy: "memcached.cas", workload: Self.counter).run {
      $0.workload.hold = .milliseconds(1)
      $0.load.operations = 200
    }
    #expect(result.verdict == .pass)
    #expect(result.total[.conflict] > 0)
    #expect(result.total.failedAttempts == result.total[.conflict])
  }

  @Test("a lock that expires during the work is caught, and knows it")
  func expiredLock() throws {
    let planned = Case(
      strategy: "memcached.add-lock", workload: Self.counter, options: ["ttl": .duration(.seconds(1))])
    let result = try planned.run {
      $0.workload.hold = .milliseconds(1500)
      $0.load.operations = 6
      $0.load.workers = [3]
    }
    #expect(result.verdict == .violation, "\(result.checks)")
    #expect(result.total[.overlaps] > 0)
    #expect(result.total[.expiredHolds] > 0)
  }

  @Test("a dead holder blocks others until its item expires")
  func deadHolder() throws {
    let entry = StrategyEntry(
      AddLock.descriptor(over: "memcached"), Locked<DyingHolder<AddLock>, MemcachedRecords>.self)
    var trial = try ServiceTrial("memcached", entry, "counter") {
      try MemcachedAdministration(url: $0, namespace: $1)
    }
    trial.options = ["ttl": .duration(.seconds(1))]
    trial.operations = 40
    let outcome = try trial.run()
    outcome.expectCountsAddUp()
    #expect(outcome.verdict == .pass, "\(outcome.checks)")
    #expect(outcome.total[.committed] == 40)
    #expect(outcome.total[.polls] > 0)
  }

  @Test("who waits longer than the timeout does not get the lock")
  func notAcquired() throws {
    let planned = Case(
      strategy: "memcached.add-lock", workload: Self.counter, options: ["timeout": .duration(.milliseconds(20))])
    let result = try planned.run {
      $0.workload.hold = .milliseconds(300)
      $0.load.operations = 4
      $0.load.workers = [4]
      $0.retry.attempts = 2
    }
    #expect(result.verdict == .pass, "\(result.checks)")
    #expect(result.total[.notAcquired] > 0)
    #expect(result.total[.gaveUp] > 0)
    #expect(result.total[.polls] > 10)
  }

  @Test("the lock goes over other stores", arguments: ["memory", "redis"])
  func lockOverOtherStores(store: String) throws {
    for workload in [Self.workloads[0], Self.workloads[4]] {
      let result = try Case(strategy: "memcached.add-lock", workload: workload, over: store).run()
      #expect(result.verdict == .pass, "\(result.checks)")
      #expect(result.total[.overlaps] == 0)
      #expect(result.total[.polls] > 0)
    }
  }

  @Test("other locks go over it", arguments: ["redis.lock", "memory.mutex"])
  func otherLocks(id: String) throws {
    let result = try Case(strategy: id, workload: Self.workloads[4], over: "memcached").run {
      $0.load.processes = 1
      $0.load.operations = 200
    }
    #expect(result.verdict == .pass, "\(result.checks)")
  }

  @Test("the floor sends one command per operation")
  func floor() throws {
    let result = try Case(strategy: "floor.memcached-get", workload: Self.counter).run()
    #expect(result.total[.statements] == 1200)
  }

  @Test("ids are unique, and everything needs memcached")
  func registry() {
    let descriptors = (MemcachedRegistry.strategies + MemcachedRegistry.floors).map(\.descriptor)
    #expect(Set(descriptors.map(\.id)).count == descriptors.count)
    #expect(descriptors.allSatisfy { $0.services(over: nil) == ["memcached"] && $0.threading == .shared })
    #expect(descriptors.filter { $0.grade == .required }.map(\.id) == ["memcached.none"])
  }
}
#endif
