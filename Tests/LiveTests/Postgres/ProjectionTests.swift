import Checking
import Foundation
import Model
import Runtime
import Synchronization
import Testing

@testable import PostgresStrategies

extension PostgresTests {
  /// The statement of the projection, and what the tables are asked after a trial, over events that were planted.
  @Suite(.serialized) final class Projection {
    private let administration: PostgresAdministration
    private let session: AdministrationConnection
    private let namespace: String

    init() throws {
      namespace = "projection_\(UUID().uuidString.prefix(8).lowercased())"
      administration = try PostgresAdministration(url: PostgresServer.url, namespace: namespace)
      try administration.prepare(values: [10, 20, 30])
      session = try PostgresServer.connect()
      try session.run("SET search_path TO \"\(namespace)\"")
    }

    deinit { try? administration.remove() }

    private func append(_ stream: Int, _ version: Int, xid: Int? = nil, number: Int? = nil) throws {
      try session.run(
        """
        INSERT INTO events (stream, version, amount, worker, number, step, xid)
        SELECT $1::int4, $2::int8, 1, 0, $3::int8, 1, coalesce(nullif($4, '')::int8, txid_current())
        """, ["\(stream)", "\(version)", "\(number ?? (stream + 1) * 100 + version)", xid.map(String.init) ?? ""])
    }

    private func project(_ polling: Polling = .gapAware) throws -> Int {
      try session.run(polling.statement.description).count
    }

    private func delivered() throws -> [[String]] {
      try session.run("SELECT stream, version FROM deliveries ORDER BY number")
    }

    private func remains(_ polling: Polling = .gapAware) throws -> Remains {
      try ProjectionAftermath.collect(session, polling)
    }

    private func expect(_ remains: Remains, _ answers: [String: [[Int64]]]) {
      for question in [
        EventRemains.gaps, EventRemains.appendedTwice, EventRemains.lost, EventRemains.projectedTwice,
        EventRemains.reordered, EventRemains.diverged,
      ] {
        #expect(remains[question] == answers[question] ?? [], "\(question)")
      }
    }

    @Test("events are projected once, the values of the records are their fold, and nothing is found")
    func sound() throws {
      for version in 1...3 { try append(0, version) }
      try append(2, 1)
      #expect(try project() == 4 && project() == 0)
      try append(2, 2)
      #expect(try project() == 1)
      let remains = try remains()
      #expect(remains[EventRemains.events] == [[5]] && remains[EventRemains.projected] == [[5]])
      expect(remains, [:])
      #expect(try administration.values() == [13, 20, 32])
      let model = try session.run("SELECT id, amount, version, position FROM read_model ORDER BY id")
      #expect(model == [["0", "3", "3", "3"], ["2", "2", "2", "5"]])
    }

    @Test("an event of a transaction that has not ended holds back those after it, and only the naive poller goes on")
    func openTransaction() throws {
      let other = try PostgresServer.connect()
      try other.run("SET search_path TO \"\(namespace)\"")
      try other.run("BEGIN")
      try other.run("INSERT INTO events (stream, version, amount, worker, number, step) VALUES (1, 1, 1, 0, 1, 1)")
      try append(0, 1)
      #expect(try project() == 0)
      try other.run("COMMIT")
      #expect(try project() == 2)
      expect(try remains(), [:])
      try other.run("BEGIN")
      try other.run("INSERT INTO events (stream, version, amount, worker, number, step) VALUES (1, 2, 1, 0, 2, 1)")
      try append(0, 2)
      try session.run("UPDATE checkpoint SET passed = position + 1")
      #expect(try project(.naive) == 1)
      try other.run("COMMIT")
      #expect(try project(.naive) == 0)
      expect(try remains(.naive), [EventRemains.lost: [[1, 1, 3]], EventRemains.diverged: [[1, 22, 21]]])
    }

    @Test("a stretch of transactions ends before one whose stream another one has written first")
    func invertedTransactions() throws {
      let far = 1_000_000_000
      try append(2, 1, xid: 2)
      // Who had number 3 waited for the writer of version 1, whose number is behind the stretch; 4 waited for nobody.
      try append(0, 1, xid: far)
      try append(0, 2, xid: 3)
      try append(1, 1, xid: 3)
      try append(2, 2, xid: 4)
      #expect(try project() == 1 && project() == 0)
      #expect(try delivered() == [["2", "1"]])
      try session.run("UPDATE events SET xid = 5 WHERE xid = \(far)")
      #expect(try project() == 4)
      #expect(try delivered() == [["2", "1"], ["0", "1"], ["0", "2"], ["1", "1"], ["2", "2"]])
      expect(try remains(), [:])
    }

    @Test("a second runner that begins where another one has been does nothing")
    func secondRunner() throws {
      try append(0, 1)
      try session.run("BEGIN")
      #expect(try project() == 1)
      let projected = Atomic<Int>(-1)
      let namespace = namespace
      let runner = try BackgroundThread {
        guard let other = try? PostgresServer.connect() else { return }
        _ = try? other.run("SET search_path TO \"\(namespace)\"")
        guard let rows = try? other.run(Polling.gapAware.statement.description) else { return }
        projected.store(rows.count, ordering: .releasing)
      }
      try waitUntil("it waits for the checkpoint") {
        try !PostgresServer.connect().run(
          "SELECT 1 FROM pg_stat_activity WHERE wait_event_type = 'Lock' AND query LIKE 'WITH mark%'"
        ).isEmpty
      }
      try session.run("COMMIT")
      runner.join()
      #expect(projected.load(ordering: .acquiring) == 0)
      expect(try remains(), [:])
    }

    @Test("gaps, events stored twice, lost, repeated, reordered ones and a wrong read model are found, each by itself")
    func planted() throws {
      for version in [1, 2, 4] { try append(0, version) }
      for version in 1...3 { try append(1, version) }
      for version in 1...2 { try append(2, version, number: 7) }
      #expect(try project() == 8)
      try session.run("DELETE FROM deliveries WHERE stream = 0 AND version = 2")
      try session.run("UPDATE deliveries SET number = 1000 WHERE stream = 1 AND version = 1")
      try session.run(
        """
        INSERT INTO deliveries (number, position, stream, version)
        SELECT 2000, position, stream, version FROM deliveries WHERE stream = 2 AND version = 2
        """)
      try session.run("UPDATE read_model SET amount = amount + 1 WHERE id = 2")
      expect(
        try remains(),
        [
          EventRemains.gaps: [[0, 3, 3, 1, 4]], EventRemains.appendedTwice: [[2, 0, 7, 2]],
          EventRemains.lost: [[0, 1, 2]], EventRemains.reordered: [[1, 1, 4]],
          EventRemains.projectedTwice: [[2, 1, 8]], EventRemains.diverged: [[2, 32, 33]],
        ])
    }
  }
}
