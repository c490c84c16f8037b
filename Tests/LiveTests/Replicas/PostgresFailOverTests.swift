import Engine
import Model
import Runtime
import StrategyCatalog
import Testing
import TrialSupport

/// The loss of a primary of PostgreSQL: trials one after the other on the same service, which begins anew after each.
@Suite(.serialized) struct PostgresFailOverTests {
  private func fault(_ kind: String, at start: Duration, _ options: [String: OptionValue]) throws -> FaultSettings {
    let descriptor = try #require(FaultRegistry.descriptors.first { $0.id == kind })
    return FaultSettings(
      kind: kind, start: .duration(start), length: kind == "fail-over" ? nil : .duration(.milliseconds(20)),
      options: Options(descriptor.options, stated: options))
  }

  @Test("what only the primary had acknowledged is lost, and what a standby had confirmed is not")
  func lostAndKept() throws {
    var scenario = try TestRun.scenario(
      "counter", keys: 4, strategies: ["postgres-replicas.primary-reads", "postgres-replicas.primary-reads"]
    ) {
      $0.load.processes = 2
      $0.load.duration = .milliseconds(900)
      $0.retry.cap = .milliseconds(20)
    }
    let options = try #require(StrategyCatalog.entry(id: scenario.strategies[0].id, over: nil)).descriptor.options
    for (index, standbys) in [0, 1].enumerated() {
      scenario.strategies[index].label = "\(standbys) confirm"
      scenario.strategies[index].options = Options(options, stated: ["synchronous-standbys": .integer(standbys)])
    }
    let testbed = try Testbed(scenario, executable: TestRun.contend, interruption: -1)
    defer { try? testbed.close() }

    func run(_ faults: [FaultSettings]) throws -> [TrialResult] {
      scenario.faults = faults
      #expect(FaultRegistry.problems(in: scenario).isEmpty)
      return try Plan(scenario).trials.sorted { $0.strategyIndex < $1.strategyIndex }.map { planned in
        let result = try testbed.run(ResolvedTrial(planned, of: scenario))
        FaultTrial.expectCountsAddUp(result)
        return result
      }
    }

    let killed = try run([fault("fail-over", at: .milliseconds(200), [:])])
    #expect(killed[0].violations.map(\.kind).contains(.lostUpdate), "\(killed[0].checks)")
    #expect(killed[1].verdict == .pass, "\(killed[1].checks)")
    // The new primary takes writes.
    for result in killed { #expect((result.faults.first?.goodputDuring ?? 0) > 0, "\(result.faults)") }

    // Nobody tells the old one: who still reaches it goes on there, and a process that starts anew does not.
    let split = try run([
      fault("fail-over", at: .milliseconds(150), ["primary": .word("run"), "cut": .duration(.milliseconds(20))]),
      fault("kill-worker", at: .milliseconds(250), ["then": .word("restart")]),
    ])
    #expect(split[0].violations.map(\.kind).contains(.lostUpdate), "\(split[0].checks)")
    #expect(split[1].verdict == .pass, "\(split[1].checks)")
  }
}
