import Analysis
import Model
import StrategyCatalog
import Testing

@Suite struct FamilyTests {
  @Test func `advice knows the family of every strategy that protects records`() {
    let protecting = StrategyCatalog.descriptors.filter { $0.grade == .forbidden && $0.covers(.unguardedAdd) }
    for strategy in protecting where !strategy.id.hasPrefix("floor.") && strategy.id != "external.records" {
      #expect(Family.of(strategy, over: strategy.store) != nil, "add \(strategy.id) to Family")
    }
  }

  @Test(arguments: [
    ("postgres.for-update", "postgres", Family.pessimistic), ("postgres.advisory-lock", "postgres", .pessimistic),
    ("postgres.advisory-lock", "redis", .distributedLock), ("redis.lock", "redis", .distributedLock),
    ("redis.lock", "postgres", .distributedLock), ("memory.mutex", "postgres", .inProcessLock),
    ("postgres.count-then-insert", "postgres", .optimistic), ("mariadb.count-then-insert", "mariadb", .pessimistic),
    ("memory.cas", "memory", .optimistic), ("redis.watch", "redis", .optimistic), ("redis.lua", "redis", .atomic),
  ])
  func `families`(id: String, store: String, family: Family) throws {
    let strategy = try #require(StrategyCatalog.descriptors.first { $0.id == id })
    #expect(Family.of(strategy, over: store) == family)
  }
}
