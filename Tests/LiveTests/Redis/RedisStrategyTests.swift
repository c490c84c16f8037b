import MemoryStrategies
import Model
import Runtime
import Testing
import TrialSupport
import Workloads

@testable import RedisStrategies

extension RedisTests {
  /// Every strategy under every workload: eight sessions, real contention.
  @Suite struct Strategies {
    private static let strategies = [
      "redis.lock", "redis.lock-naive", "redis.lock-no-ttl", "redis.redisson-lock", "redis.fair-lock",
      "redis.fenced-lock", "redis.shedlock", "redis.spring-lock", "redis.watch", "redis.lua",
    ]

    static let cases = strategies.flatMap { strategy in WorkloadRegistry.samples.map { TrialCase(strategy, $0) } }

    @Test("no strategy loses anything, and the server counts what we count", arguments: cases)
    func correct(_ planned: TrialCase) throws {
      let outcome = try Trial(planned).run()
      outcome.expectProtection(started: 2000)
      outcome.expectServerAgrees()
    }

    @Test("the control is caught", arguments: WorkloadRegistry.samples.filter(\.showsRaces))
    func control(_ workload: WorkloadSettings) throws {
      let outcome = try repeated(until: \.showsViolation) { try Trial("redis.none", workload).run() }
      outcome.expectViolation()
      outcome.expectServerAgrees()
    }

    @Test("torn reads and duplicate values of the control are seen")
    func watchedControl() throws {
      let profile = try repeated(until: { $0.kinds.contains(.tornRead) }) {
        try Trial("redis.none", "profile", keys: 1, ["fields": .integer(8), "reads": .number(0.5)]).run()
      }
      #expect(profile.kinds.contains(.tornRead))
      let counter = try repeated(until: { $0.kinds.contains(.duplicateValue) }) {
        try Trial("redis.none", "counter").run()
      }
      #expect(counter.kinds.contains(.duplicateValue))
      #expect(counter.total[.comparedValues] == counter.total[.committed])
    }

    @Test("the lock protects another store", arguments: ["counter", "seats", "transfer", "profile"])
    func composed(kind: String) throws {
      var trial = try Trial("redis.lock", over: "memory", kind, keys: 4)
      trial.workload.hold = .microseconds(100)
      let outcome = try trial.run()
      outcome.expectCountsAddUp()
      outcome.expectServerAgrees()
      #expect(outcome.verdict == .pass, "\(outcome.checks)")
      #expect(outcome.total[.overlaps] == 0)
      #expect(outcome.total[.polls] > 0)
      #expect(trial.entry.descriptor.services(over: "memory") == ["redis"])
    }

    @Test("a lock that stays taken is given up after the timeout")
    func notAcquired() throws {
      var trial = try Trial("redis.lock", "counter")
      trial.options = ["timeout": .duration(.milliseconds(20))]
      trial.workload.hold = .milliseconds(400)
      trial.retry.attempts = 2
      trial.operations = 2
      trial.workers = 2
      let outcome = try trial.run()
      outcome.expectCountsAddUp()
      outcome.expectServerAgrees()
      #expect(outcome.total[.committed] == 1)
      #expect(outcome.total[.gaveUp] == 1)
      #expect(outcome.total[.notAcquired] == 2)
      #expect(outcome.total[.polls] > 2)
      #expect(outcome.verdict == .pass)
    }

    @Test("losers of a watch are conflicts")
    func conflicts() throws {
      var trial = try Trial("redis.watch", "counter")
      trial.workload.hold = .milliseconds(1)
      trial.operations = 100
      let outcome = try trial.run()
      outcome.expectServerAgrees()
      #expect(outcome.verdict == .pass)
      #expect(outcome.total[.conflict] > 0)
      #expect(outcome.total.failedAttempts == outcome.total[.conflict])
    }

    @Test(
      "floors send one command per operation", arguments: ["floor.redis-ping", "floor.redis-set", "floor.redis-get"])
    func floors(id: String) throws {
      let outcome = try Trial(id, "counter").run()
      outcome.expectServerAgrees()
      #expect(outcome.total[.statements] == 2000)
      #expect(outcome.final == [0])
    }

    private static let severalServers = [
      "redis.redlock": ["redlock"], "redis-replicas.lock": ["redis-replicas"],
      "redis-sentinel.lock": ["redis-sentinel"],
    ]

    @Test("ids are unique, and everything needs Redis")
    func registry() {
      let descriptors = RedisRegistry.strategies.map(\.descriptor)
      #expect(Set(descriptors.map(\.id)).count == descriptors.count)
      #expect(
        descriptors.allSatisfy {
          $0.services(over: nil) == (Self.severalServers[$0.id] ?? []) + ["redis"]
            && $0.threading == .shared
        })
      #expect(
        descriptors.filter { $0.grade == .required }.map(\.id) == [
          "redis.none", "redis.click-dedupe-short-ttl", "redis.semaphore-count-then-add", "redis.semaphore-rank",
        ])
    }
  }
}
