import Engine
import Model
import Runtime
import StrategyCatalog
import Testing
import TrialSupport

extension EngineTests {
  /// Services that die between effect and key, and answers that are lost.
  @Suite(.serialized) struct PaymentFaults {
    private func scenario(
      _ strategy: String, _ workload: String = "click", redelivered: Double = 0, hold: Duration = .zero
    ) throws -> Scenario {
      let options: [String: OptionValue] = ["redelivered": .number(redelivered), "delay": .duration(.zero)]
      return try TestRun.scenario(workload, keys: 4, options: options, strategies: [strategy]) {
        $0.load.processes = 2
        // Another process takes its time to take the place of one that was killed.
        $0.load.duration = .milliseconds(2700)
        $0.load.warmup = .zero
        $0.retry.cap = .milliseconds(5)
        $0.workload.hold = hold
      }
    }

    private static let kills = [100, 1000, 1900].map {
      PlannedFault(KillWorkers(.process(1), restarts: true), at: .milliseconds($0), for: .milliseconds(50))
    }

    @Test("whenever a service dies, a key that was claimed is finished with one effect")
    func killed() throws {
      for redelivered in [0, 0.5] {
        let scenario = try scenario("postgres.idempotency-key", redelivered: redelivered, hold: .milliseconds(30))
        let result = try FaultTrial.run(scenario, Self.kills)
        FaultTrial.expectCountsAddUp(result)
        #expect(result.verdict == .pass, "\(result.checks)")
        #expect(result.events.count { $0.kind == .restarted } == 3)
        // Most died while they held a key, which nobody asks for again: the completer has finished it.
        #expect(result.total[.unknown] > 0 && result.unknownOutcomes.applied > 0)
      }
    }

    @Test("a service that stores the key on its own leaves effects behind that the next delivery repeats")
    func killedInBetween() throws {
      let scenario = try scenario("postgres.idempotency-key-after-effect", hold: .milliseconds(30))
      let result = try FaultTrial.run(scenario, Self.kills)
      FaultTrial.expectCountsAddUp(result)
      #expect(Set(result.violations.map(\.kind)) == [.unrecordedEffect], "\(result.checks)")
    }

    @Test(
      "a lost answer is settled by sending the request again, whether the server has heard it or not",
      arguments: RequestSelection.Moment.allCases)
    func settled(moment: RequestSelection.Moment) throws {
      let cut = CutConnection("postgres", at: RequestSelection(moment, of: "COMMIT", .share(0.05)))
      for redelivered in [0, 0.3] {
        let scenario = try scenario("postgres.idempotency-key", "payment", redelivered: redelivered)
        let result = try FaultTrial.run(scenario, [PlannedFault(cut, at: .milliseconds(100))])
        #expect(result.failure == nil && result.verdict == .pass, "\(result.checks)")
        #expect(result.total[.unknown] == 0 && result.total[.ambiguous] == 0)
        #expect(result.total[.reconnects] > 0 && result.total[.redeliveries] > 0)
        if moment == .beforeReply { #expect(result.total[.replays] > 0) }
        #expect(result.events.map(\.kind) == [.injected, .healed])
      }
    }

    @Test("a claim whose answer was lost is taken back, or finished by the next delivery")
    func lostClaim() throws {
      let cut = CutConnection("postgres", at: RequestSelection(.beforeReply, of: "INSERT", .share(0.05)))
      let scenario = try scenario("postgres.idempotency-key", "payment", redelivered: 0.3)
      let result = try FaultTrial.run(scenario, [PlannedFault(cut, at: .milliseconds(100))])
      #expect(result.failure == nil && result.verdict == .pass, "\(result.checks)")
      #expect(result.total[.unknown] == 0 && result.total[.reconnects] > 0)
    }

    @Test("who sends a request again that the service does not know is charged again")
    func repeated() throws {
      let cut = CutConnection("postgres", at: RequestSelection(.beforeReply, of: "COMMIT", .share(0.05)))
      let scenario = try scenario("postgres.idempotency-key-after-effect", "payment")
      let result = try FaultTrial.run(scenario, [PlannedFault(cut, at: .milliseconds(100))])
      #expect(result.failure == nil)
      #expect(result.violations.contains { $0.kind == .duplicateEffect }, "\(result.checks)")
    }

    @Test("while the server is away, what may have happened stays unknown, and nothing is charged twice")
    func restart() throws {
      let scenario = try scenario("postgres.idempotency-key", "payment", redelivered: 0.3)
      let result = try FaultTrial.run(
        scenario, [PlannedFault(RestartService("postgres"), at: .milliseconds(200), for: .milliseconds(10))])
      #expect(result.failure == nil && result.verdict == .pass, "\(result.checks)")
      #expect(result.total[.reconnects] > 0)
    }
  }
}
