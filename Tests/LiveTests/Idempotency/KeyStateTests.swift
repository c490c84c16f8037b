import Glibc
import Model
import Runtime
import Testing
import TrialSupport

@testable import PostgresStrategies

extension PostgresTests {
  /// What a service makes of a key that it finds: each state is put into the table before its request comes.
  @Suite struct KeyStates {
    /// The request whose key is prepared, sent a second after the first one.
    private static let request = PaymentRequest(worker: 0, number: 100, record: 0, amount: 1)

    private func run(
      _ options: [String: OptionValue] = [:], hash: Int64 = request.hash, lockedAt: String, response: String,
      then disturb: (_ session: AdministrationConnection, _ schema: String) throws -> Void = { _, _ in }
    ) throws -> TrialOutcome {
      var trial = try Trial("postgres.idempotency-key", "click", keys: 1, ["redelivered": .number(0)])
      trial.workers = 1
      trial.operations = 110
      trial.workload.hold = .milliseconds(10)
      trial.options = options
      return try trial.run {
        let session = try PostgresServer.connect(namespace: trial.namespace)
        let schema = "\"\(trial.namespace)\""
        try session.run(
          """
          INSERT INTO \(schema).idempotency_keys (worker, number, record, amount, request, owner, locked_at, response)
          VALUES (0, 100, 0, 1, \(hash), -1, \(lockedAt), \(response))
          """)
        try disturb(session, schema)
      }
    }

    @Test("the stored response is sent again, and nothing is done")
    func finished() throws {
      let outcome = try run(lockedAt: "NULL", response: "77")
      #expect(outcome.total[.committed] == 110 && outcome.total[.replays] == 1)
      #expect(outcome.final == [109])
    }

    @Test("another request with the same key is refused (422), whether or not the first one is finished")
    func different() throws {
      for response in ["77", "NULL"] {
        let outcome = try run(hash: Self.request.hash + 1, lockedAt: "clock_timestamp()", response: response)
        #expect(outcome.total[.committed] == 109 && outcome.total[.failed] == 1)
        #expect(outcome.firstError?.contains("(422)") == true, "\(outcome.firstError ?? "")")
        #expect(outcome.final == [109])
      }
      let others = [
        PaymentRequest(worker: 0, number: 100, record: 0, amount: 2),
        PaymentRequest(worker: 0, number: 100, record: 1, amount: 1),
      ]
      #expect(Set((others + [Self.request]).map(\.hash)).count == 3)
      #expect(PaymentRequest(worker: 1, number: 7, record: 0, amount: 1).hash == Self.request.hash)
    }

    @Test("a claim that is older than the limit is taken over, and a claim of nobody")
    func abandoned() throws {
      for lockedAt in ["clock_timestamp() - interval '91 seconds'", "NULL"] {
        let outcome = try run(lockedAt: lockedAt, response: "NULL")
        #expect(outcome.total[.committed] == 110 && outcome.total[.rejectedDuplicates] == 0)
        #expect(outcome.final == [110])
      }
    }

    @Test("a short limit makes a claim free soon")
    func expired() throws {
      let outcome = try run(
        ["lock-timeout": .duration(.seconds(1))], lockedAt: "clock_timestamp() - interval '2 seconds'", response: "NULL"
      )
      #expect(outcome.total[.committed] == 110 && outcome.total[.rejectedDuplicates] == 0)
      #expect(outcome.final == [110])
    }

    @Test("whoever meets a claim that is worked on is turned away until there is a response, or waits for it")
    func pending() throws {
      for duplicate in ["reject", "wait"] {
        let outcome = try run(
          ["duplicate": .word(duplicate)], lockedAt: "clock_timestamp()", response: "NULL"
        ) { session, schema in
          // Until the request comes, and for as long as it takes to be turned away for good.
          let charges = "SELECT count(*) FROM \(schema).charges"
          while try session.run(charges).first?.first.flatMap({ Int($0) }) ?? 0 < 99 { usleep(20_000) }
          usleep(1_000_000)
          try session.run("UPDATE \(schema).idempotency_keys SET response = 77, locked_at = NULL WHERE number = 100")
        }
        #expect(outcome.total[.committed] == 110 && outcome.total[.replays] == 1)
        #expect((outcome.total[.rejectedDuplicates] > 0) == (duplicate == "reject"))
        #expect((outcome.total[.conflict] > 0) == (duplicate == "reject"))
        #expect((outcome.total[.polls] > 0) == (duplicate == "wait"))
        #expect(outcome.final == [109])
      }
    }

    @Test("a service that comes back late finds that its key is somebody else's, and has no effect")
    func takenOver() throws {
      // Whoever works for longer than the limit is robbed by every delivery that comes meanwhile.
      var trial = try Trial("postgres.idempotency-key", "payment", keys: 1, ["redelivered": .number(0)])
      trial.workers = 1
      trial.operations = 30
      trial.workload.hold = .milliseconds(20)
      let outcome = try trial.run {
        let session = try PostgresServer.connect(namespace: trial.namespace)
        for _ in 0..<20 {
          usleep(10_000)
          try session.run("UPDATE \"\(trial.namespace)\".idempotency_keys SET owner = -1 WHERE response IS NULL")
          usleep(10_000)
          try session.run("DELETE FROM \"\(trial.namespace)\".idempotency_keys WHERE owner = -1 AND response IS NULL")
        }
      }
      #expect(outcome.total[.committed] == 30 && outcome.total[.leaseLost] > 0)
      #expect(outcome.verdict == .pass, "\(outcome.checks)")
    }
  }
}
