import Model
import Runtime
import Testing
import TrialSupport

@testable import RedisStrategies

extension RedisTests {
  /// The lock registry of Spring Integration.
  @Suite struct SpringLockTrials {
    @Test("workers of one registry never contend on the server")
    func localLock() throws {
      var trial = try Trial("redis.spring-lock", "counter")
      trial.workload.hold = .milliseconds(1)
      trial.operations = 400
      let outcome = try trial.run()
      outcome.expectCountsAddUp()
      outcome.expectServerAgrees()
      #expect(outcome.verdict == .pass, "\(outcome.checks)")
      #expect(outcome.total[.committed] == 400)
      #expect(outcome.total[.polls] == 0)
      // Obtain, GET, SET, release.
      #expect(outcome.total[.statements] == 400 * 4)
    }

    @Test("registries of several processes exclude each other", arguments: ["spin", "pub-sub"])
    func severalProcesses(kind: String) throws {
      var trial = EngineTrial("redis.spring-lock", "transfer", keys: 3, processes: 2)
      trial.options = ["lock-type": .word(kind), "idle-between-tries": .duration(.milliseconds(5))]
      trial.hold = .milliseconds(1)
      let result = try trial.run()
      #expect(result.verdict == .pass, "\(result.checks)")
      #expect(result.total[.overlaps] == 0 && result.total[.expiredHolds] == 0)
      #expect(result.total[.polls] > 0)
      // Without messages, the wait for the other process would last until the timeout.
      #expect(result.total[.notAcquired] == 0)
      #expect(result.total[.committed] + result.total[.refused] == 200)
      let commands = try #require(result.crossChecks.first)
      #expect(commands.client == commands.server, "\(commands)")
    }

    @Test("a lock that expires during the work is caught between processes, not within one")
    func expiry() throws {
      for processes in [1, 2] {
        var trial = EngineTrial("redis.spring-lock", workers: 4, processes: processes, operations: 60)
        trial.options = [
          "expire-after": .duration(.milliseconds(5)), "idle-between-tries": .duration(.milliseconds(1)),
        ]
        trial.hold = .milliseconds(20)
        let result = try trial.run()
        #expect(result.verdict == (processes == 1 ? .pass : .violation), "\(result.checks)")
        #expect((result.total[.overlaps] > 0) == (processes > 1))
        #expect(result.total[.expiredHolds] > 0)
      }
    }

    @Test("a registry that is dead blocks others until its lock expires", arguments: ["spin", "pub-sub"])
    func deadHolder(kind: String) throws {
      var trial = try Trial("redis.spring-lock", "counter")
      trial.options = ["lock-type": .word(kind), "expire-after": .duration(.milliseconds(300))]
      // Long enough that the workers are still at it when the other registry comes.
      trial.workload.hold = .milliseconds(20)
      trial.operations = 40
      let outcome = try trial.run {
        let connection = try RedisServer.connect()
        let key = RedisConfiguration.lockPrefix(trial.namespace) + "0"
        try waitUntil("the lock is free", pause: 0) {
          try connection.command(["SET", key, "dead", "NX", "PX", "300"]) != .nothing
        }
      }
      outcome.expectCountsAddUp()
      #expect(outcome.verdict == .pass, "\(outcome.checks)")
      #expect(outcome.total[.committed] == 40)
      #expect(outcome.total[.polls] > 0, "somebody waited for the dead registry's lock")
    }

    @Test("a message ends the wait for another process")
    func messages() throws {
      var trial = try Trial("redis.spring-lock", "counter")
      trial.options = ["lock-type": .word("pub-sub"), "timeout": .duration(.seconds(30))]
      // Long enough that the workers are still at it when the other registry comes.
      trial.workload.hold = .milliseconds(20)
      trial.operations = 60
      let start = ContinuousClock.now
      let outcome = try trial.run {
        let connection = try RedisServer.connect()
        // Another registry takes the lock in between, and announces that it gives it back.
        let key = RedisConfiguration.lockPrefix(trial.namespace) + "0"
        try waitUntil("the lock is free", pause: 0) {
          try connection.command(["SET", key, "another", "NX", "PX", "60000"]) != .nothing
        }
        let channel = RedisConfiguration.lockPrefix(trial.namespace, "-channel") + "0"
        try waitUntil("somebody waits for a message") {
          try connection.command(["PUBSUB", "NUMSUB", channel]).elements.last == .integer(1)
        }
        _ = try connection.command([
          "EVAL", SpringLock.announceScript.description, "2", key, channel, "another",
        ])
      }
      outcome.expectCountsAddUp()
      #expect(outcome.verdict == .pass, "\(outcome.checks)")
      #expect(outcome.total[.committed] == 60)
      #expect(outcome.total[.polls] >= 1)
      #expect(ContinuousClock.now - start < .seconds(20), "it would have waited for a minute")
    }
  }
}
