import MemoryStrategies
import Model
import Runtime
import Testing
import Workloads

@testable import RedisStrategies

extension RedisTests {
  /// Every strategy under every workload: eight sessions, real contention.
  @Suite struct Strategies {
    struct Case: Sendable, CustomTestStringConvertible {
      let strategy: String
      let workload: (kind: String, keys: Int, options: [String: OptionValue])
      var testDescription: String { "\(strategy), \(workload)" }

      var trial: RedisTrial { RedisTrial(strategy, workload.kind, keys: workload.keys, workload.options) }
    }

    private static let workloads: [(kind: String, keys: Int, options: [String: OptionValue])] = [
      ("counter", 1, [:]),
      ("stock", 1, ["initial": .integer(500), "amount": .integer(3)]),
      ("seats", 2, [:]), ("seats", 6, ["span": .integer(3)]),
      ("transfer", 4, ["initial": .integer(10)]),
      ("profile", 2, ["fields": .integer(1), "reads": .number(0.5)]),
      ("profile", 2, ["fields": .integer(8), "reads": .number(0.5)]),
    ]

    private static let strategies = [
      "redis.lock", "redis.lock-naive", "redis.lock-no-ttl", "redis.redisson-lock", "redis.fair-lock",
      "redis.fenced-lock", "redis.shedlock", "redis.spring-lock", "redis.watch", "redis.lua",
    ]

    static let cases = strategies.flatMap { strategy in
      workloads.map { Case(strategy: strategy, workload: $0) }
    }

    @Test("no strategy loses anything, and the server counts what we count", arguments: cases)
    func correct(_ planned: Case) throws {
      let outcome = try planned.trial.run()
      outcome.expectCountsAddUp()
      outcome.expectServerAgrees()
      #expect(outcome.verdict == .pass, "\(outcome.checks)")
      #expect(outcome.collected.firstError == nil)
      #expect(outcome.total[.overlaps] == 0)
      #expect(outcome.total[.expiredHolds] == 0)
      #expect(outcome.total[.started] == 2000)
      #expect(outcome.total[.committed] > 50)
      #expect(outcome.total[.gaveUp] == 0)
    }

    @Test("the control is caught", arguments: workloads.filter { $0.options["fields"] != .integer(1) })
    func control(_ workload: (kind: String, keys: Int, options: [String: OptionValue])) throws {
      let outcome = try Case(strategy: "redis.none", workload: workload).trial.run()
      outcome.expectCountsAddUp()
      outcome.expectServerAgrees()
      #expect(outcome.verdict == .violation, "\(outcome.checks)")
      #expect(outcome.total[.overlaps] > 0)
    }

    @Test("torn reads and duplicate values of the control are seen")
    func watchedControl() throws {
      let profile = try RedisTrial(
        "redis.none", "profile", keys: 1, ["fields": .integer(8), "reads": .number(0.5)]
      ).run()
      #expect(profile.kinds.contains(.tornRead))
      let counter = try RedisTrial("redis.none", "counter").run()
      #expect(counter.kinds.contains(.duplicateValue))
      #expect(counter.total[.comparedValues] == counter.total[.committed])
    }

    @Test("the lock protects another store", arguments: ["counter", "seats", "transfer", "profile"])
    func composed(kind: String) throws {
      let entry = RedisLocks().locks(OverRecords(MemoryRecords.self, "memory"))[0]
      var trial = RedisTrial("redis.lock", kind, keys: 4)
      trial.workload.hold = .microseconds(100)
      let outcome = try trial.run(entry)
      outcome.expectCountsAddUp()
      outcome.expectServerAgrees()
      #expect(outcome.verdict == .pass, "\(outcome.checks)")
      #expect(outcome.total[.overlaps] == 0)
      #expect(outcome.total[.polls] > 0)
      #expect(entry.descriptor.services(over: "memory") == ["redis"])
    }

    @Test("a lock that stays taken is given up after the timeout")
    func notAcquired() throws {
      var trial = RedisTrial("redis.lock", "counter")
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
      #expect(outcome.total[.polls] > 10)
      #expect(outcome.verdict == .pass)
    }

    @Test("losers of a watch are conflicts")
    func conflicts() throws {
      var trial = RedisTrial("redis.watch", "counter")
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
      let outcome = try RedisTrial(id, "counter").run()
      outcome.expectServerAgrees()
      #expect(outcome.total[.statements] == 2000)
      #expect(outcome.final == [0])
    }

    @Test("ids are unique, and everything needs Redis")
    func registry() {
      let descriptors = RedisRegistry.strategies.map(\.descriptor)
      #expect(Set(descriptors.map(\.id)).count == descriptors.count)
      #expect(
        descriptors.allSatisfy {
          $0.services(over: nil) == ($0.id == "redis.redlock" ? ["redlock", "redis"] : ["redis"])
            && $0.threading == .shared
        })
      #expect(descriptors.filter { $0.grade == .required }.map(\.id) == ["redis.none"])
    }
  }
}
