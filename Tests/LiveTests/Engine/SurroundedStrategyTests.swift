import Engine
import Model
import Runtime
import StrategyCatalog
import Testing
import TrialSupport

/// Locks around strategies that protect their own records.
@Suite(.serialized) struct SurroundedStrategyTests {
  private func run(_ id: String, over store: String? = nil, stated: [String: OptionValue] = [:]) throws -> TrialResult {
    var trial = EngineTrial(id, over: store, workers: 4)
    trial.options = stated
    trial.hold = .milliseconds(4)
    trial.adjust = {
      $0.load.operations = nil
      $0.load.duration = .milliseconds(600)
    }
    return try trial.run()
  }

  @Test("when the lock expires too soon, the strategy inside still keeps the promise")
  func expiringLock() throws {
    let stated = ["ttl": OptionValue.duration(.milliseconds(1))]
    let alone = try run("redis.lock", over: "postgres", stated: stated)
    #expect(alone.verdict == .violation && alone.total[.expiredHolds] > 0)
    let around = try run("redis.lock over postgres.for-update", stated: stated)
    #expect(around.verdict == .pass, "\(around.checks)")
    #expect(around.total[.expiredHolds] > 0 && around.total[.committed] > 20)
    #expect(around.store == "postgres" && around.crossChecks.allSatisfy(\.agrees))
  }

  @Test("a lock in memory goes around a strategy in a server")
  func lockInMemory() throws {
    let result = try run("memory.mutex over postgres.optimistic")
    #expect(result.verdict == .pass && result.total[.committed] > 20)
    #expect(result.total[.conflict] == 0, "who waits outside loses nothing inside")
  }

  @Test("the composition has the needs, options and promises of both")
  func descriptor() throws {
    let both = try #require(StrategyCatalog.descriptor(named: "redis.lock over db-pessimistic"))
    #expect(both.id == "redis.lock over postgres.for-update")
    #expect(both.services(over: nil) == ["redis", "postgres"] && both.store == "postgres" && both.stores.isEmpty)
    #expect(Set(["ttl", "pipeline"]).isSubset(of: both.options.map(\.name)))
    #expect(both.grade == .forbidden && both.scope == .network)
    let clash = try #require(StrategyCatalog.descriptor(named: "redis.lock over postgres.lock-timeout"))
    #expect(Set(clash.options.map(\.name)).count == clash.options.count)
    #expect(clash.options.contains { $0.name.hasPrefix("inner-") })
  }

  @Test(
    "no lock goes around a lock, a control, a floor, or what blocks its thread",
    arguments: [
      "redis.lock over redis.lock", "redis.lock over postgres.none", "redis.lock over floor.postgres-select",
      "redis.lock over memory.cas", "postgres.for-update over redis.lock", "redis.lock over nothing", "over",
    ])
  func refused(id: String) { #expect(StrategyCatalog.entry(id: id, over: nil) == nil) }
}
