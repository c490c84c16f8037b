#if RabbitMQ
import Engine
import Model
import Testing
import TrialSupport

@testable import PostgresStrategies

extension RabbitMQTests {
  /// Sagas whose events a broker carries.
  @Suite struct SagaTests {
    /// A workload over databases of one server, in two processes.
    private func trial(
      _ kind: String, _ database: PrivateDatabase, keys: Int = 12, _ options: [String: OptionValue] = [:]
    ) throws -> EngineTrial {
      let workload = WorkloadSettings(
        kind: kind, keys: keys, options: Options([], stated: kind == "seats" ? ["span": .integer(3)] : [:]))
      var trial = EngineTrial(
        TrialCase("postgres-shards.saga-rabbitmq", workload), workers: 4, processes: 2, operations: 200)
      trial.options = options
      trial.urls = ["rabbitmq": try RabbitMQServer.url]
      for service in ["postgres", "postgres-2", "postgres-3"] { trial.urls[service] = database.url }
      return trial
    }

    @Test("sagas end, forward or backward, whatever comes twice")
    func ended() throws {
      let database = try PrivateDatabase()
      defer { database.drop() }
      var trial = try trial("seats", database, ["failure-rate": .number(0.2), "redeliveries": .number(0.2)])
      trial.adjust = { $0.workload.shards = 3 }
      let result = try trial.run()
      #expect(result.verdict == .pass, "\(result.checks)")
      #expect(result.total[.committed] > 0 && result.total[.unknown] == 0)
      #expect(result.total[.compensations] > 0 && result.total[.rejectedDuplicates] > 0)
    }

    @Test("at every point, whoever comes after a dead process goes on")
    func deaths() throws {
      let database = try PrivateDatabase()
      defer { database.drop() }
      var planned = try trial(
        "seats", database, keys: 3000, ["failure-rate": .number(0.3), "end-timeout": .duration(.seconds(2))])
      planned.adjust = {
        $0.workload.shards = 3
        $0.load.operations = nil
        $0.load.duration = .milliseconds(300)
      }
      var scenario = try planned.scenario()
      let testbed = try Testbed(scenario, executable: TestRun.contend, interruption: -1)
      defer { try? testbed.close() }
      for point in ChoreographyPoint.allCases {
        let stated: [String: OptionValue] = ["point": .word(point.name), "then": .word("restart")]
        scenario.faults = [
          FaultSettings(
            kind: "kill-at-point", start: .duration(.milliseconds(50)), length: .duration(.milliseconds(50)),
            options: Options(KillAtPoint.descriptor.options, stated: stated))
        ]
        let result = try testbed.run(
          ResolvedTrial(Plan(scenario).trials[0], of: scenario), onProgress: { _ in })
        FaultTrial.expectCountsAddUp(result)
        #expect(result.verdict == .pass, "\(point.name): \(result.checks)")
        #expect(result.events.contains { $0.kind == .injected } && result.total[.committed] > 0, "\(point.name)")
      }
    }

    @Test("a broker that is killed in the middle and started again loses nothing, and all sagas end")
    func brokerKilled() throws {
      let database = try PrivateDatabase()
      defer { database.drop() }
      var trial = try trial("transfer", database)
      trial.operations = 400
      var isKilled = false
      // The driver stands still meanwhile, the workers do not: they have operations left when the broker is back.
      let result = try trial.run { view in
        guard view.elapsed > 0, !isKilled else { return }
        isKilled = true
        #expect(throws: Never.self) {
          try RabbitMQServer.kill()
          try RabbitMQServer.restart()
        }
      }
      #expect(isKilled)
      #expect(result.verdict == .pass, "\(result.checks)")
      #expect(result.total[.committed] > 0 && result.total[.reconnects] > 0, "\(result.total[.committed])")
    }
  }
}
#endif
