#if MariaDB
import Engine
import Foundation
import Model
import Runtime
import StrategyCatalog
import Testing

@testable import MariaDBStrategies
@testable import PostgresStrategies

extension PostgresTests {
  /// Servers that cannot do are refused before the first trial, with one sentence that names the cause and the remedy.
  @Suite(.serialized) struct ServerRefusalTests {
    /// What a run says that must not begin.
    private func refusal(_ strategy: String, _ urls: [String: String]) throws -> String {
      var scenario = try TestRun.scenario("counter", strategies: [strategy])
      for (service, url) in urls { scenario.services.locations[service] = .url(url) }
      let failure = #expect(throws: EngineFailure.self) { try TestRun.run(scenario) }
      #expect(failure?.kind == .serviceUnavailable)
      let message = failure?.message ?? ""
      #expect(!message.contains("\n") && !message.contains("hunter2"), "\(message)")
      return message
    }

    @Test("a pooler in transaction mode where the server should be")
    func pooler() throws {
      let message = try refusal("postgres.for-update", ["postgres": ForeignServers.url("pgbouncer")])
      #expect(
        message.hasPrefix("services.postgres names a pooler") && message.contains("services.pgbouncer"), "\(message)")
    }

    @Test("the server where the pooler should be")
    func noPooler() throws {
      let url = try ForeignServers.url("postgres")
      let message = try refusal("postgres.pooled-advisory-lock", ["postgres": url, "pgbouncer": url])
      #expect(message.hasPrefix("services.pgbouncer names PostgreSQL itself"), "\(message)")
    }

    @Test("a role that may make no schema")
    func role() throws {
      let session = try PostgresServer.connect()
      try session.run("CREATE ROLE powerless LOGIN")
      defer { _ = try? session.run("DROP ROLE powerless") }
      let message = try refusal("postgres.none", ["postgres": PostgresServer.url(user: "powerless")])
      #expect(message.contains("powerless") && message.contains("grant it CREATE on the database"), "\(message)")
    }

    @Test("a standby")
    func standby() throws {
      let standby = try StandbyServer(of: PostgresServer.url)
      defer { standby.stop() }
      let message = try refusal("postgres.none", ["postgres": standby.url])
      #expect(message == "services.postgres names a standby, which takes no writes: name its primary")
    }

    @Test("a replica of MariaDB")
    func replica() throws {
      let session = try ForeignServers.mariaDB()
      try session.run("SET GLOBAL read_only = 1")
      defer { _ = try? session.run("SET GLOBAL read_only = 0") }
      let message = try refusal("mariadb.none", ["mariadb": ForeignServers.url("mariadb")])
      #expect(message.hasPrefix("services.mariadb names a server that takes no writes"), "\(message)")
    }

    @Test("a user who may make no database")
    func user() throws {
      let session = try ForeignServers.mariaDB()
      try session.run("CREATE USER powerless IDENTIFIED BY 'hunter2'")
      defer { _ = try? session.run("DROP USER powerless") }
      let url = try ForeignServers.url("mariadb").replacing("root@", with: "powerless:hunter2@")
      let message = try refusal("mariadb.none", ["mariadb": url])
      #expect(message.contains("grant the user CREATE"), "\(message)")
    }

    /// The greeting of MySQL 8.0.36, whose login with `caching_sha2_password` never succeeds here.
    @Test("MySQL")
    func mySQL() throws {
      let body: [UInt8] =
        [10] + Array("8.0.36\0".utf8) + [8, 0, 0, 0] + Array("abcdefgh\0".utf8) + [
          0xFF, 0xF7, 255, 2, 0, 0xFF, 0xDF, 21,
        ]
        + [UInt8](repeating: 0, count: 10) + Array("ijklmnopqrst\0caching_sha2_password\0".utf8)
      let server = try FakeServer(greeting: [UInt8(body.count), 0, 0, 0] + body)
      let message = try refusal("mariadb.none", ["mariadb": "mariadb://me:hunter2@localhost?socket=\(server.path)"])
      #expect(message.hasPrefix("services.mariadb names a server that is not MariaDB (version 8.0.36"), "\(message)")
    }

    @Test(
      "servers by what they call themselves",
      arguments: [
        ("10.11.19-MariaDB-0+deb12u1", true), ("5.5.5-10.5.8-MariaDB-log", true), ("11.8.2-MariaDB-ubu2404", true),
        ("8.0.36", false), ("8.4.0-0ubuntu0", false), ("8.0.35-27", false), ("8.0.11-TiDB-v7.5.0", false),
      ])
    func versions(_ version: String, isMariaDB: Bool) {
      #expect((ServerVersion.refusal(version) == nil) == isMariaDB)
    }

    @Test("a setting that an earlier version lacks matters only to who wants it")
    func unknownVariable() throws {
      let unknown = ErrorCode(number: 1193)
      for (isWanted, statement) in [(false, 2), (true, 2), (false, 1)] {
        let settings = SessionSettings(isolation: "REPEATABLE READ", lockWait: 1, checksSnapshots: isWanted)
        let isAccepted = (try? settings.accept(unknown, of: settings.statements[statement], "1193: unknown")) != nil
        #expect(isAccepted == (!isWanted && statement == 2))
      }
    }
  }
}
#endif
