import Engine
import Model
import Runtime
import StrategyCatalog
import Testing
import TrialSupport

extension EngineTests {
  /// Connections that are cut while a trial runs: what is told as unknown may have happened, and nothing else.
  @Suite(.serialized) struct ConnectionFaults {
    private func scenario(
      _ strategy: String, over store: String? = nil, _ options: [String: OptionValue] = [:],
      adjust: (inout Variant) -> Void = { _ in }
    ) throws -> Scenario {
      var scenario = try TestRun.scenario("counter", strategies: [strategy]) {
        $0.load.duration = .milliseconds(600)
        $0.retry.cap = .milliseconds(5)
        adjust(&$0)
      }
      let descriptor = try #require(StrategyCatalog.entry(id: strategy, over: store)?.descriptor)
      scenario.strategies[0].over = store
      scenario.strategies[0].options = Options(descriptor.options, stated: options)
      return scenario
    }

    private func run(
      _ scenario: Scenario, _ fault: any Fault, for length: Duration? = nil
    ) throws -> TrialResult {
      let result = try FaultTrial.run(scenario, [PlannedFault(fault, at: .milliseconds(100), for: length)])
      #expect(result.failure == nil)
      #expect(result.total.openOperations == 0 && result.total.openAttempts == 0)
      return result
    }

    /// Of the backends that are built in.
    private static let requests = [
      ("postgres.for-update", "COMMIT"), ("postgres.atomic", "UPDATE"), ("postgres.event-append", "INSERT"),
      ("redis.lua", "EVALSHA"), ("redis.watch", "EXEC"), ("mariadb.for-update", "COMMIT"),
      ("zookeeper.versioned", "set"),
      ("memcached.cas", "cas"),
    ].filter { StrategyCatalog.entry(id: $0.0, over: nil) != nil }

    @Test("when the reply is lost, what was asked for may have happened", arguments: requests)
    func beforeReply(strategy: String, kind: String) throws {
      let selection = RequestSelection(.beforeReply, of: kind, .share(0.05))
      let result = try run(try scenario(strategy), CutConnection(strategy.service, at: selection))
      #expect(result.verdict == .pass, "\(result.checks)")
      #expect(result.total[.ambiguous] > 0)
      #expect(result.events.map(\.kind) == [.injected, .healed])
    }

    @Test(
      "a request that the server never hears has not happened, and the client cannot know",
      arguments: [("postgres.for-update", "COMMIT"), ("redis.lua", "EVALSHA"), ("redis.watch", "EXEC")])
    func beforeForwarding(strategy: String, kind: String) throws {
      let selection = RequestSelection(.beforeForwarding, of: kind, .share(0.05))
      let result = try run(try scenario(strategy), CutConnection(strategy.service, at: selection))
      #expect(result.verdict == .pass, "\(result.checks)")
      #expect(result.total[.ambiguous] > 0)
      #expect(result.events.map(\.kind) == [.injected, .healed])
    }

    @Test(
      "the server has done all of what was cut before the reply, and nothing of what was cut before",
      arguments: RequestSelection.Moment.allCases)
    func whatTheServerDid(moment: RequestSelection.Moment) throws {
      let selection = RequestSelection(moment, of: "COMMIT", .share(0.1))
      let result = try run(try scenario("postgres.for-update"), CutConnection("postgres", at: selection))
      let commits = try #require(result.crossChecks.first { $0.name == "commits" })
      let unknown = result.total[.unknown]
      #expect(unknown > 0)
      // Some transactions are the server's own.
      let more = commits.server - commits.client
      if moment == .beforeReply { #expect(more >= unknown) } else { #expect(more < unknown) }
    }

    @Test("a half-open connection keeps its transaction until the server is told")
    func halfOpen() throws {
      let selection = RequestSelection(.beforeForwarding, of: "COMMIT", .number(5))
      let result = try run(
        try scenario("postgres.for-update") { $0.load.duration = .milliseconds(900) },
        CutConnection("postgres", .halfOpen, at: selection), for: .milliseconds(300))
      #expect(result.verdict == .pass, "\(result.checks)")
      // Whoever wanted the row waited for it.
      #expect(result.fairness.longestWaitNanoseconds > 200_000_000)
      #expect(result.events.map(\.kind) == [.injected, .healed])
    }

    @Test("workers that are separated from a server wait, and go on")
    func partition() throws {
      let result = try run(try scenario("redis.lua"), Partition("redis"), for: .milliseconds(200))
      #expect(result.verdict == .pass, "\(result.checks)")
      #expect(result.total[.unknown] == 0)
      #expect(result.fairness.longestWaitNanoseconds > 150_000_000)
      #expect(result.events.map(\.kind) == [.injected, .healed])
    }

    @Test(
      "a session that the server ends loses its transaction and nothing else", arguments: [SessionRole.holder, .all])
    func endedSession(role: SessionRole) throws {
      let scenario = try scenario("postgres.for-update") { $0.workload.hold = .milliseconds(2) }
      let result = try run(scenario, EndSession("postgres", role))
      #expect(result.verdict == .pass, "\(result.checks)")
      #expect(result.total[.reconnects] == (role == .all ? 4 : 1))
      #expect(result.events.map(\.kind) == [.injected])
    }

    #if MariaDB
    @Test("a holder of GET_LOCK loses its lock with its session, and works on")
    func endedLockSession() throws {
      let scenario = try scenario("mariadb.get-lock") { $0.workload.hold = .milliseconds(5) }
      let result = try run(scenario, EndSession("mariadb", .holder))
      #expect(result.total[.reconnects] == 1 && result.total.outcomes == result.total[.started])
      #expect(result.events.map(\.kind) == [.injected])
    }
    #endif

    @Test("a server that is restarted has kept everything that it had acknowledged")
    func restart() throws {
      let scenario = try scenario("postgres.for-update") { $0.load.duration = .milliseconds(900) }
      let result = try run(scenario, RestartService("postgres"), for: .milliseconds(10))
      #expect(result.verdict == .pass, "\(result.checks)")
      #expect(result.total[.connectionLost] + result.total[.ambiguous] >= 4)
      #expect(result.events.map(\.kind) == [.injected, .healed])
    }

    @Test("locks that Redis has lost are had by two at once")
    func flushedRedis() throws {
      let scenario = try scenario("redis.lock", over: "postgres") { $0.workload.hold = .milliseconds(80) }
      let result = try repeated(until: { $0.total[.overlaps] > 0 }) { try run(scenario, FlushRedis()) }
      #expect(result.total[.overlaps] > 0)
      #expect(result.events.map(\.kind) == [.injected])
    }

    @Test("locks that Redis evicts are had by two at once, and records stay")
    func fullRedis() throws {
      let scenario = try scenario("redis.lock") { $0.workload.hold = .milliseconds(80) }
      let result = try repeated(until: { $0.total[.overlaps] > 0 }) { try run(scenario, FillMemory()) }
      #expect(result.total[.overlaps] > 0)
      #expect(result.events.map(\.kind) == [.injected, .healed])
    }

    @Test("a service at a distance takes as much longer, and the result says so")
    func distance() throws {
      let distance = Distance(roundTrip: .milliseconds(4))
      var scenario = try scenario("redis.lua")
      scenario.variants[0].distances = ["redis": distance, "postgres": distance]
      let result = try FaultTrial.run(scenario, [])
      FaultTrial.expectCountsAddUp(result)
      #expect(result.verdict == .pass, "\(result.checks)")
      #expect(result.conditions.distances == ["redis": distance])
      #expect(try #require(result.latency.value(atQuantile: 0.1)) > 3_900_000)
    }

    @Test("what cannot be cut is told before anything starts")
    func obstacles() throws {
      let commits = RequestSelection(.beforeReply, of: "COMMIT", .number(0))
      for (fault, words) in [
        (CutConnection("postgres") as any Fault, "cannot cut connections to postgres: the trial does not use it"),
        (
          Partition("redis", member: .number(1)),
          "cannot separate workers from member 1 of redis: redis is one server, which has no members"
        ),
        (CutConnection("redis", member: 1), "redis has 1 servers, counted from 0, and none of number 1"),
        (
          CutConnection("redis", at: commits),
          "cannot cut connections to redis before the reply to COMMIT number 0: req"
        ),
        (EndSession("redis", .holder), "cannot end the session of a holder of redis: Redis stores keys"),
        (FlushRedis(), "cannot flush redis: the records are in it"),
        (FailOver("redis", cut: .zero), "cannot kill the primary of redis, promote a replica: redis has no replicas"),
      ] {
        let result = try FaultTrial.run(try scenario("redis.lua"), [PlannedFault(fault, at: .zero)])
        #expect(result.failure?.hasPrefix(words) == true, "\(result.failure ?? "")")
        #expect(result.total[.started] == 0)
      }
    }
  }
}

extension String {
  fileprivate var service: String { String(prefix { $0 != "." }) }
}
