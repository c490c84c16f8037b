#if Memcached
import Model
import Runtime
import StrategyCatalog
import Testing
import TrialSupport
import Workloads

@testable import MemcachedStrategies

/// Every strategy of memcached under every workload that it applies to, in two worker processes.
@Suite struct MemcachedStrategyTests {
  private func trial(
    _ strategy: String, over store: String? = nil, _ workload: WorkloadSettings = CounterWorkload.samples[0]
  ) -> EngineTrial {
    EngineTrial(TrialCase(strategy, workload), over: store, processes: 2, operations: 1200)
  }

  static let cases = TrialCase.all(MemcachedRegistry.strategies.map(\.descriptor).filter { $0.grade == .forbidden })

  @Test("no strategy loses anything, and the server counts what we count", arguments: cases)
  func correct(_ planned: TrialCase) throws {
    let result = try trial(planned.strategy, planned.workload).run()
    result.expectProtection(started: 1200)
    result.expectServerAgrees()
    #expect(result.total[.committed] + result.total[.refused] == 1200)
    #expect(result.total[.statements] >= 1200)
  }

  @Test("the control is caught", arguments: WorkloadRegistry.samples.filter(\.showsRaces))
  func control(_ workload: WorkloadSettings) throws {
    try repeated(until: \.showsViolation) { try trial("memcached.none", workload).run() }.expectViolation()
  }

  @Test("losers of cas are conflicts")
  func conflicts() throws {
    var trial = trial("memcached.cas")
    trial.hold = .milliseconds(1)
    trial.operations = 200
    let result = try trial.run()
    #expect(result.verdict == .pass)
    #expect(result.total[.conflict] > 0)
    #expect(result.total.failedAttempts == result.total[.conflict])
  }

  @Test("a lock that expires during the work is caught, and knows it")
  func expiredLock() throws {
    var trial = trial("memcached.add-lock")
    trial.options = ["ttl": .duration(.seconds(1))]
    trial.hold = .milliseconds(1500)
    trial.operations = 6
    trial.workers = 3
    let result = try trial.run()
    result.expectViolation()
    #expect(result.total[.expiredHolds] > 0)
  }

  @Test("a dead holder blocks others until its item expires")
  func deadHolder() throws {
    let entry = StrategyEntry(
      AddLock.descriptor(over: "memcached"), Locked<DyingHolder<AddLock>, MemcachedRecords>.self)
    var trial = try Trial(planted: entry)
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
    var trial = trial("memcached.add-lock")
    trial.options = ["timeout": .duration(.milliseconds(20))]
    trial.hold = .milliseconds(300)
    trial.operations = 4
    trial.workers = 4
    trial.adjust = { $0.retry.attempts = 2 }
    let result = try trial.run()
    #expect(result.verdict == .pass, "\(result.checks)")
    #expect(result.total[.notAcquired] > 0)
    #expect(result.total[.gaveUp] > 0)
    #expect(result.total[.polls] > 10)
  }

  @Test("the lock goes over other stores", arguments: ["memory", "redis"])
  func lockOverOtherStores(store: String) throws {
    for workload in [CounterWorkload.samples[0], TransferWorkload.samples[0]] {
      let result = try trial("memcached.add-lock", over: store, workload).run()
      #expect(result.verdict == .pass, "\(result.checks)")
      #expect(result.total[.overlaps] == 0)
      #expect(result.total[.polls] > 0)
    }
  }

  @Test("other locks go over it", arguments: ["redis.lock", "memory.mutex"])
  func otherLocks(id: String) throws {
    let result = try EngineTrial(TrialCase(id, TransferWorkload.samples[0]), over: "memcached").run()
    #expect(result.verdict == .pass, "\(result.checks)")
  }

  @Test("the floor sends one command per operation")
  func floor() throws {
    let result = try trial("floor.memcached-get").run()
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
