import Engine
import Glibc
import MemoryStrategies
import Model
import Runtime
import Services
import StrategyCatalog
import Testing

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
      var options = LaunchOptions()
      options.guardExecutable = TestRun.contend
      let pool = ServicePool(settings: ServiceSettings(), options: options)
      return Running(pool: pool, url: try pool.start(["redlock"])[0].url)
    }

    private func scenario(
      _ kind: String, keys: Int, options: [String: OptionValue] = [:], adjust: (inout Variant) -> Void
    ) throws -> Scenario {
      var scenario = try TestRun.scenario(kind, keys: keys, strategies: ["redis.redlock"], workers: 4) { variant in
        variant.load.duration = nil
        variant.load.warmup = .zero
        variant.retry.deadline = .seconds(60)
        adjust(&variant)
      }
      let descriptor = try #require(StrategyCatalog.entry(id: "redis.redlock", over: "memory")?.descriptor)
      scenario.strategies[0].over = "memory"
      scenario.strategies[0].options = Options(descriptor.options, stated: options)
      scenario.services.locations["redlock"] = .url(try Self.started.get().url)
      return scenario
    }

    private func run(_ scenario: Scenario, onProgress: @escaping (LiveView) -> Void = { _ in }) throws -> TrialResult {
      let results = try TestRun.run(scenario, onProgress: onProgress)
      let result = try #require(results.first)
      #expect(result.failure == nil)
      #expect(result.total.openOperations == 0 && result.total.openAttempts == 0)
      return result
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
      let result = try run(
        try scenario("transfer", keys: 16, options: ["preset": .word(preset)]) { variant in
          variant.workload.hold = .milliseconds(2)
          variant.load.processes = 2
          variant.load.operations = 400
        })
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
      let result = try run(
        try scenario("counter", keys: 1, options: ["ttl": .duration(.milliseconds(40))]) { variant in
          variant.workload.hold = .milliseconds(300)
          variant.load.operations = 16
        })
      #expect(result.verdict == .violation, "\(result.checks)")
      #expect(result.total[.overlaps] > 0)
      #expect(result.total[.expiredHolds] > 0)
    }

    @Test("a dead holder blocks others until its lease ends")
    func deadHolder() throws {
      let url = try Self.started.get().url
      let namespace = RedisServer.makeNamespace()
      let trial = WorkerTrial(
        entry: StrategyEntry(
          Redlock.descriptor(over: "memory"), Locked<DyingHolder<Redlock>, MemoryRecords>.self),
        endpoints: ["redlock": url], namespace: namespace,
        workload: WorkloadSettings(kind: "counter", keys: 1, options: Options([], stated: [:])),
        options: ["ttl": .duration(.milliseconds(500))], workers: 4, operations: 20, retry: RetryPolicy())
      let start = ContinuousClock.now
      let outcome = try trial.run(try RedlockAdministration(url: url, namespace: namespace)) {}
      outcome.expectCountsAddUp()
      #expect(outcome.verdict == .pass, "\(outcome.checks)")
      #expect(outcome.total[.committed] == 20)
      #expect(outcome.total[.polls] > 0)
      #expect(ContinuousClock.now - start > .milliseconds(490))
    }

    @Test("servers that forget their locks let a second holder in")
    func forgettingServers() throws {
      let urls = try Self.started.get().urls
      let result = try run(
        try scenario("counter", keys: 1) { variant in
          variant.workload.hold = .milliseconds(300)
          variant.load.operations = 16
        }
      ) { _ in
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
      let scenario = try scenario("counter", keys: 8, options: ["ttl": .duration(.seconds(1))]) { variant in
        variant.load.duration = .seconds(6)
        variant.load.drain = .seconds(20)
        variant.retry.deadline = .seconds(1)
      }
      let results = try TestRun.run(scenario) { view in
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
