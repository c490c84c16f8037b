import Engine
import Model
import Runtime
import StrategyCatalog
import Testing
import TrialSupport

@testable import PostgresStrategies

extension PostgresTests {
  /// Limits of time that a role has as default: each is told apart, named, and counted as what it is.
  @Suite(.serialized) struct ServerLimits {
    /// Runs a strategy as a role with a setting.
    private func run(
      _ strategy: String, _ options: [String: OptionValue] = [:], setting: String, hold: Duration = .zero,
      think: Duration = .zero, workers: Int = 6, operations: Int = 24
    ) throws -> TrialResult {
      let role = "limited_\(UInt32.random(in: 0 ... .max))"
      let session = try PostgresServer.connect()
      for statement in [
        "CREATE ROLE \(role) LOGIN", "GRANT CREATE ON DATABASE postgres TO \(role)",
        "ALTER ROLE \(role) SET \(setting)",
      ] { try session.run(statement) }
      defer { for statement in ["DROP OWNED BY \(role)", "DROP ROLE \(role)"] { _ = try? session.run(statement) } }
      var trial = EngineTrial(strategy, workers: workers, operations: operations)
      trial.options = options
      trial.hold = hold
      trial.urls = ["postgres": try PostgresServer.url(user: role)]
      trial.adjust = {
        $0.workload.think = think
        $0.retry.attempts = 5
      }
      let result = try trial.run()
      #expect(result.verdict != .violation, "\(result.checks)")
      #expect(result.total.outcomes == Int64(operations))
      return result
    }

    @Test(
      "a statement that statement_timeout cancels is an error that names it, and no lock timeout",
      arguments: [
        ("postgres.for-update", [:]), ("postgres.advisory-lock", ["scope": .word("session")]),
        ("postgres.for-update", ["pipeline": .flag(true)]),
      ] as [(String, [String: OptionValue])])
    func statementTimeout(_ planned: (strategy: String, options: [String: OptionValue])) throws {
      let result = try run(
        planned.strategy, planned.options, setting: "statement_timeout TO '45ms'", hold: .milliseconds(30))
      #expect(result.total[.lockTimeout] == 0)
      #expect(result.total[.failed] > 0 && result.total[.failed] == result.total[.error])
      let error = result.firstError ?? ""
      #expect(error.contains("statement_timeout of the role, the database or the server is 45 ms"), "\(error)")
    }

    @Test("a wait that the role's lock_timeout ends is a lock timeout")
    func lockTimeout() throws {
      let result = try run("postgres.for-update", setting: "lock_timeout TO '20ms'", hold: .milliseconds(30))
      #expect(result.total[.lockTimeout] > 0 && result.total[.error] == 0)
      #expect(result.firstError == nil)
    }

    @Test("a statement that somebody cancels is an error that says so")
    func cancellation() throws {
      var trial = try Trial("postgres.for-update", "counter")
      trial.workload.hold = .milliseconds(5)
      trial.operations = 200
      let outcome = try trial.run {
        let session = try PostgresServer.connect(namespace: trial.namespace)
        try waitUntil("one is cancelled") {
          try !session.run(
            """
            SELECT pg_cancel_backend(pid) FROM pg_stat_activity
            WHERE application_name = $1 AND wait_event_type = 'Lock'
            """, [SessionNames.worker(trial.namespace)]
          ).isEmpty
        }
      }
      #expect(outcome.total[.error] > 0 && outcome.total[.lockTimeout] == 0)
      #expect(outcome.collected.firstError?.contains("at somebody's request") == true)
      #expect(outcome.verdict == .pass, "\(outcome.checks)")
    }

    @Test("a session that idles too long in a transaction is lost, by name, and has changed nothing")
    func idleInTransaction() throws {
      let result = try run(
        "postgres.for-update", setting: "idle_in_transaction_session_timeout TO '60ms'", hold: .milliseconds(150),
        workers: 1, operations: 2)
      #expect(result.total[.connectionLost] > 0 && result.total[.connectionLost] == result.total[.attempts])
      #expect(result.total[.unknown] == 0 && result.total[.gaveUp] == 2)
      #expect(result.firstError?.contains("its idle_in_transaction_session_timeout had passed") == true)
    }

    /// The only statement of these decides.
    @Test("a session that ended before the first statement has sent nothing", arguments: ["atomic", "skip-locked"])
    func idleSession(name: String) throws {
      let result = try run(
        "postgres." + name, setting: "idle_session_timeout TO '100ms'", think: .milliseconds(300), workers: 2,
        operations: 8)
      #expect(result.total[.connectionLost] > 0 && result.total[.reconnects] == result.total[.connectionLost])
      #expect(result.total[.unknown] == 0 && result.total[.committed] == 8)
      #expect(result.firstError?.contains("its idle_session_timeout had passed") == true, "\(result.firstError ?? "")")
    }
  }
}
