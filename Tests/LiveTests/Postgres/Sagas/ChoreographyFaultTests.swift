import Engine
import Model
import Runtime
import StrategyCatalog
import Testing
import TrialSupport

@testable import PostgresStrategies

extension ChoreographyTests {
  /// What becomes of sagas whose services, databases or messages do not hold.
  @Suite(.serialized) struct Faults {
    /// One trial for each fault, on the same servers: claims of three units, each in a database of its own, of which some
    /// are declined at each step; or transfers.
    private func run(
      _ faults: [FaultSettings], _ strategy: String, seconds: Double = 0.6, stated: [String: OptionValue] = [:],
      transfers: Bool = false, database: PrivateDatabase? = nil
    ) throws -> [TrialResult] {
      var scenario = try TestRun.scenario(
        transfers ? "transfer" : "seats", keys: transfers ? 6 : 3000, options: transfers ? [:] : ["span": .integer(3)],
        strategies: ["postgres-shards.\(strategy)"]
      ) {
        $0.workload.shards = transfers ? 2 : 3
        $0.load.processes = 2
        $0.load.duration = .seconds(seconds)
        $0.retry.cap = .milliseconds(20)
      }
      let options = try #require(StrategyCatalog.entry(id: scenario.strategies[0].id, over: nil)).descriptor.options
      let usual: [String: OptionValue] = ["failure-rate": .number(0.3), "end-timeout": .duration(.seconds(2))]
      scenario.strategies[0].options = Options(options, stated: stated.merging(usual) { own, _ in own })
      if let database {
        for service in ChoreographyTests.databases { scenario.services.locations[service] = .url(database.url) }
      }
      return try FaultTrial.each(faults, of: scenario)
    }

    private func kill(_ point: ChoreographyPoint, then: String) -> FaultSettings {
      FaultTrial.kill(at: point.name, then: then)
    }

    @Test("at every point, whoever comes after a dead process goes on", arguments: transports)
    func restarted(strategy: String) throws {
      try expectNoLoss(ChoreographyPoint.allCases, strategy, then: "restart")
    }

    @Test("what nobody comes after, other instances of the service do, or the driver in the end")
    func leftToOthers() throws {
      try expectNoLoss([.beforePublish, .beforeAcknowledgement], "saga-streams", then: "nothing")
    }

    private func expectNoLoss(_ points: [ChoreographyPoint], _ strategy: String, then: String) throws {
      let database = try PrivateDatabase()
      defer { database.drop() }
      let results = try run(points.map { kill($0, then: then) }, strategy, seconds: 0.3, database: database)
      #expect(results.count == points.count)
      for (point, result) in zip(points, results) {
        #expect(result.verdict == .pass, "\(point.name): \(result.checks)")
        #expect(result.events.contains { $0.kind == .injected }, "\(point.name)")
        #expect(result.total[.committed] > 0, "\(point.name)")
      }
    }

    @Test("a database that stands still for a while holds up sagas, and loses none")
    func pausedDatabase() throws {
      let pause = FaultSettings(
        kind: "pause-service", service: "postgres-2", start: .duration(.milliseconds(100)),
        length: .duration(.milliseconds(300)), options: Options(PauseService.descriptor.options))
      let result = try run(
        [pause], "saga-inbox", seconds: 0.8, stated: ["step-timeout": .duration(.milliseconds(100))], transfers: true)[
          0]
      #expect(result.verdict == .pass, "\(result.checks)")
      #expect(result.total[.committed] > 0 && result.total[.unknown] == 0)
    }

    @Test("connections that are cut around a commit lose no saga", arguments: transports)
    func cutConnections(strategy: String) throws {
      let cut = FaultSettings(
        kind: "cut-connection", service: "postgres-2", start: .duration(.milliseconds(50)),
        length: .duration(.milliseconds(300)),
        options: Options(
          CutConnection.descriptor.options,
          stated: ["when": .word("before-reply"), "of": .word("COMMIT"), "share": .number(0.1)]))
      let result = try run([cut], strategy, seconds: 0.4, transfers: true)[0]
      #expect(result.verdict == .pass, "\(result.checks)")
      #expect(result.total[.reconnects] > 0 && result.total[.committed] > 0)
    }

    @Test("a stream that stands still holds up sagas, and loses none")
    func pausedStream() throws {
      let pause = FaultSettings(
        kind: "pause-service", service: "redis", start: .duration(.milliseconds(100)),
        length: .duration(.milliseconds(300)), options: Options(PauseService.descriptor.options))
      let result = try run([pause], "saga-streams", seconds: 0.8, transfers: true)[0]
      #expect(result.verdict == .pass, "\(result.checks)")
      #expect(result.total[.committed] > 0 && result.total[.unknown] == 0)
    }

    @Test("a stream that loses its memory loses sagas, and they are found")
    func lostMemory() throws {
      let flush = FaultSettings(
        kind: "flush-redis", start: .duration(.milliseconds(50)), interval: .milliseconds(20),
        options: Options(FlushRedis.descriptor.options))
      let database = try PrivateDatabase()
      defer { database.drop() }
      let result = try repeated(until: { (result: TrialResult) in result.verdict == .violation }) {
        try run(
          [flush], "saga-streams", stated: ["end-timeout": .duration(.milliseconds(200))], transfers: true,
          database: database)[0]
      }
      #expect(result.violations.contains { $0.kind == .unfinishedSaga }, "\(result.checks)")
      #expect(result.total[.unknown] > 0)
    }
  }
}
