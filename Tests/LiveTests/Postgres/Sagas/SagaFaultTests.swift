import Engine
import Model
import Runtime
import StrategyCatalog
import Testing
import TrialSupport

@testable import PostgresStrategies

extension SagaTests {
  /// What becomes of sagas whose worker, database or connection does not hold.
  @Suite(.serialized) struct Faults {
    /// One trial for each fault, on the same servers: claims of three units, each in a database of its own, of which one in
    /// three is declined, so that there are sagas of three steps and two compensations; or transfers.
    private func run(
      _ faults: [FaultSettings], _ strategy: String = "saga", seconds: Double = 0.6,
      stated: [String: OptionValue] = [:], transfers: Bool = false
    ) throws -> [TrialResult] {
      var scenario = try TestRun.scenario(
        transfers ? "transfer" : "seats", keys: 6, options: transfers ? [:] : ["span": .integer(3)],
        strategies: ["postgres-shards.\(strategy)"]
      ) {
        $0.workload.shards = transfers ? 2 : 3
        $0.load.processes = 2
        $0.load.duration = .seconds(seconds)
        $0.retry.cap = .milliseconds(20)
      }
      let options = try #require(StrategyCatalog.entry(id: scenario.strategies[0].id, over: nil)).descriptor.options
      scenario.strategies[0].options = Options(
        options, stated: stated.merging(["failure-rate": .number(0.3)]) { own, _ in own })
      return try FaultTrial.each(faults, of: scenario)
    }

    private func kill(_ point: SagaOrchestrator.Point, then: String = "restart") -> FaultSettings {
      FaultTrial.kill(at: point.name, then: then)
    }

    @Test("at every point, whoever comes after a dead process goes on")
    func restarted() throws {
      let points = SagaOrchestrator.Point.allCases
      let results = try run(points.map { kill($0) })
      #expect(results.count == points.count)
      for (point, result) in zip(points, results) {
        #expect(result.verdict == .pass, "\(point.name): \(result.checks)")
        #expect(result.events.map(\.kind) == [.ended, .injected, .restarted, .healed], "\(point.name)")
        #expect(result.total[.committed] > 0 && (0...2).contains(result.total[.unknown]), "\(point.name)")
      }
    }

    @Test("records that a dead process has left pending are free again, with its saga ended")
    func pendingRecords() throws {
      let points: [SagaOrchestrator.Point] = [.betweenSteps, .afterLastStep, .betweenCompensations]
      let results = try run(points.map { kill($0) }, stated: ["semantic-lock": .flag(true)])
      for (point, result) in zip(points, results) {
        #expect(result.verdict == .pass, "\(point.name): \(result.checks)")
        #expect(result.events.map(\.kind) == [.ended, .injected, .restarted, .healed], "\(point.name)")
        #expect(result.total[.committed] > 0, "\(point.name)")
      }
    }

    @Test("at every point, what nobody comes after is found at the end of the trial")
    func leftToTheEnd() throws {
      let points = SagaOrchestrator.Point.allCases
      for (point, result) in zip(points, try run(points.map { kill($0, then: "nothing") }, seconds: 0.4)) {
        #expect(result.verdict == .pass, "\(point.name): \(result.checks)")
        #expect(result.total[.unknown] > 0, "\(point.name)")
      }
    }

    @Test("a process that dies between two steps of a saga that forgets leaves it unfinished")
    func forgotten() throws {
      let result = try run(
        [kill(.betweenSteps)], "saga-forgets", stated: ["failure-rate": .number(0)], transfers: true)[0]
      #expect(result.verdict == .violation, "\(result.checks)")
      #expect(result.violations.contains { $0.kind == .unfinishedSaga }, "\(result.checks)")
    }

    @Test("a database that stands still for a while holds up sagas, and loses none", arguments: [false, true])
    func pausedDatabase(semanticLock: Bool) throws {
      let pause = FaultSettings(
        kind: "pause-service", service: "postgres-2", start: .duration(.milliseconds(150)),
        length: .duration(.milliseconds(400)), options: Options(PauseService.descriptor.options))
      let result = try run(
        [pause], seconds: 1,
        stated: ["semantic-lock": .flag(semanticLock), "step-timeout": .duration(.milliseconds(100))],
        transfers: true)[0]
      #expect(result.verdict == .pass, "\(result.checks)")
      #expect(result.total[.committed] > 0 && result.total[.unknown] == 0)
    }

    @Test("an answer that is lost is asked for again, and nothing is done twice")
    func cutConnections() throws {
      let cuts = [("before-forwarding", "postgres"), ("before-reply", "postgres"), ("before-reply", "postgres-2")].map {
        FaultSettings(
          kind: "cut-connection", service: $1, start: .duration(.milliseconds(50)),
          length: .duration(.milliseconds(450)),
          options: Options(
            CutConnection.descriptor.options,
            stated: ["when": .word($0), "of": .word("COMMIT"), "share": .number(0.1)]))
      }
      for result in try run(cuts, transfers: true) {
        #expect(result.verdict == .pass, "\(result.checks)")
        #expect(result.total[.reconnects] > 0 && result.total[.committed] > 0)
        // Every one of them is known in the end.
        #expect(result.total[.unknown] == 0)
      }
    }
  }
}
