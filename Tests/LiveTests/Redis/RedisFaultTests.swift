import Glibc
import Model
import Runtime
import Testing
import TrialSupport

@testable import RedisStrategies

extension RedisTests {
  /// What goes wrong during a trial, and what is planted to go wrong.
  @Suite struct Faults {
    @Test("a lock that expires during the work is caught, and knows it")
    func expiredLock() throws {
      var trial = try Trial("redis.lock", "counter")
      trial.options = ["ttl": .duration(.milliseconds(5))]
      trial.workload.hold = .milliseconds(8)
      trial.operations = 200
      let outcome = try trial.run()
      outcome.expectCountsAddUp()
      #expect(outcome.verdict == .violation, "\(outcome.checks)")
      #expect(outcome.kinds.contains(.lostUpdate))
      #expect(outcome.total[.overlaps] > 0)
      #expect(outcome.total[.expiredHolds] > 0)
    }

    @Test("a release that deletes the key of its successor is caught")
    func carelessRelease() throws {
      let descriptor = StrategyDescriptor(
        id: "redis.careless", summary: "planted", documentation: .sample, needs: ["redis"], store: "redis",
        scope: .network, threading: .shared)
      var trial = try Trial(planted: StrategyEntry(descriptor, Locked<CarelessRedisLock, RedisRecords>.self))
      trial.workload.hold = .milliseconds(8)
      trial.operations = 200
      let outcome = try trial.run()
      outcome.expectCountsAddUp()
      #expect(outcome.verdict == .violation, "\(outcome.checks)")
      #expect(outcome.kinds.contains(.lostUpdate))
      #expect(outcome.total[.overlaps] > 0)
      #expect(outcome.total[.expiredHolds] == 0)
    }

    @Test(
      "killed connections are classified and replaced",
      arguments: [
        "redis.lock", "redis.lock-no-ttl", "redis.redisson-lock", "redis.fair-lock", "redis.fenced-lock",
        "redis.shedlock", "redis.spring-lock", "redis.watch", "redis.lua",
      ])
    func killedConnections(strategy: String) throws {
      var trial = try Trial(strategy, "transfer", keys: 4, ["initial": .integer(1000)])
      trial.workload.hold = .milliseconds(1)
      trial.operations = 1000
      let start = ContinuousClock.now
      let outcome = try trial.run {
        let connection = try RedisServer.connect()
        for _ in 0..<10 {
          usleep(20_000)
          for id in try connection.sessions(trial.namespace) {
            _ = try connection.command(["CLIENT", "KILL", "ID", id])
          }
        }
      }
      // A session may be killed while it is being opened again, which is noted.
      outcome.expectCountsAddUp(hasErrors: nil)
      #expect(outcome.verdict != .violation, "\(outcome.checks)")
      #expect(outcome.total[.reconnects] > 8)
      #expect(outcome.total[.connectionLost] + outcome.total[.ambiguous] > 8)
      #expect(outcome.total[.unknown] == outcome.total[.ambiguous])
      #expect(outcome.total[.started] == 1000)
      #expect(outcome.total[.failed] == 0)
      #expect(outcome.total[.overlaps] == 0)
      let agrees = outcome.crossChecks.allSatisfy { $0.agrees }
      #expect(agrees, "\(outcome.crossChecks)")
      // A lock whose session was lost is released after the reconnect, long before it expires after 30 s.
      #expect(ContinuousClock.now - start < .seconds(20))
    }

    @Test("a lost answer to the deciding request leaves the outcome unknown", arguments: ["redis.watch", "redis.lua"])
    func lostAnswers(strategy: String) throws {
      var trial = try Trial(strategy, "counter", keys: 8)
      trial.operations = 20_000
      let outcome = try trial.run {
        let connection = try RedisServer.connect()
        usleep(10_000)
        // Every worker gets as far as its deciding request, which the server takes and does not run.
        _ = try connection.command(["CLIENT", "PAUSE", "10000", "WRITE"])
        usleep(100_000)
        for id in try connection.sessions(trial.namespace) { _ = try connection.command(["CLIENT", "KILL", "ID", id]) }
        _ = try connection.command(["CLIENT", "UNPAUSE"])
      }
      outcome.expectCountsAddUp()
      #expect(outcome.verdict != .violation, "\(outcome.checks)")
      #expect(outcome.total[.ambiguous] == 8)
      #expect(outcome.total[.unknown] == 8)
      #expect(outcome.total[.reconnects] == 8)
      #expect(outcome.total[.committed] == 20_000 - 8)
    }

    @Test(
      "a script that the server has forgotten is sent again",
      arguments: [
        "redis.lock", "redis.redisson-lock", "redis.fair-lock", "redis.fenced-lock", "redis.spring-lock", "redis.lua",
      ])
    func forgottenScript(strategy: String) throws {
      let errors = try RedisServer.connect().errors("NOSCRIPT")
      var trial = try Trial(strategy, "counter")
      trial.workload.hold = .microseconds(200)
      let outcome = try trial.run {
        let connection = try RedisServer.connect()
        for _ in 0..<10 {
          usleep(5000)
          _ = try connection.command(["SCRIPT", "FLUSH"])
        }
      }
      outcome.expectCountsAddUp()
      outcome.expectServerAgrees()
      #expect(outcome.verdict == .pass, "\(outcome.checks)")
      #expect(outcome.total[.committed] == 2000)
      #expect(outcome.total.failedAttempts == 0)
      #expect(outcome.total[.expiredHolds] == 0)
      #expect(try RedisServer.connect().errors("NOSCRIPT") > errors)
    }

    @Test("a server that is busy with a script is waited for", arguments: ["redis.lock", "redis.watch", "redis.lua"])
    func busyServer(strategy: String) throws {
      let owner = try RedisServer.connect()
      _ = try owner.command(["CONFIG", "SET", "busy-reply-threshold", "5"])
      defer { _ = try? owner.command(["CONFIG", "SET", "busy-reply-threshold", "5000"]) }
      var trial = try Trial(strategy, "counter")
      trial.workload.hold = .milliseconds(1)
      trial.operations = 400
      let outcome = try trial.run {
        let connection = try RedisServer.connect()
        usleep(10_000)
        let address = try RedisAddress(url: RedisServer.url)
        // It ends with the error that it was killed, which is what it is for.
        let endless = try BackgroundThread {
          _ = try? AdministrationConnection.open(address).command(["EVAL", "while true do end", "0"])
        }
        usleep(100_000)
        _ = try connection.command(["SCRIPT", "KILL"])
        endless.join()
      }
      outcome.expectCountsAddUp(hasErrors: true)
      #expect(outcome.verdict == .pass, "\(outcome.checks)")
      #expect(outcome.total[.committed] == 400)
      #expect(outcome.total[.connectionLost] > 0)
      #expect(outcome.total[.overlaps] == 0)
      #expect(try #require(outcome.collected.firstError).contains("BUSY"))
    }

    @Test("records that were evicted or flushed are an error, not a zero", arguments: ["redis.watch", "redis.lua"])
    func flushedRecords(strategy: String) throws {
      var trial = try Trial(strategy, "counter")
      trial.workload.hold = .milliseconds(1)
      trial.operations = 400
      let outcome = try trial.run {
        let connection = try RedisServer.connect()
        usleep(10_000)
        let key = RedisConfiguration.recordPrefix(trial.namespace) + "0"
        let value = try connection.command(["GETDEL", key])
        usleep(10_000)
        _ = try connection.command(["SET", key, value.text ?? ""])
      }
      outcome.expectCountsAddUp(hasErrors: true)
      #expect(outcome.total[.failed] > 0)
      #expect(outcome.verdict == .pass, "\(outcome.checks)")
      #expect(try #require(outcome.collected.firstError).contains("missing"))
    }
  }
}
