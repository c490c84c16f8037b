import Foundation
import Model
import Runtime
import Testing
import TrialSupport

@testable import PostgresStrategies

extension PostgresTests {
  /// What the user is told when a server cannot be used, for workers and for the driver.
  @Suite struct Setup {
    /// Opens sessions of workers at a URL; nil when that works.
    private func workerFailure(_ url: String, workers: Int = 1, namespace: String = "tests") throws -> SetupFailure? {
      var trial = try Trial("postgres.none")
      trial.url = url
      trial.namespace = namespace
      trial.workers = workers
      return try trial.openingFailure()
    }

    private func driverFailure(_ url: String) -> SetupFailure? {
      do {
        _ = try PostgresRegistry.administration(url: url, namespace: "tests").describe()
        return nil
      } catch {
        return error
      }
    }

    private func expectBoth(
      _ url: String, say expected: String, sourceLocation: SourceLocation = #_sourceLocation
    ) throws {
      for failure in [try workerFailure(url), driverFailure(url)] {
        let failure = try #require(failure, sourceLocation: sourceLocation)
        #expect(failure.message.contains(expected), sourceLocation: sourceLocation)
        #expect(!failure.message.contains("hunter2"), sourceLocation: sourceLocation)
        #expect(!failure.message.contains("LOCATION"), sourceLocation: sourceLocation)
        #expect(!failure.message.contains("\n"), sourceLocation: sourceLocation)
      }
    }

    @Test("nobody listens")
    func refused() throws {
      try expectBoth(
        "postgresql://me:hunter2@127.0.0.1:9/db", say: "PostgreSQL cannot be reached: start it")
      try expectBoth(
        "postgresql:///db?host=/nowhere&password=hunter2", say: "PostgreSQL cannot be reached: start it")
    }

    @Test("the database is missing")
    func missingDatabase() throws {
      try expectBoth(
        PostgresServer.url(password: "hunter2", database: "nosuch"), say: "\"nosuch\" does not exist")
    }

    @Test("the role is missing, the password is wrong, or there is none")
    func authentication() throws {
      let session = try PostgresServer.connect()
      _ = try session.run("CREATE ROLE locked LOGIN PASSWORD 'correct'")
      _ = try session.run("GRANT CREATE ON DATABASE postgres TO locked")
      let file = try session.run("SHOW hba_file")[0][0]
      let trust = try String(contentsOfFile: file, encoding: .utf8)
      try replace(file, "local all locked scram-sha-256\n" + trust, session)
      defer { try? replace(file, trust, session) }
      try expectBoth(
        PostgresServer.url(user: "locked", password: "hunter2"), say: "password authentication failed")
      try expectBoth(PostgresServer.url(user: "locked"), say: "set PGPASSWORD")
      try expectBoth(PostgresServer.url(user: "nobody"), say: "\"nobody\" does not exist")
      #expect(driverFailure(try PostgresServer.url(user: "locked", password: "correct")) == nil)
      for statement in ["DROP OWNED BY locked", "DROP ROLE locked"] { _ = try session.run(statement) }
    }

    private func replace(_ file: String, _ text: String, _ session: AdministrationConnection) throws {
      let handle = try #require(FileHandle(forWritingAtPath: file))
      try handle.truncate(atOffset: 0)
      try handle.write(contentsOf: Data(text.utf8))
      try handle.close()
      _ = try session.run("SELECT pg_reload_conf()")
      usleep(200_000)
    }

    @Test("all connections are taken")
    func tooManyConnections() throws {
      let administration = try PostgresRegistry.administration(url: PostgresServer.url, namespace: "crowded")
      try administration.prepare(values: [0])
      defer { try? administration.remove() }
      // A role of its own: the last connections are reserved for superusers.
      let session = try PostgresServer.connect()
      for statement in [
        "CREATE ROLE crowd LOGIN", "GRANT USAGE ON SCHEMA crowded TO crowd",
        "GRANT ALL ON ALL TABLES IN SCHEMA crowded TO crowd",
      ] { _ = try session.run(statement) }
      let failure = try #require(
        try workerFailure(PostgresServer.url(user: "crowd"), workers: 140, namespace: "crowded"))
      #expect(failure.message.contains("PostgreSQL has no free connection: lower load.workers"))
      try administration.settle(within: .seconds(10))
      for statement in ["DROP OWNED BY crowd", "DROP ROLE crowd"] { _ = try session.run(statement) }
    }

    @Test("the table is missing")
    func missingTable() throws {
      let failure = try #require(try workerFailure(PostgresServer.url, namespace: "nosuch"))
      #expect(failure.message == "PostgreSQL refused to set up a session: ERROR:  relation \"records\" does not exist")
    }

    @Test(
      "addresses that cannot be read are not quoted",
      arguments: [
        "postgresql://me:hunter2@host:port/db", "postgresql://me:a@hunter2@host/db", "postgresql://me:hunter2/x@host",
        "redis://:hunter2@host", "host=h password='hunter2", "postgresql://me:%zzhunter2@host/db",
        "postgresql://h/db?hunter2=1",
      ])
    func unreadable(url: String) throws {
      for failure in [try workerFailure(url), driverFailure(url)] {
        let message = try #require(failure).message
        #expect(message.hasPrefix("services.postgres is not an address that PostgreSQL understands"))
        #expect(!message.contains("hunter2"))
      }
    }

    @Test("a server that accepts and then says nothing does not hold us for ever")
    func silentServer() throws {
      // The kernel accepts for a socket that listens; nobody ever reads.
      let listener = socket(AF_UNIX, Int32(SOCK_STREAM.rawValue), 0)
      defer { close(listener) }
      var template = Array("/tmp/contend-silent-XXXXXX".utf8CString)
      let folder = String(cString: try #require(mkdtemp(&template)))
      defer { try? FileManager.default.removeItem(atPath: folder) }
      var address = sockaddr_un()
      address.sun_family = sa_family_t(AF_UNIX)
      withUnsafeMutableBytes(of: &address.sun_path) { $0.copyBytes(from: "\(folder)/.s.PGSQL.5432".utf8) }
      let bound = withUnsafePointer(to: &address) {
        $0.withMemoryRebound(to: sockaddr.self, capacity: 1) {
          bind(listener, $0, socklen_t(MemoryLayout<sockaddr_un>.size))
        }
      }
      #expect(bound == 0 && listen(listener, 8) == 0)
      let failure = try #require(driverFailure("postgresql:///db?host=\(folder)"))
      #expect(failure.message.hasPrefix("PostgreSQL did not answer within 10 s"))
    }
  }
}
