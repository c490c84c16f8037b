#if RabbitMQ
import Engine
import Model
import Testing
import TrialSupport

extension RabbitMQTests {
  /// Sagas whose events a broker carries.
  @Suite struct SagaTests {
    /// A workload over databases of one server, in two processes.
    private func trial(
      _ kind: String, _ database: PrivateDatabase, _ options: [String: OptionValue] = [:]
    ) throws -> EngineTrial {
      let workload = WorkloadSettings(
        kind: kind, keys: 12, options: Options([], stated: kind == "seats" ? ["span": .integer(3)] : [:]))
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
