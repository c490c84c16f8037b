import Engine
import Model
import Runtime
import StrategyCatalog
import Testing
import TrialSupport

@testable import PostgresStrategies

/// Sagas that nobody leads, over each transport, through the engine. Their databases are schemas of one.
@Suite(.serialized) struct ChoreographyTests {
  static let transports = ["saga-inbox", "saga-streams"]

  /// The service of each database.
  static let databases = ["postgres", "postgres-2", "postgres-3"]

  private func trial(
    _ strategy: String, _ kind: String = "transfer", keys: Int = 6, _ options: [String: OptionValue] = [:],
    shards: Int = 2, stated: [String: OptionValue] = [:]
  ) -> EngineTrial {
    var trial = EngineTrial("postgres-shards.\(strategy)", kind, keys: keys, options, operations: 160)
    trial.workers = 4
    trial.options = stated
    trial.adjust = {
      $0.workload.shards = shards
      $0.retry.cap = .milliseconds(20)
    }
    return trial
  }

  private func run(_ trial: EngineTrial) throws -> TrialResult {
    let database = try PrivateDatabase()
    defer { database.drop() }
    var trial = trial
    for service in Self.databases { trial.urls[service] = database.url }
    return try trial.run()
  }

  @Test("nothing is lost and nothing is left, over two databases and three", arguments: zip(transports, [2, 3]))
  func nothingIsLost(strategy: String, shards: Int) throws {
    var trial = trial(strategy, shards == 2 ? "transfer" : "stock", ["initial": .integer(10)], shards: shards)
    trial.processes = 2
    let result = try run(trial)
    #expect(result.verdict == .pass, "\(result.checks)")
    #expect(result.total[.committed] > 20 && result.total[.refused] > 0)
    #expect(result.checks.contains { $0.checker == "sagas" && $0.examined > 20 })
    #expect(result.checks.contains { $0.checker == "messages" && $0.examined == Int64(shards) })
    #expect(result.total[.unknown] == 0)
  }

  @Test("steps that are declined, and events that come twice", arguments: transports)
  func failures(strategy: String) throws {
    let stated: [String: OptionValue] = ["failure-rate": .number(0.3), "redeliveries": .number(0.5)]
    let result = try run(trial(strategy, "seats", ["span": .integer(3)], shards: 3, stated: stated))
    #expect(result.verdict == .pass, "\(result.checks)")
    #expect(result.total[.compensations] > 0 && result.total[.redeliveries] > 0)
    // Every event that comes twice has taken effect before.
    #expect(result.total[.rejectedDuplicates] == result.total[.redeliveries])
    #expect(result.total[.refused] > 0 && result.total[.committed] > 0 && result.total[.unknown] == 0)
  }

  @Test("one worker is an instance of every service")
  func oneWorker() throws {
    var alone = trial("saga-inbox", "stock", ["initial": .integer(1000)], shards: 3)
    alone.workers = 1
    alone.operations = 20
    let result = try run(alone)
    #expect(result.verdict == .pass, "\(result.checks)")
    #expect(result.total[.committed] == 20)
  }

  @Test("an event that fails as often as it may is put away, and its saga is found", arguments: transports)
  func deadLetters(strategy: String) throws {
    var trial = trial(
      strategy, keys: 2,
      stated: [
        "step-timeout": .duration(.milliseconds(1)), "attempts": .integer(1),
        "end-timeout": .duration(.milliseconds(50)),
      ])
    trial.operations = 24
    trial.hold = .milliseconds(20)
    let result = try run(trial)
    #expect(result.verdict == .violation && result.total[.unknown] > 0)
    #expect(result.violations.contains { $0.kind == .undeliveredMessage }, "\(result.checks)")
    #expect(result.violations.contains { $0.kind == .unfinishedSaga }, "\(result.checks)")
  }

  @Test("who reads sees what is on its way, and counts it")
  func reads() throws {
    let result = try run(trial("saga-inbox", "profile", keys: 2, ["fields": .integer(4), "reads": .number(0.5)]))
    #expect(result.verdict == .pass, "\(result.checks)")
    #expect(result.total[.dirtyReads] > 0)
  }

  @Test("a service that does not ask whether it has done a step does it twice")
  func control() throws {
    let result = try run(trial("saga-inbox-no-dedupe"))
    #expect(result.grade == .required && result.verdict == .violation)
    #expect(result.violations.contains { $0.kind == .duplicateEffect }, "\(result.checks)")
    #expect(result.violations.contains { $0.kind == .conservation }, "\(result.checks)")
  }
}
