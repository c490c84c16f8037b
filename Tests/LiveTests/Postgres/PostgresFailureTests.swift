import Foundation
import Model
import Runtime
import Testing
import TrialSupport

@testable import PostgresStrategies

extension PostgresTests {
  /// What goes wrong while workers run.
  @Suite struct Failures {
    @Test("deadlocks are broken by the server and counted on both sides", arguments: [false, true])
    func deadlocks(pipeline: Bool) throws {
      var trial = try Trial("postgres.for-update", "transfer", keys: 2, ["ordered": .flag(false)])
      trial.options = ["pipeline": .flag(pipeline)]
      trial.operations = pipeline ? 800 : 80
      try withSetting("deadlock_timeout", "20ms") {
        let outcome = try trial.run()
        outcome.expectCountsAddUp()
        outcome.expectServerAgrees()
        #expect(outcome.total[.deadlock] > 0)
        #expect(outcome.counts["deadlocks"] == outcome.total[.deadlock])
        #expect(outcome.verdict == .pass, "\(outcome.checks)")
      }
    }

    @Test("the same transfers in order never deadlock")
    func ordered() throws {
      var trial = try Trial("postgres.for-update", "transfer", keys: 2)
      trial.operations = 200
      let outcome = try trial.run()
      #expect(outcome.total[.deadlock] == 0)
      #expect(outcome.counts["deadlocks"] == 0)
    }

    @Test(
      "sessions that are killed are opened again, and the table stays within what is unknown",
      arguments: ["none", "for-update", "optimistic", "atomic", "serializable", "advisory-lock"])
    func killedSessions(name: String) throws {
      var trial = try Trial("postgres.\(name)", "counter", keys: 64)
      trial.operations = 4000
      let outcome = try trial.run {
        let session = try PostgresServer.connect(namespace: trial.namespace)
        for _ in 0..<10 {
          usleep(20_000)
          _ = try session.run(
            "SELECT pg_terminate_backend(pid) FROM pg_stat_activity WHERE application_name = $1",
            [SessionNames.worker(trial.namespace)])
        }
      }
      let total = outcome.total
      #expect(total[.connectionLost] + total[.ambiguous] > 0)
      #expect(total[.reconnects] == total[.connectionLost] + total[.ambiguous])
      #expect(total[.unknown] == total[.ambiguous])
      #expect(total[.failed] == 0)
      #expect(total[.error] == 0, "\(outcome.collected.firstError ?? "")")
      #expect(outcome.collected.startedOperations == total.outcomes)
      // Its only statement decides, so it can never be sure.
      if name == "atomic" { #expect(total[.ambiguous] > 0) }
      // 64 counters and eight workers: the control loses updates here too.
      if name != "none" { #expect(outcome.verdict == .pass, "\(outcome.checks)") }
    }

    @Test(
      "a session that is lost before COMMIT has changed nothing, one that is lost during COMMIT may have",
      arguments: [("for-update", false), ("for-update", true), ("serializable", false), ("advisory-lock", false)],
      [false, true])
    func momentOfLoss(strategy: (name: String, pipeline: Bool), duringCommit: Bool) throws {
      var trial = try Trial("postgres.\(strategy.name)", "counter")
      if strategy.pipeline { trial.options = ["pipeline": .flag(true)] }
      trial.workers = 1
      trial.operations = 1500
      trial.workload.hold = .milliseconds(1)
      let outcome = try trial.run {
        let session = try PostgresServer.connect(namespace: trial.namespace)
        for _ in 0..<3 { try killWhileSleeping(trial.namespace, duringCommit: duringCommit, session) }
      }
      // With its UPDATE in the same flush as COMMIT, a pipelined session cannot tell.
      let isAmbiguous = duringCommit || strategy.pipeline
      #expect(outcome.total[.ambiguous] == (isAmbiguous ? 3 : 0))
      #expect(outcome.total[.connectionLost] == (isAmbiguous ? 0 : 3))
      #expect(outcome.total[.reconnects] == 3)
      #expect(outcome.verdict == .pass, "\(outcome.checks)")
    }

    /// Makes the next `UPDATE`, or its `COMMIT`, take long, and ends the session in the middle of it.
    private func killWhileSleeping(
      _ namespace: String, duringCommit: Bool, _ session: AdministrationConnection
    ) throws {
      _ = try session.run(
        """
        CREATE FUNCTION \(namespace).dawdle() RETURNS trigger LANGUAGE plpgsql
        AS 'BEGIN PERFORM pg_sleep(1); RETURN NEW; END'
        """)
      _ = try session.run(
        """
        CREATE CONSTRAINT TRIGGER dawdle AFTER UPDATE ON \(namespace).records
        DEFERRABLE INITIALLY \(duringCommit ? "DEFERRED" : "IMMEDIATE")
        FOR EACH ROW EXECUTE FUNCTION \(namespace).dawdle()
        """)
      try waitUntil("one is ended") {
        try !session.run(
          """
          SELECT pg_terminate_backend(pid) FROM pg_stat_activity
          WHERE application_name = $1 AND wait_event = 'PgSleep'
          """, [SessionNames.worker(namespace)]
        ).isEmpty
      }
      _ = try session.run("DROP TRIGGER dawdle ON \(namespace).records")
      _ = try session.run("DROP FUNCTION \(namespace).dawdle")
    }

    @Test("a lock that is not granted in time is a lock timeout", arguments: AdvisoryScope.allCases.map(\.rawValue))
    func lockTimeout(scope: String) throws {
      var trial = try Trial("postgres.advisory-lock", "counter")
      trial.options = ["timeout": .duration(.milliseconds(5)), "scope": .word(scope)]
      trial.workload.hold = .milliseconds(3)
      trial.operations = 200
      let outcome = try trial.run()
      outcome.expectCountsAddUp()
      outcome.expectServerAgrees()
      #expect(outcome.total[.lockTimeout] > 0)
      #expect(outcome.verdict == .pass, "\(outcome.checks)")
    }

    @Test("a lock that the server grants while it reports a timeout is given back")
    func phantomAcquisitions() throws {
      var trial = try Trial("postgres.advisory-lock", "counter")
      // A hold close to the timeout: many locks are granted at the very moment at which somebody gives up.
      trial.options = ["timeout": .duration(.milliseconds(1)), "scope": .word("session")]
      trial.workload.hold = .microseconds(100)
      trial.operations = 3000
      trial.retry.base = .microseconds(10)
      trial.retry.cap = .microseconds(100)
      let outcome = try trial.run()
      outcome.expectCountsAddUp()
      #expect(outcome.total[.lockTimeout] > 0)
      #expect(outcome.total[.phantomAcquisitions] > 0)
      #expect(outcome.total[.gaveUp] == 0)
      #expect(outcome.verdict == .pass, "\(outcome.checks)")
    }

    @Test("an error that no retry cures ends the operation and is noted")
    func unexpectedError() throws {
      var trial = try Trial("postgres.atomic", "counter")
      trial.operations = 2000
      let outcome = try trial.run {
        let session = try PostgresServer.connect(namespace: trial.namespace)
        _ = try session.run("ALTER TABLE \(trial.namespace).records ADD CHECK (value < 100)")
      }
      #expect(outcome.total[.failed] > 0)
      #expect(outcome.total[.failed] == outcome.total[.error])
      #expect(outcome.collected.firstError?.contains("violates check constraint") == true)
      #expect(outcome.final == [99])
      #expect(outcome.verdict == .pass, "\(outcome.checks)")
    }

    /// Changes a setting of the server for all sessions that open meanwhile.
    private func withSetting(_ name: String, _ value: String, _ body: () throws -> Void) throws {
      // Not held open: it would be a stranger whose transactions count.
      func reload(_ statement: String) throws {
        let session = try PostgresServer.connect()
        _ = try session.run(statement)
        _ = try session.run("SELECT pg_reload_conf()")
        usleep(100_000)
      }
      try reload("ALTER SYSTEM SET \(name) = '\(value)'")
      defer { try? reload("ALTER SYSTEM RESET \(name)") }
      try body()
    }
  }
}
