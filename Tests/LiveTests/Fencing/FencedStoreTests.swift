import Model
import Runtime
import StrategyCatalog
import Testing
import TrialSupport

@testable import MemoryStrategies
@testable import PostgresStrategies
@testable import RedisStrategies

#if SQLite
@testable import SQLiteStrategies
#endif
#if MariaDB
@testable import MariaDBStrategies
#endif
#if Etcd
@testable import EtcdStrategies
#endif

/// Records that compare fencing tokens: equal and higher ones are taken, lower ones refused, several records all or none.
enum FencedStores {
  static let workloads = ["counter", "transfer"]

  static func check<Store: FencedStoreClient & ~Copyable>(_: Store.Type, _ store: String, _ workload: String) throws {
    let descriptor = StrategyDescriptor(
      id: "\(store).probe", summary: "asks", documentation: .sample, needs: store == "memory" ? [] : [store],
      store: store, scope: .network, threading: .shared)
    var trial = try Trial(planted: StrategyEntry(descriptor, FenceProbe<Store>.self), workload, keys: 3)
    trial.workers = 1
    trial.operations = 1
    let outcome = try trial.run()
    outcome.expectCountsAddUp()
    #expect(outcome.total[.committed] == 1, "\(outcome.firstError ?? "")")
    #expect(outcome.verdict == .pass, "\(outcome.checks)")
  }

  /// A lock that no holder loses, around records that compare its tokens.
  static func checkHealthy(_ lock: String, over store: String, _ workload: String) throws {
    let own = StrategyCatalog.entry(id: lock, over: nil)?.descriptor.store
    var trial = try Trial(lock, over: own == store ? nil : store, workload, keys: 3)
    trial.options = ["fence": .word(Fence.readAndWrite.rawValue)]
    trial.workers = 4
    trial.operations = 60
    let outcome = try trial.run()
    outcome.expectProtection(started: 60)
    #expect(outcome.total[.leaseLost] == 0 && outcome.total[.staleEffectsAttempted] == 0)
  }

  /// One test at a time: the trials of a file do not stand each other.
  @Suite(.serialized) struct Refusals {
    @Test("memory", arguments: workloads) func memory(workload: String) throws {
      try check(FencedMemoryRecords.self, "memory", workload)
    }

    #if SQLite
    @Test("SQLite", arguments: workloads) func sqlite(workload: String) throws {
      try check(FencedSQLiteRecords.self, "sqlite", workload)
      try checkHealthy("memory.mutex", over: "sqlite", workload)
    }
    #endif
    #if MariaDB
    @Test("MariaDB", arguments: workloads) func mariaDB(workload: String) throws {
      try check(FencedMariaDBRecords.self, "mariadb", workload)
      try checkHealthy("memory.mutex", over: "mariadb", workload)
    }
    #endif
    #if Etcd
    @Test("etcd", arguments: workloads) func etcd(workload: String) throws {
      try check(FencedEtcdRecords.self, "etcd", workload)
      try checkHealthy("etcd.lock", over: "etcd", workload)
    }
    #endif
  }
}

extension PostgresTests {
  @Suite struct Fences {
    private static let locks = ["memory.mutex", "memory.rwlock", "redis.lock"] + further
    #if Etcd && ZooKeeper
    private static let further = ["etcd.lock", "etcd.lock-service", "zookeeper.lock", "zookeeper.herd-lock"]
    #else
    private static let further: [String] = []
    #endif

    @Test("a lock that lasts is never refused", arguments: locks)
    func healthy(lock: String) throws { try FencedStores.checkHealthy(lock, over: "postgres", "transfer") }

    @Test("records with a fence", arguments: FencedStores.workloads)
    func records(workload: String) throws {
      try FencedStores.check(FencedPostgresRecords.self, "postgres", workload)
    }
  }
}

extension RedisTests {
  @Suite struct Fences {
    @Test(
      "a lease that is shorter than the work loses updates, unless reads count",
      arguments: ["none", "write", "read-and-write"])
    func shortLease(fence: String) throws {
      var trial = try Trial("redis.lock", "counter")
      trial.workers = 2
      // Whoever tries again at once overtakes the one by whom it was overtaken, and so on for ever: jitter ends that.
      trial.retry.base = .milliseconds(20)
      trial.retry.cap = .milliseconds(100)
      trial.options = ["ttl": .duration(.milliseconds(5)), "fence": .word(fence)]
      trial.workload.hold = .milliseconds(8)
      trial.operations = 40
      let outcome = try trial.run()
      outcome.expectCountsAddUp()
      outcome.expectServerAgrees()
      #expect(outcome.total[.overlaps] > 0, "two believed to hold the lock")
      #expect(outcome.kinds.contains(.lostUpdate) == (fence != "read-and-write"), "\(outcome.checks)")
      #expect((outcome.total[.leaseLost] > 0) == (fence == "read-and-write"))
    }

    @Test(
      "a lock that lasts is never refused, whatever the store",
      arguments: ["redis", "memory"], FencedStores.workloads)
    func healthy(store: String, workload: String) throws {
      for lock in ["redis.lock", "redis.fenced-lock"] { try FencedStores.checkHealthy(lock, over: store, workload) }
    }

    @Test("records with a fence", arguments: FencedStores.workloads)
    func records(workload: String) throws {
      try FencedStores.check(FencedRedisRecords.self, "redis", workload)
    }
  }
}
