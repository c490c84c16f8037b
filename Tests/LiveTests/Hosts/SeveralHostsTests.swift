import Foundation
import Glibc
import Hosts
import Model
import Runtime
import StrategyCatalog
import Testing
import TrialSupport

@testable import Engine

extension EngineTests {
  /// Trials over several hosts, whose agents are on this machine: everything but the network.
  @Suite(.serialized) struct SeveralHosts {
    private func scenario(
      _ strategies: [String], hosts: Int, workers: Int = 8, keys: Int = 2, adjust: (inout Variant) -> Void = { _ in }
    ) throws -> Scenario {
      try TestRun.scenario("counter", keys: keys, strategies: strategies, workers: workers) {
        $0.load.hosts = hosts
        $0.load.duration = .milliseconds(800)
        adjust(&$0)
      }
    }

    /// Runs all trials of a scenario, and expects that nothing of it stays.
    private func run(
      _ scenario: Scenario, whileRunning: @escaping (LiveView, String) -> Void = { _, _ in }
    ) throws -> [TrialResult] {
      try TestRun.withOwnProgram { program in
        defer { #expect(TestRun.workerProcesses(of: program).isEmpty) }
        #expect(HostObstacles.problems(in: scenario).isEmpty)
        let testbed = try Testbed(
          scenario, executable: program, interruption: -1, hosts: HostTrials.settings(.local))
        defer { try? testbed.close() }
        return try Plan(scenario).trials.map { planned in
          try testbed.run(try ResolvedTrial(planned, of: scenario)) { whileRunning($0, program) }
        }
      }
    }

    @Test("four hosts count what one counts")
    func sameCounts() throws {
      func operations(_ load: inout LoadSettings) {
        load.duration = nil
        load.warmup = .zero
        load.operations = 401
      }
      let one = try run(
        try scenario(["redis.lock"], hosts: 1) {
          $0.load.processes = 4
          operations(&$0.load)
        })[0]
      let four = try run(try scenario(["redis.lock"], hosts: 4) { operations(&$0.load) })[0]
      for result in [one, four] {
        FaultTrial.expectCountsAddUp(result)
        #expect(result.verdict == .pass && result.total[.committed] == 401, "\(result.checks)")
      }
      #expect(one.fairness.committed.count == four.fairness.committed.count)
      #expect(four.hosts?.hosts.map(\.rank) == [0, 1, 2, 3])
      #expect(four.hosts?.hosts.compactMap(\.committed).reduce(0, +) == four.measured[.committed])
      #expect(one.hosts == nil)
    }

    @Test("who is not protected loses over hosts, too, exactly what was acknowledged and is not there")
    func control() throws {
      let result = try repeated(until: \.showsViolation) { try run(try scenario(["redis.none"], hosts: 2))[0] }
      #expect(result.failure == nil && result.verdict == .violation, "\(result.checks)")
      FaultTrial.expectCountsAddUp(result)
      let lost = try #require(result.violations.first { $0.kind == .lostUpdate })
      #expect(lost.count > 0 && lost.count < result.total[.committed])
    }

    @Test("a lease that ends before its holder does shows holders on two hosts at once; one that does not, none")
    func overlaps() throws {
      func trial(ttl: Int) throws -> TrialResult {
        var scenario = try scenario(["redis.lock"], hosts: 2, workers: 4, keys: 1) {
          $0.workload.hold = .milliseconds(20)
        }
        let options = try #require(StrategyCatalog.entry(id: "redis.lock", over: nil)?.descriptor.options)
        scenario.strategies[0].options = Options(options, stated: ["ttl": .duration(.milliseconds(ttl))])
        return try run(scenario)[0]
      }
      let short = try #require(try repeated(until: { ($0?.overlaps ?? 0) > 0 }) { try trial(ttl: 5).hosts?.holds })
      #expect(short.overlaps > 0 && short.compared > 10, "\(short)")
      let proper = try #require(try trial(ttl: 30_000).hosts?.holds)
      #expect(proper.overlaps == 0 && proper.apart > 0, "\(proper)")
    }

    @Test("faults of workers are done on a host, those of servers by the driver")
    func faults() throws {
      var scenario = try scenario(["redis.lock"], hosts: 2, workers: 4, keys: 1) {
        $0.workload.hold = .milliseconds(2)
        $0.load.processes = 2
        $0.load.duration = .milliseconds(2500)
      }
      func fault(_ kind: String, at start: Int) throws -> FaultSettings {
        let descriptor = try #require(FaultRegistry.descriptors.first { $0.id == kind })
        return FaultSettings(
          kind: kind, start: .duration(.milliseconds(start)), length: .duration(.milliseconds(300)),
          options: Options(descriptor.options, stated: [:]))
      }
      scenario.faults = [try fault("pause-worker", at: 200), try fault("pause-service", at: 1200)]
      let result = try run(scenario)[0]
      #expect(result.failure == nil && result.verdict == .pass, "\(result.failure ?? "") \(result.checks)")
      #expect(result.events.map(\.kind) == [.injected, .healed, .injected, .healed], "\(result.events)")
      #expect(result.faults.map(\.kind) == ["pause-worker", "pause-service"])
      #expect((result.faults.last?.longestStallSeconds ?? 0) > 0.2, "\(result.faults)")
    }

    @Test("a survey tells what hosts are like, and which servers they reach")
    func survey() throws {
      let listener = try ChannelListener(try HostAddress("127.0.0.1:0"), token: RunToken.random())
      defer { withExtendedLifetime(listener) {} }
      let servers = [try HostAddress("127.0.0.1:\(listener.port)"), try HostAddress("127.0.0.1:1")]
      let entries = try HostSurvey.take(
        HostTrials.settings(.local), hosts: 2, reaching: servers, executable: TestRun.contend, interruption: -1)
      #expect(entries.map(\.rank) == [0, 1])
      for entry in entries {
        #expect(entry.processors > 0 && entry.roundTripNanoseconds ?? 0 > 0 && entry.clockBoundNanoseconds ?? 0 > 0)
        #expect(entry.obstacles.map(\.obstacle) == [nil, "Connection refused"])
      }
    }

    @Test("a host that dies takes the verdict with it, and only that of its own trial")
    func lostHost() throws {
      var scenario = try scenario(["redis.lock"], hosts: 3, workers: 6) { $0.load.duration = .seconds(1) }
      scenario.variants[0].load.repetitions = 2
      let victim = Victim()
      let results = try run(scenario) { view, program in
        guard view.elapsed > 0.2, !victim.isDead else { return }
        victim.isDead = true
        if let agent = TestRun.workerProcesses(of: program).first { kill(agent, SIGKILL) }
      }
      #expect(results.count == 2)
      #expect(results[0].verdict == .unknown && results[0].isAsExpected == nil, "\(results[0].checks)")
      #expect(results[0].failure?.contains("was lost") == true, "\(results[0].failure ?? "none")")
      #expect(results[0].hosts?.lost.count == 1)
      #expect(results[0].crossChecks.isEmpty)
      // Another agent has taken its place, and nothing of what the dead one wrote late is in the way.
      #expect(
        results[1].failure == nil && results[1].verdict == .pass, "\(results[1].failure ?? "") \(results[1].checks)")
      FaultTrial.expectCountsAddUp(results[1])
    }

    private final class Victim: @unchecked Sendable {  // because one thread uses it
      var isDead = false
    }
  }
}
