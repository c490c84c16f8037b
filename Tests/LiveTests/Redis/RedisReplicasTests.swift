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
  /// A primary and two replicas.
  @Suite struct Replicas {
    private static var url: String { get throws { try PrivateService.url("redis-replicas") } }

    private static var urls: [String] { get throws { try url.split(separator: ",").map(String.init) } }

    private func administration() throws -> ReplicasAdministration {
      try ReplicasAdministration(url: Self.url, namespace: "replicas")
    }

    private func role(_ member: Int) throws -> String {
      let role = try RedisServer.connect(Self.urls[member]).command(["ROLE"]).elements
      return role.first?.text ?? ""
    }

    private func trial(
      _ options: [String: OptionValue] = [:], operations: Int = 60, hold: Duration = .milliseconds(2)
    ) throws -> EngineTrial {
      var trial = EngineTrial(
        "redis-replicas.lock", over: "memory", "counter", keys: 1, workers: 4, operations: operations)
      trial.options = options
      trial.hold = hold
      trial.urls = ["redis-replicas": try Self.url]
      return trial
    }

    @Test("replicas follow, are cut off, promoted, and follow again")
    func topology() throws {
      let administration = try administration()
      try administration.prepare(values: [])
      #expect(try [0, 1, 2].map(role) == ["master", "slave", "slave"])
      let primary = try RedisServer.connect(Self.urls[0])
      _ = try primary.command(["SET", "before", "1"])
      #expect(try primary.command(["WAIT", "2", "1000"]) == .integer(2))
      try administration.separateReplicas()
      _ = try primary.command(["SET", "after", "1"])
      #expect(try primary.command(["WAIT", "1", "10"]) == .integer(0))
      try administration.promoteReplica()
      #expect(try [0, 1, 2].map(role) == ["master", "master", "slave"])
      let promoted = try RedisServer.connect(Self.urls[1])
      #expect(try promoted.command(["GET", "before"]) == .text("1"))
      // It was acknowledged, and is lost.
      #expect(try promoted.command(["GET", "after"]) == .nothing)
      _ = try promoted.command(["SET", "after", "2"])
      try administration.prepare(values: [])
      #expect(try [0, 1, 2].map(role) == ["master", "slave", "slave"])
      #expect(try RedisServer.connect(Self.urls[1]).command(["GET", "after"]) == .text("1"))
      _ = try primary.command(["DEL", "before", "after"])
    }

    @Test(
      "nothing is lost while the primary stays, and it counts what we count",
      arguments: [[:], ["wait-replicas": .integer(2)], ["min-replicas": .integer(2)]] as [[String: OptionValue]])
    func correct(options: [String: OptionValue]) throws {
      let result = try trial(options).run()
      #expect(result.verdict == .pass, "\(result.checks)")
      #expect(result.total[.committed] == 60 && result.total[.overlaps] == 0)
      let commands = try #require(result.crossChecks.first { $0.name == "commands" })
      #expect(commands.agrees, "\(commands)")
      let waits = options["wait-replicas"] == nil ? 0 : 60 as Int64
      #expect(commands.server >= 120 + waits)
    }

    /// The replicas hear nothing for a while, the primary is killed, and one of them is promoted.
    private func failOver(_ options: [String: OptionValue]) throws -> TrialResult {
      var options = options
      options["ttl"] = .duration(.milliseconds(400))
      var scenario = try TestRun.scenario("counter", keys: 4, strategies: ["redis-replicas.lock"], workers: 8) {
        $0.load.processes = 2
        $0.load.duration = .milliseconds(1600)
        $0.workload.hold = .milliseconds(60)
        $0.retry.cap = .milliseconds(5)
      }
      let descriptor = try #require(StrategyCatalog.entry(id: "redis-replicas.lock", over: "memory")?.descriptor)
      scenario.strategies[0].over = "memory"
      scenario.strategies[0].options = Options(descriptor.options, stated: options)
      let failOver = FailOver("redis-replicas", cut: .milliseconds(700))
      return try FaultTrial.run(scenario, [PlannedFault(failOver, at: .milliseconds(100))])
    }

    @Test("a fail-over grants a lock twice")
    func grantedTwice() throws {
      let result = try repeated(until: { $0.total[.overlaps] > 0 }) { try failOver([:]) }
      #expect(result.failure == nil && result.verdict == .violation, "\(result.failure ?? "") \(result.checks)")
      #expect(result.total[.reconnects] > 0 && result.events.map(\.kind) == [.injected, .healed])
    }

    @Test(
      "a lock that replicas must have is not granted twice, nor is one by a primary that must have replicas",
      arguments: [["wait-replicas": .integer(1)], ["min-replicas": .integer(1)]] as [[String: OptionValue]])
    func remedies(options: [String: OptionValue]) throws {
      let result = try failOver(options)
      #expect(result.failure == nil && result.verdict == .pass, "\(result.failure ?? "") \(result.checks)")
      #expect(result.total[.overlaps] == 0)
      let refusals = options["wait-replicas"] == nil ? result.total[.connectionLost] : result.total[.notAcquired]
      #expect(refusals > 0 && result.total[.committed] > 3)
    }

    @Test("a client follows the Sentinels to another primary when the old one is killed")
    func sentinels() throws {
      var scenario = try TestRun.scenario("counter", keys: 4, strategies: ["redis-sentinel.lock"]) {
        $0.load.duration = .milliseconds(3000)
        $0.load.drain = .seconds(8)
        $0.workload.hold = .milliseconds(2)
        $0.retry.cap = .milliseconds(5)
      }
      let descriptor = try #require(StrategyCatalog.entry(id: "redis-sentinel.lock", over: "memory")?.descriptor)
      scenario.strategies[0].over = "memory"
      scenario.strategies[0].options = Options(descriptor.options, stated: ["ttl": .duration(.milliseconds(500))])
      let kill = KillService("redis-sentinel", .leader)
      let result = try FaultTrial.run(scenario, [PlannedFault(kill, at: .milliseconds(200))])
      #expect(result.failure == nil && result.total[.reconnects] > 0, "\(result.failure ?? "")")
      // By its own word the one that was killed is away until the window closes; another one has granted locks since.
      #expect((result.faults.first?.longestStallSeconds ?? 0) > 0.9, "\(result.faults)")
      #expect(result.timeline.contains { $0.second > 0.9 && $0.committed > 0 }, "\(result.timeline)")
    }

    @Test("servers that are no primary with its replicas are refused")
    func refusals() throws {
      func refusal(_ urls: [String]) -> String {
        do {
          _ = try ReplicasAdministration(url: urls.joined(separator: ","), namespace: "test")
          return ""
        } catch { return error.message }
      }
      let administration = try administration()
      try administration.prepare(values: [])
      let urls = try Self.urls
      #expect(refusal([urls[0]]).contains("names one server, which has no replicas"))
      #expect(refusal([urls[1], urls[0]]).contains("is a replica, which takes no writes"))
      #expect(refusal([urls[0], urls[1]]).isEmpty)
      try administration.separateReplicas()
      #expect(refusal(urls).contains("does not hear its primary"))
      try administration.prepare(values: [])
      #expect(refusal([urls[0], try RedisServer.url]).contains("is no replica of the one at"))
    }
  }
}
