import Engine
import Glibc
import MemoryStrategies
import Model
import Runtime
import Services
import StrategyCatalog
import Testing
import TrialSupport

@testable import RedisStrategies

extension RedisTests {
  /// Redlock over five private servers.
  @Suite struct RedlockTrials {
    /// Keeps the servers running.
    private struct Running: @unchecked Sendable {  // because tests of this suite run one after the other
      let pool: ServicePool
      let url: String
      var urls: [String] { url.split(separator: ",").map(String.init) }
    }

    private static let started = Result {
      let pool = PrivateService.makePool()
      return Running(pool: pool, url: try pool.start(["redlock"])[0].url)
    }

    private func trial(
      _ kind: String, keys: Int, options: [String: OptionValue] = [:], operations: Int, hold: Duration = .zero
    ) throws -> EngineTrial {
      var trial = EngineTrial("redis.redlock", over: "memory", kind, keys: keys, workers: 4, operations: operations)
      trial.options = options
      trial.hold = hold
      trial.urls = ["redlock": try Self.started.get().url]
      return trial
    }

    @Test("five servers are five, and independent")
    func service() throws {
      let urls = try Self.started.get().urls
      #expect(urls.count == 5)
      for url in urls {
        let server = try AdministrationConnection.open(RedisAddress(url: url))
        #expect(try server.command(["DBSIZE"]) == .integer(0))
        #expect(try server.command(["SET", "mine", url]) == .text("OK"))
        #expect(try server.command(["GETDEL", "mine"]) == .text(url))
      }
    }

    @Test("nothing is lost, and all servers count what we count", arguments: ["redsync", "redlock-py"])
    func correct(preset: String) throws {
      var trial = try trial(
        "transfer", keys: 16, options: ["preset": .word(preset)], operations: 400, hold: .milliseconds(2))
      trial.processes = 2
      let result = try trial.run()
      #expect(result.total.outcomes == 400 && result.total[.failed] == 0)
      #expect(result.total[.committed] + result.total[.refused] + result.total[.gaveUp] == 400)
      #expect(result.total[.committed] > 300)
      #expect(result.total[.overlaps] == 0 && result.total[.expiredHolds] == 0)
      #expect(result.total[.polls] > 0, "votes were split, or locks taken")
      let commands = try #require(result.crossChecks.first { $0.name == "commands" })
      #expect(commands.client == commands.server && commands.server >= 400 * 2 * 10, "\(commands)")
    }

    @Test("a lease that is shorter than the work is caught")
    func expiredLease() throws {
      let result = try trial(
        "counter", keys: 1, options: ["ttl": .duration(.milliseconds(40))], operations: 16, hold: .milliseconds(300)
      ).run()
      result.expectViolation()
      #expect(result.total[.expiredHolds] > 0)
    }

    @Test("a dead holder blocks others until its lease ends")
    func deadHolder() throws {
      let url = try Self.started.get().url
      var trial = Trial(
        StrategyEntry(Redlock.descriptor(over: "memory"), Locked<DyingHolder<Redlock>, MemoryRecords>.self))
      trial.servers = [TrialServer("redlock", url: url) { try RedlockAdministration(url: url, namespace: $0) }]
      trial.options = ["ttl": .duration(.milliseconds(500))]
      trial.workers = 4
      trial.operations = 20
      let start = ContinuousClock.now
      let outcome = try trial.run()
      outcome.expectCountsAddUp()
      #expect(outcome.verdict == .pass, "\(outcome.checks)")
      #expect(outcome.total[.committed] == 20)
      #expect(outcome.total[.polls] > 0)
      #expect(ContinuousClock.now - start > .milliseconds(490))
    }

    @Test("servers that forget their locks let a second holder in")
    func forgettingServers() throws {
      let urls = try Self.started.get().urls
      let result = try trial("counter", keys: 1, operations: 16, hold: .milliseconds(300)).run { _ in
        // As if a majority had been restarted without what it had granted.
        for url in urls.prefix(3) {
          _ = try? AdministrationConnection.open(RedisAddress(url: url)).command(["FLUSHALL"])
        }
      }
      #expect(result.verdict == .violation, "\(result.checks)")
      #expect(result.total[.overlaps] > 0)
    }

    /// Two servers of five may hang, with three the lock is not granted to anybody.
    @Test("a majority is enough, a minority is not", arguments: [2, 3])
    func hangingServers(count: Int) throws {
      let running = try Self.started.get()
      let service = try #require(running.pool.service("redlock"))
      let victims = service.processIDs().suffix(count)
      var areHanging = false
      defer { for process in victims { kill(process, SIGCONT) } }
      var trial = try trial("counter", keys: 8, options: ["ttl": .duration(.seconds(1))], operations: 0)
      trial.adjust = {
        $0.load.operations = nil
        $0.load.duration = .seconds(6)
        $0.load.drain = .seconds(20)
        $0.retry.deadline = .seconds(1)
      }
      let results = try TestRun.run(trial.scenario()) { view in
        if !areHanging, view.elapsed > 0.5 {
          for process in victims { kill(process, SIGSTOP) }
          areHanging = true
        }
        // Before the end they go on, so that the driver can look at them.
        if view.elapsed > 5 { for process in victims { kill(process, SIGCONT) } }
      }
      let result = try #require(results.first)
      #expect(result.verdict == .pass, "\(result.checks)")
      #expect(areHanging && result.total[.committed] > 0)
      let meanwhile = result.timeline.filter { (2.5..<4.5).contains($0.second) }.reduce(0) { $0 + $1.committed }
      #expect((meanwhile > 0) == (count == 2), "\(result.timeline)")
    }

    @Test("what a preset says")
    func presets() throws {
      func settings(_ preset: String) -> Redlock.Settings {
        Redlock.Settings(
          Options(Redlock.descriptor(over: "redis").options, stated: ["preset": .word(preset)]))
      }
      let redsync = settings("redsync")
      #expect(redsync.rounds == 32 && redsync.ttlMilliseconds == 8000)
      #expect(redsync.answerLimit == 400_000_000 && redsync.drift == 80_000_000)
      #expect(redsync.asksAllAtOnce && !redsync.failsOnAnyError)
      let python = settings("redlock-py")
      #expect(python.rounds == 3 && python.delay == 200_000_000...200_000_000)
      #expect(python.drift == 82_000_000)
      #expect(!python.asksAllAtOnce && python.failsOnAnyError)
    }
  }
}
