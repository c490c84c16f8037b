import Foundation
import Model
import Runtime
import Testing
import TrialSupport

@testable import PostgresStrategies

extension PostgresTests {
  /// What the driver does around trials.
  @Suite struct Administration {
    private func make(_ namespace: String, _ url: String? = nil) throws -> any StoreAdministration {
      try PostgresRegistry.administration(url: url ?? PostgresServer.url, namespace: namespace)
    }

    @Test("every trial starts with its own values")
    func seeding() throws {
      let administration = try make(Trial.makeNamespace())
      for values: [Int64] in [[5, -3, .max], [.min], [], Array(0..<3000)] {
        try administration.prepare(values: values)
        #expect(try administration.values() == values)
      }
      try administration.remove()
    }

    @Test("two runs side by side do not see each other")
    func namespaces() throws {
      let first = Trial.makeNamespace()
      let administration = try make(first)
      try administration.prepare(values: [77])
      let outcome = try Trial("postgres.for-update", "counter").run()
      #expect(outcome.verdict == .pass)
      #expect(outcome.crossChecks.isEmpty, "the counts of a database with strangers were compared")
      #expect(try administration.values() == [77])
      #expect(AdvisoryKeys(namespace: first).lock(of: 0) != AdvisoryKeys(namespace: first + "x").lock(of: 0))
      try administration.remove()
    }

    @Test("nothing is left")
    func removal() throws {
      let namespace = Trial.makeNamespace()
      let administration = try make(namespace)
      try administration.prepare(values: [1])
      let session = try PostgresServer.connect()
      func left() throws -> [[String]] {
        try session.run("SELECT nspname FROM pg_namespace WHERE nspname = $1", [namespace])
      }
      #expect(try left().count == 1)
      try administration.remove()
      #expect(try left().isEmpty)
      // The server takes a moment to notice that a session has been closed.
      try waitUntil("the server has noticed") {
        try session.run("SELECT pid FROM pg_stat_activity WHERE application_name LIKE $1", ["%\(namespace)"]).isEmpty
      }
      // Once more does no harm.
      try administration.remove()
    }

    @Test("a schema of somebody else is neither used nor removed")
    func foreignSchema() throws {
      let namespace = Trial.makeNamespace()
      let session = try PostgresServer.connect()
      _ = try session.run("CREATE SCHEMA \(namespace)")
      let administration = try make(namespace)
      #expect(throws: SetupFailure.self) { try administration.prepare(values: [1]) }
      try administration.remove()
      #expect(
        try session.run("SELECT nspname FROM pg_namespace WHERE nspname = $1", [namespace]).count == 1)
      _ = try session.run("DROP SCHEMA \(namespace)")
    }

    @Test("a user who may not create a schema is told so")
    func notAllowed() throws {
      let session = try PostgresServer.connect()
      _ = try session.run("CREATE ROLE guest LOGIN")
      defer { _ = try? session.run("DROP ROLE guest") }
      let administration = try make(Trial.makeNamespace(), PostgresServer.url(user: "guest"))
      let failure = #expect(throws: SetupFailure.self) { try administration.prepare(values: [1]) }
      #expect(failure?.message.contains("does not allow guest to make a schema for the run: grant it CREATE") == true)
    }

    @Test("sessions of workers that are gone are ended")
    func settling() throws {
      let namespace = Trial.makeNamespace()
      let administration = try make(namespace)
      try administration.prepare(values: [1])
      let hanging = try PostgresServer.connect()
      _ = try hanging.run("SELECT set_config('application_name', $1, false)", [SessionNames.worker(namespace)])
      let start = ContinuousClock.now
      try administration.settle(within: .seconds(2))
      #expect(ContinuousClock.now - start > .milliseconds(900))
      #expect(throws: AdministrationConnection.Refusal.self) { try hanging.run("SELECT 1") }
      try administration.remove()
    }

    @Test("the administration's own transactions are not counted, a stranger's are, and then nothing is compared")
    func ownTransactions() throws {
      let administration = try make(Trial.makeNamespace())
      try administration.prepare(values: [1])
      for _ in 0..<20 { _ = try administration.values() }
      let quiet = try administration.counts()
      #expect(quiet["commits"].map { (0...12).contains($0) } == true, "\(quiet)")
      #expect(quiet["rollbacks"] == 0)
      #expect(quiet["deadlocks"] == 0)
      let stranger = try PostgresServer.connect()
      for _ in 0..<50 { _ = try stranger.run("SELECT 1") }
      #expect(throws: AdministrationConnection.Refusal.self) { try stranger.run("SELECT 1 / 0") }
      _ = try stranger.run("SELECT pg_stat_force_next_flush()")
      let busy = try administration.counts()
      #expect((busy["commits"] ?? 0) >= 51)
      #expect(busy["rollbacks"] == 1)
      #expect(try administration.crossChecks(Tally()).isEmpty)
      try administration.remove()
    }

    @Test("the settings that matter are described, without credentials")
    func description() throws {
      let administration = try make(Trial.makeNamespace(), PostgresServer.url(password: "hunter2"))
      let description = try administration.describe()
      #expect(description.version.hasPrefix("1"))
      #expect(description.settings["fsync"] == "on")
      #expect(description.settings["deadlock_timeout"] == "1s")
      #expect(description.settings["default_transaction_isolation"] == "read committed")
      #expect(description.settings["shared_buffers"] == "128MB")
      #expect(!"\(description)".contains("hunter2"))
    }
  }
}
