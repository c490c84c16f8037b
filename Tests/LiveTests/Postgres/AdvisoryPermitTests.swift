import Model
import Testing
import TrialSupport

@testable import PostgresStrategies

extension PostgresTests {
  /// At most three at once, each with an advisory lock.
  @Suite struct AdvisoryPermitTrials {
    private func trial(_ limit: Int) throws -> EngineTrial {
      var trial = EngineTrial(
        "postgres.advisory-semaphore", "counter", keys: 1, workers: 6, processes: 2, operations: 90)
      trial.options = ["limit": .integer(limit)]
      trial.hold = .milliseconds(4)
      trial.urls = ["postgres": try PostgresServer.url]
      return trial
    }

    @Test("as many as there are permits and no more", arguments: [1, 3])
    func limit(_ limit: Int) throws {
      let result = try trial(limit).run()
      #expect(result.verdict == .pass && result.total[.committed] == 90, "\(result.checks)")
      let permits = try #require(result.checks.first { $0.checker == "permits" })
      #expect(permits.examined == 90 && result.total[.polls] > 0)
      let agrees = result.crossChecks.allSatisfy(\.agrees)
      #expect(agrees, "\(result.crossChecks)")
    }

    @Test("somebody at work without a permit is found")
    func intruder() throws {
      var trial = try trial(3)
      trial.operations = 600
      // A session that lives as long as the trial, of three who have no permits.
      let session = try PostgresServer.administer()
      let process = try session.run("SELECT pg_backend_pid()")[0][0]
      let result = try trial.run { _ in
        guard let own = try? PostgresServer.connect() else { return }
        let schemas = (try? own.run("SELECT schemaname FROM pg_tables WHERE tablename = 'permit_work'")) ?? []
        for schema in schemas {
          _ = try? own.run(
            """
            INSERT INTO "\(schema[0])".permit_work SELECT worker, 0, \(process) FROM generate_series(100, 102) AS worker
            ON CONFLICT DO NOTHING
            """)
        }
      }
      withExtendedLifetime(session) {}
      #expect(result.violations.map(\.kind) == [.tooManyHolders], "\(result.checks)")
    }
  }
}
