import Model
import Runtime
import Testing
import TrialSupport

@testable import RedisStrategies

extension RedisTests {
  /// What tells the locks in Redis apart: expiry, renewal, dead holders.
  @Suite struct Locks {
    @Test("the first late release of the naive lock frees its successors' locks")
    func naive() throws {
      var trial = try Trial("redis.lock-naive", "counter")
      trial.options = ["ttl": .duration(.seconds(1))]
      trial.workload.hold = .milliseconds(1200)
      trial.operations = 6
      trial.workers = 3
      let outcome = try trial.run()
      outcome.expectCountsAddUp()
      #expect(outcome.verdict == .violation, "\(outcome.checks)")
      #expect(outcome.kinds.contains(.lostUpdate))
      #expect(outcome.total[.overlaps] > 0)
    }

    @Test("a naive lock whose expiry was refused stays for ever")
    func naiveWithoutExpiry() throws {
      let owner = try RedisServer.connect()
      _ = try owner.command(["ACL", "SETUSER", "default", "-expire"])
      defer { _ = try? owner.command(["ACL", "SETUSER", "default", "+expire"]) }
      var trial = try Trial("redis.lock-naive", "counter")
      trial.options = ["timeout": .duration(.milliseconds(20))]
      trial.retry.attempts = 1
      trial.operations = 16
      var timeToLive: AdministrationReply?
      let outcome = try trial.run {
        let connection = try RedisServer.connect()
        try waitUntil("the lock is there") {
          timeToLive = try connection.command(["TTL", RedisConfiguration.lockPrefix(trial.namespace) + "0"])
          return timeToLive != .integer(-2)
        }
      }
      outcome.expectCountsAddUp(hasErrors: true)
      #expect(timeToLive == .integer(-1), "the key is there and has no expiry")
      #expect(outcome.total[.committed] == 0)
      #expect(outcome.total[.failed] == 1)
      #expect(outcome.total[.notAcquired] == 15)
      #expect(try #require(outcome.collected.firstError).contains("NOPERM"))
    }

    @Test("a watchdog keeps a lock that is held longer than its lease")
    func renewal() throws {
      var trial = try Trial("redis.lock", "counter")
      trial.options = ["ttl": .duration(.milliseconds(200)), "renew": .flag(true)]
      trial.workload.hold = .milliseconds(600)
      trial.operations = 5
      let outcome = try trial.run()
      outcome.expectCountsAddUp()
      outcome.expectServerAgrees()
      #expect(outcome.verdict == .pass, "\(outcome.checks)")
      #expect(outcome.total[.committed] == 5)
      #expect(outcome.total[.expiredHolds] == 0 && outcome.total[.overlaps] == 0)
      // Per operation SET, GET, SET, release and several renewals, besides the polls.
      #expect(outcome.total[.statements] > outcome.total[.polls] + 5 * 7)
    }

    @Test("a dead holder blocks others until the lock expires")
    func deadHolder() throws {
      var trial = try Trial(planted: dying(RedisLock.self, RedisLock.descriptor(over: "redis")))
      trial.options = ["ttl": .duration(.milliseconds(50))]
      trial.operations = 40
      let outcome = try trial.run()
      outcome.expectCountsAddUp()
      #expect(outcome.verdict == .pass, "\(outcome.checks)")
      #expect(outcome.total[.committed] == 40)
      #expect(outcome.total[.gaveUp] == 0)
    }

    @Test("a dead holder without an expiry blocks others for ever")
    func deadHolderWithoutExpiry() throws {
      var trial = try Trial(planted: dying(NoExpiryLock.self, NoExpiryLock.descriptor(over: "redis")))
      trial.options = ["timeout": .duration(.milliseconds(50))]
      trial.retry.attempts = 2
      trial.operations = 16
      let outcome = try trial.run()
      outcome.expectCountsAddUp()
      #expect(outcome.verdict == .pass, "\(outcome.checks)")
      #expect(outcome.total[.committed] == 1)
      #expect(outcome.total[.gaveUp] == 15)
      #expect(outcome.total[.notAcquired] == 30)
    }

    @Test("ShedLock does not wait")
    func shedLockSkips() throws {
      var trial = try Trial("redis.shedlock", "counter")
      trial.workload.hold = .milliseconds(5)
      trial.retry.attempts = 1
      trial.operations = 160
      let outcome = try trial.run()
      outcome.expectCountsAddUp()
      outcome.expectServerAgrees()
      #expect(outcome.verdict == .pass, "\(outcome.checks)")
      #expect(outcome.total[.polls] == 0)
      #expect(outcome.total[.gaveUp] == outcome.total[.notAcquired])
      #expect(outcome.total[.gaveUp] > outcome.total[.committed])
      #expect(outcome.total[.committed] > 0)
    }

    @Test("ShedLock lets nobody in before lock-at-least-for has passed", arguments: [true, false])
    func shedLockAtLeast(isSafe: Bool) throws {
      var trial = try Trial("redis.shedlock", "counter")
      trial.options = ["lock-at-least-for": .duration(.milliseconds(40)), "safe-update": .flag(isSafe)]
      trial.operations = 16
      let start = ContinuousClock.now
      let outcome = try trial.run()
      outcome.expectCountsAddUp()
      outcome.expectServerAgrees()
      #expect(outcome.verdict == .pass, "\(outcome.checks)")
      #expect(outcome.total[.committed] == 16)
      #expect(outcome.total[.expiredHolds] == 0)
      // The server counts milliseconds, and rounds.
      #expect(ContinuousClock.now - start > .milliseconds(15 * 38))
    }

    @Test(
      "beyond lock-at-most-for ShedLock frees its successor's lock, unless it updates safely", arguments: [true, false])
    func shedLockExpiry(isSafe: Bool) throws {
      var trial = try Trial("redis.shedlock", "counter")
      trial.options = ["lock-at-most-for": .duration(.milliseconds(5)), "safe-update": .flag(isSafe)]
      trial.workload.hold = .milliseconds(8)
      trial.operations = 200
      let outcome = try trial.run()
      outcome.expectCountsAddUp()
      #expect(outcome.verdict == .violation, "\(outcome.checks)")
      #expect(outcome.total[.overlaps] > 0)
      if isSafe { #expect(outcome.total[.expiredHolds] > 0) }
    }

    /// A lock over records in Redis whose first holder dies.
    private func dying<Lock: LockClient & ~Copyable>(_: Lock.Type, _ descriptor: StrategyDescriptor) -> StrategyEntry {
      StrategyEntry(descriptor, Locked<DyingHolder<Lock>, RedisRecords>.self)
    }
  }
}
