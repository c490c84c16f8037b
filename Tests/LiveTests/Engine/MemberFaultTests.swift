import Engine
import Model
import Runtime
import StrategyCatalog
import Testing
import TrialSupport

extension EngineTests {
  /// What is done to single servers of a service that has several.
  @Suite(.serialized) struct MemberFaults {
    private func scenario(
      _ strategy: String, over store: String? = nil, _ options: [String: OptionValue] = [:], faults: [FaultSettings],
      adjust: (inout Variant) -> Void = { _ in }
    ) throws -> Scenario {
      var scenario = try TestRun.scenario("counter", strategies: [strategy]) {
        $0.load.processes = 2
        $0.load.duration = .milliseconds(1500)
        $0.retry.cap = .milliseconds(5)
        adjust(&$0)
      }
      let descriptor = try #require(StrategyCatalog.entry(id: strategy, over: store)?.descriptor)
      scenario.strategies[0].over = store
      scenario.strategies[0].options = Options(descriptor.options, stated: options)
      scenario.faults = faults
      return scenario
    }

    private func fault(
      _ kind: String, at start: Duration = .milliseconds(300), for length: Duration? = nil,
      _ options: [String: OptionValue]
    ) throws -> FaultSettings {
      let descriptor = try #require(FaultRegistry.descriptors.first { $0.id == kind })
      return FaultSettings(
        kind: kind, start: .duration(start), length: length.map(FaultTime.duration),
        options: Options(descriptor.options, stated: options))
    }

    /// From the beginning, as often as there is time for.
    private func clockJump(every interval: Duration, _ options: [String: OptionValue]) throws -> FaultSettings {
      var jump = try fault("clock-jump", at: .milliseconds(200), options)
      jump.interval = interval
      return jump
    }

    private func run(_ scenario: Scenario) throws -> TrialResult {
      #expect(FaultRegistry.problems(in: scenario).isEmpty)
      let trial = try ResolvedTrial(Plan(scenario).trials[0], of: scenario)
      return try FaultTrial.run(scenario, trial.faults)
    }

    private func member(_ number: Int) -> [String: OptionValue] { ["member": .integer(number)] }

    @Test("a Redlock goes on without two of its five servers", arguments: ["pause-service", "kill-service"])
    func minority(kind: String) throws {
      let faults = try [1, 4].map { try fault(kind, for: .milliseconds(1500), member($0)) }
      let result = try run(
        try scenario("redis.redlock", over: "memory", ["ttl": .duration(.milliseconds(800))], faults: faults) {
          $0.load.workers = [1]
          $0.load.duration = .milliseconds(2500)
          $0.load.processes = 1
        })
      #expect(result.failure == nil && result.verdict == .pass, "\(result.failure ?? "") \(result.checks)")
      #expect(result.total[.overlaps] == 0)
      #expect(result.events.map(\.kind) == [.injected, .injected, .healed, .healed])
      // Each of its rounds takes as long as the limit for an answer, which is 40 ms.
      #expect((result.faults.last?.goodputDuring ?? 0) > 0, "\(result.faults)")
    }

    @Test("servers of a Redlock that come back without their locks give one to somebody beside the holder")
    func forgottenVotes() throws {
      let kills = try [0, 1, 2].map { member in
        var kill = try fault("kill-service", for: .milliseconds(10), ["member": .integer(member)])
        kill.interval = .milliseconds(600)
        return kill
      }
      let result = try repeated(until: { $0.total[.overlaps] > 0 }) {
        try run(
          try scenario("redis.redlock", over: "memory", faults: kills) {
            $0.workload.hold = .milliseconds(400)
            $0.load.duration = .milliseconds(4500)
            $0.load.processes = 1
          })
      }
      #expect(result.failure == nil && result.total[.overlaps] > 0, "\(result.failure ?? "")")
      #expect(result.total[.expiredHolds] > 0)
    }

    @Test(
      "without a majority nobody gets a Redlock, and nothing is broken", arguments: ["pause-service", "kill-service"])
    func majority(kind: String) throws {
      let faults = try [0, 2, 3].map { try fault(kind, for: .milliseconds(1200), member($0)) }
      let result = try run(
        try scenario("redis.redlock", over: "memory", ["ttl": .duration(.milliseconds(200))], faults: faults) {
          $0.load.workers = [1]
          $0.load.duration = .milliseconds(3500)
          $0.load.processes = 1
        })
      #expect(result.failure == nil && result.verdict == .pass, "\(result.failure ?? "") \(result.checks)")
      #expect(result.total[.overlaps] == 0)
      #expect((result.faults.last?.longestStallSeconds ?? 0) > 0.5, "\(result.faults)")
      // It gets the lock again when they are back.
      #expect((result.faults.last?.goodputAfter ?? 0) > 0, "\(result.faults)")
    }

    /// Of the ensembles that are built in.
    private static let ensembles = ["etcd.txn", "zookeeper.versioned"]
      .filter { StrategyCatalog.entry(id: $0, over: nil) != nil }

    @Test("an ensemble loses its leader and nothing else", arguments: ensembles, ["kill-service", "pause-service"])
    func leader(strategy: String, kind: String) throws {
      let length: Duration = .milliseconds(kind == "kill-service" ? 100 : 1500)
      var scenario = try scenario(strategy, faults: [try fault(kind, for: length, ["member": .word("leader")])]) {
        $0.load.duration = .milliseconds(4000)
        $0.load.drain = .seconds(10)
      }
      scenario.services.locations[String(strategy.prefix { $0 != "." })] = .ensemble
      // How long the others take to agree on another one is up to their dice and to the disk.
      let result = try repeated(until: { ($0.faults.first?.goodputAfter ?? 0) > 0 }) {
        let result = try run(scenario)
        #expect(result.failure == nil && result.verdict == .pass, "\(result.failure ?? "") \(result.checks)")
        return result
      }
      #expect(result.events.map(\.kind) == [.injected, .healed])
      #expect(result.faults.first?.subject.hasPrefix("member ") == true, "\(result.faults)")
      #expect((result.faults.first?.goodputAfter ?? 0) > 0, "\(result.faults)")
    }

    @Test("an ensemble whose leader is cut from the others loses nothing", arguments: ensembles)
    func separatedLeader(strategy: String) throws {
      let cut = try fault(
        "partition", for: .seconds(3), ["between": .word("members"), "member": .word("leader")])
      var scenario = try scenario(strategy, faults: [cut]) {
        $0.load.duration = .seconds(6)
        $0.load.drain = .seconds(10)
      }
      scenario.services.locations[String(strategy.prefix { $0 != "." })] = .ensemble
      // How long the others take to agree on another one is up to their dice and to the disk.
      let result = try repeated(until: { ($0.faults.first?.goodputAfter ?? 0) > 0 }) {
        let result = try run(scenario)
        #expect(result.failure == nil && result.verdict == .pass, "\(result.failure ?? "") \(result.checks)")
        return result
      }
      #expect(result.events.map(\.kind) == [.injected, .healed])
      let fault = try #require(result.faults.first)
      #expect(fault.subject.hasPrefix("member "))
      // Nothing is agreed on until another one leads, or they meet again.
      #expect((fault.longestStallSeconds ?? 0) > 0.3, "\(fault)")
      #expect((fault.goodputAfter ?? 0) > 0, "\(fault)")
    }

    @Test("locks of Redis end early when its clock jumps, and their holders do not know")
    func clockJumps() throws {
      let jump = try clockJump(every: .milliseconds(100), ["by": .duration(.seconds(10))])
      let result = try run(
        try scenario("redis.lock", ["ttl": .duration(.seconds(5))], faults: [jump]) {
          $0.workload.hold = .milliseconds(30)
        })
      FaultTrial.expectCountsAddUp(result)
      #expect(result.verdict == .violation, "\(result.checks)")
      #expect(result.total[.overlaps] > 0 && result.total[.expiredHolds] > 0)
      #expect(result.faults.count > 5 && result.faults.allSatisfy { $0.injectedSecond != nil })
    }

    @Test("a majority of clocks that jump breaks a Redlock")
    func clocksOfMembers() throws {
      let jumps = try [0, 1, 2].map { try clockJump(every: .milliseconds(100), ["member": .integer($0)]) }
      let result = try run(
        try scenario("redis.redlock", over: "memory", ["ttl": .duration(.seconds(5))], faults: jumps) {
          $0.workload.hold = .milliseconds(30)
          $0.load.duration = .milliseconds(3000)
        })
      #expect(result.failure == nil, "\(result.failure ?? "")")
      #expect(result.total[.overlaps] > 0 && result.total[.expiredHolds] > 0)
    }

    @Test(
      "sessions of ZooKeeper outlive a jump of its clock",
      arguments: ["zookeeper.lock"].filter { StrategyCatalog.entry(id: $0, over: nil) != nil })
    func clockOfZooKeeper(strategy: String) throws {
      let jump = try clockJump(every: .milliseconds(300), ["by": .duration(.seconds(3600))])
      let result = try run(try scenario(strategy, faults: [jump]) { $0.workload.hold = .milliseconds(2) })
      FaultTrial.expectCountsAddUp(result)
      #expect(result.verdict == .pass, "\(result.checks)")
      #expect(result.total[.overlaps] == 0 && result.total[.reconnects] == 0 && result.total[.expiredHolds] == 0)
      #expect(result.faults.count > 2 && result.total[.committed] > 5)
    }

    @Test("a clock on which nothing depends, or that cannot jump, is told when the scenario is read")
    func refusedJumps() throws {
      func problem(_ strategy: String, _ options: [String: OptionValue] = [:]) throws -> String {
        let scenario = try scenario(strategy, faults: [try fault("clock-jump", options)])
        return FaultRegistry.problems(in: scenario).map(\.message).joined()
      }
      #expect(try problem("redis.lock").isEmpty)
      #expect(try problem("redis.watch").contains("it has no lease in redis"))
      #expect(try problem("postgres.for-update").contains("cannot be given a clock of its own"))
      var foreign = try scenario("redis.lock", faults: [try fault("clock-jump", [:])])
      foreign.services.locations["redis"] = .url("redis://somewhere")
      #expect(
        FaultRegistry.problems(in: foreign).map(\.message).joined().contains("is not a service of the trial that"))
    }

    @Test("a member that is not there is told when the scenario is read")
    func refused() throws {
      func problem(_ strategy: String, _ settings: FaultSettings, ensemble: String? = nil) throws -> String {
        var scenario = try scenario(strategy, faults: [settings])
        if let ensemble { scenario.services.locations[ensemble] = .ensemble }
        return FaultRegistry.problems(in: scenario).map(\.message).joined()
      }
      let pause = "pause-service"
      #expect(try problem("redis.redlock", try fault(pause, member(4))).isEmpty)
      #expect(try problem("redis.redlock", try fault(pause, member(5))).contains("has 5 members, counted from 0"))
      #expect(try problem("redis.redlock", try fault(pause, ["member": .word("leader")])).contains("no member of"))
      #expect(try problem("redis.lock", try fault(pause, member(0))).hasSuffix("which has no members"))
      let apart = try fault("partition", ["between": .word("members"), "member": .integer(0)])
      #expect(try problem("redis.redlock", apart).contains("nothing to say to each other"))
      #expect(try problem("redis.redlock", try fault("partition", member(5))).contains("has 5 members"))
      for strategy in Self.ensembles {
        let service = String(strategy.prefix { $0 != "." })
        #expect(try problem(strategy, apart).contains("state services.\(service): ensemble"))
        #expect(try problem(strategy, apart, ensemble: service).isEmpty)
        let alone = try problem(strategy, try fault(pause, member(0)))
        #expect(alone.contains("state services.\(service): ensemble"))
        #expect(try problem(strategy, try fault(pause, ["member": .word("leader")]), ensemble: service).isEmpty)
      }
    }
  }
}
