import Engine
import Model
import Runtime
import StrategyCatalog
import Testing
import TrialSupport

extension EngineTests {
  /// Two-phase commit whose second database cannot be reached, or whose answers get lost.
  @Suite(.serialized) struct TwoPhaseCommitFaults {
    /// A kind of databases, the second of them, and how its branches are prepared and committed.
    struct Databases: Sendable, CustomTestStringConvertible {
      let store: String
      let second: String
      let prepare: String
      let commit: String
      var testDescription: String { store }
    }

    static let all = [
      Databases(
        store: "postgres-shards", second: "postgres-2", prepare: "PREPARE TRANSACTION", commit: "COMMIT PREPARED"),
      Databases(store: "mariadb-shards", second: "mariadb-2", prepare: "XA PREPARE", commit: "XA COMMIT"),
    ].filter { StrategyCatalog.entry(id: $0.store + ".two-phase-commit", over: nil) != nil }

    private func run(_ databases: Databases, _ fault: any Fault, for length: Duration) throws -> TrialResult {
      let strategy = databases.store + ".two-phase-commit"
      var scenario = try TestRun.scenario(
        "transfer", keys: 16, options: ["initial": .integer(100_000)], strategies: [strategy], workers: 4
      ) {
        $0.load.processes = 2
        $0.load.duration = .milliseconds(900)
      }
      // What is committed at once is unknown when its answer is lost, as with any database.
      let entry = try #require(StrategyCatalog.entry(id: strategy, over: nil))
      scenario.strategies[0].options = Options(entry.descriptor.options, stated: ["one-phase": .flag(false)])
      let result = try FaultTrial.run(scenario, [PlannedFault(fault, at: .milliseconds(200), for: length)])
      #expect(result.failure == nil && result.verdict == .pass, "\(result.failure ?? "") \(result.checks)")
      #expect(result.total.openOperations == 0 && result.total.openAttempts == 0)
      #expect(result.faults.first?.injectedSecond != nil)
      return result
    }

    /// The decision is on the disk: the operation has committed, whatever becomes of the answer.
    @Test("a connection cut around the commit of a prepared branch leaves nothing half done", arguments: all)
    func cutAroundCommit(_ databases: Databases) throws {
      for moment in [RequestSelection.Moment.beforeForwarding, .beforeReply] {
        let selection = RequestSelection(moment, of: databases.commit, .share(0.05))
        let result = try run(databases, CutConnection(databases.second, at: selection), for: .milliseconds(500))
        #expect(result.total[.unknown] == 0, "\(moment)")
        #expect(result.total[.reconnects] > 0, "\(moment)")
      }
    }

    /// Nothing was decided: whether it was prepared or not, it is rolled back and tried again.
    @Test("a connection cut around a preparation leaves nothing half done", arguments: all)
    func cutAroundPreparation(_ databases: Databases) throws {
      for moment in [RequestSelection.Moment.beforeForwarding, .beforeReply] {
        let selection = RequestSelection(moment, of: databases.prepare, .share(0.05))
        let result = try run(databases, CutConnection(databases.second, at: selection), for: .milliseconds(500))
        #expect(result.total[.unknown] == 0, "\(moment)")
        #expect(result.total[.connectionLost] > 0, "\(moment)")
      }
    }

    @Test("a database that is killed and started again finds its prepared branches", arguments: all)
    func restart(_ databases: Databases) throws {
      let result = try run(databases, RestartService(databases.second), for: .milliseconds(10))
      #expect(result.total[.reconnects] > 0)
    }

    @Test("a database that stands still is waited for", arguments: all)
    func pause(_ databases: Databases) throws {
      let result = try run(databases, PauseService(databases.second), for: .milliseconds(500))
      // Nobody can commit over both meanwhile, and what stands still answers in the end.
      #expect(result.total[.unknown] == 0)
    }
  }
}
