import MemoryStrategies
import Model
import Runtime
import Testing
import TrialSupport

@testable import RedisStrategies

extension RedisTests {
  /// Locks of Redisson's family: messages, watchdog, queue, fencing tokens.
  @Suite struct Redisson {
    private static let all = ["redis.redisson-lock", "redis.fair-lock", "redis.fenced-lock"]

    @Test("waiters are told, and do not poll", arguments: all)
    func messages(strategy: String) throws {
      var trial = try Trial(strategy, "counter")
      trial.workload.hold = .milliseconds(2)
      trial.operations = 160
      let outcome = try trial.run()
      outcome.expectCountsAddUp()
      outcome.expectServerAgrees()
      #expect(outcome.verdict == .pass, "\(outcome.checks)")
      #expect(outcome.total[.committed] == 160)
      // One try, one after subscribing, one or two after a message: without messages each wait would take a lease.
      #expect(outcome.total[.polls] < 160 * 6)
      #expect(outcome.total[.polls] > 20)
    }

    @Test("the watchdog keeps what is held longer than its lease", arguments: all)
    func watchdog(strategy: String) throws {
      var trial = try Trial(strategy, "counter")
      // A third of it is time enough for a busy machine to renew.
      trial.options = ["lock-watchdog-timeout": .duration(.milliseconds(600))]
      trial.workload.hold = .milliseconds(1300)
      trial.operations = 3
      let outcome = try trial.run()
      outcome.expectCountsAddUp()
      outcome.expectServerAgrees()
      #expect(outcome.verdict == .pass, "\(outcome.checks)")
      #expect(outcome.total[.committed] == 3)
      #expect(outcome.total[.expiredHolds] == 0 && outcome.total[.overlaps] == 0)
    }

    @Test("a lease that is shorter than the work is caught", arguments: ["redis.redisson-lock", "redis.fair-lock"])
    func expiredLease(strategy: String) throws {
      var trial = try Trial(strategy, "counter")
      trial.options = ["lease-time": .duration(.milliseconds(5))]
      trial.workload.hold = .milliseconds(8)
      trial.operations = 200
      let outcome = try trial.run()
      outcome.expectCountsAddUp()
      #expect(outcome.verdict == .violation, "\(outcome.checks)")
      #expect(outcome.kinds.contains(.lostUpdate))
      #expect(outcome.total[.overlaps] > 0)
      #expect(outcome.total[.expiredHolds] > 0)
    }

    @Test(
      "with fencing nothing is lost when leases are shorter than the work",
      arguments: [("counter", 1), ("transfer", 3), ("seats", 2)])
    func fenced(kind: String, keys: Int) throws {
      var trial = try Trial("redis.fenced-lock", kind, keys: keys)
      // Whoever tries again at once overtakes the one by whom it was overtaken, and so on for ever: jitter ends that.
      trial.workers = 2
      trial.retry.base = .milliseconds(20)
      trial.retry.cap = .milliseconds(100)
      trial.options = ["lease-time": .duration(.milliseconds(5))]
      trial.workload.hold = .milliseconds(8)
      trial.operations = 40
      let outcome = try trial.run()
      outcome.expectCountsAddUp()
      outcome.expectServerAgrees()
      #expect(outcome.final != outcome.initial || kind == "seats")
      #expect(outcome.total[.overlaps] > 0, "two believed to hold the lock")
      #expect(outcome.total[.leaseLost] > 0, "and one was refused")
      #expect(!outcome.kinds.contains(.lostUpdate), "\(outcome.checks)")
      #expect(outcome.verdict != .violation, "\(outcome.checks)")
    }

    @Test("a dead holder blocks others until its lease ends", arguments: [true, false])
    func deadHolder(isFair: Bool) throws {
      let entry =
        isFair
        ? StrategyEntry(
          FairLock.descriptor(over: "redis"), Locked<DyingHolder<HashLock<FairLock>>, RedisRecords>.self)
        : StrategyEntry(
          RedissonLock.descriptor(over: "redis"), Locked<DyingHolder<HashLock<RedissonLock>>, RedisRecords>.self)
      var trial = try Trial(planted: entry)
      trial.options = ["lease-time": .duration(.milliseconds(50))]
      trial.operations = 40
      let outcome = try trial.run()
      outcome.expectCountsAddUp()
      #expect(outcome.verdict == .pass, "\(outcome.checks)")
      #expect(outcome.total[.committed] == 40)
    }

    @Test("who waits too long leaves no trace", arguments: all)
    func timeout(strategy: String) throws {
      var trial = try Trial(strategy, "counter")
      trial.options = ["timeout": .duration(.milliseconds(10))]
      trial.workload.hold = .milliseconds(40)
      trial.operations = 80
      let outcome = try trial.run()
      outcome.expectCountsAddUp()
      outcome.expectServerAgrees()
      #expect(outcome.verdict == .pass, "\(outcome.checks)")
      #expect(outcome.total[.notAcquired] > 0)
      // A place left in the queue would block everybody for five minutes.
      #expect(outcome.total[.committed] == 80)
    }

    @Test("messages that were lost with their connection do no harm", arguments: all)
    func lostSubscriptions(strategy: String) throws {
      var trial = try Trial(strategy, "counter")
      trial.workload.hold = .milliseconds(2)
      trial.operations = 160
      // On a busy machine all may be over before the first is killed.
      let outcome = try repeated(until: { $0.total[.reconnects] > 0 }) {
        let outcome = try trial.run {
          let connection = try RedisServer.connect()
          for _ in 0..<10 {
            _ = try connection.command(["CLIENT", "KILL", "TYPE", "pubsub"])
            _ = try connection.command(["EVAL", "local t = 0 for i = 1, 2e5 do t = t + i end return t", "0"])
          }
        }
        outcome.expectCountsAddUp()
        #expect(outcome.verdict == .pass, "\(outcome.checks)")
        #expect(outcome.total[.committed] == 160)
        return outcome
      }
      #expect(outcome.total[.reconnects] > 0)
    }

    @Test("they protect another store", arguments: ["redis.redisson-lock", "redis.fair-lock"])
    func composed(strategy: String) throws {
      var trial = try Trial(strategy, over: "memory", "transfer", keys: 4)
      trial.workload.hold = .microseconds(100)
      let outcome = try trial.run()
      outcome.expectCountsAddUp()
      outcome.expectServerAgrees()
      #expect(outcome.verdict == .pass, "\(outcome.checks)")
      #expect(outcome.total[.overlaps] == 0)
      #expect(outcome.total[.polls] > 0)
    }
  }
}
