import Model
import Runtime
import Testing
import TrialSupport

@testable import RedisStrategies

extension RedisTests {
  /// What users are told when there is no session, by workers and by the administration alike; never a credential.
  @Suite struct Opening {
    /// The sentence with which a worker's session and the administration fail; they must be the same.
    private func message(_ url: String) throws -> String {
      let blocking = try #require(throws: SetupFailure.self) { try RedisAdministration(url: url, namespace: "test") }
      let failure = try #require(try openSession(url))
      #expect(failure.message == blocking.message)
      return failure.message
    }

    /// Opens a worker's session; returns why it failed.
    private func openSession(_ url: String) throws -> SetupFailure? {
      var trial = try Trial("floor.redis-ping", "counter")
      trial.workers = 1
      trial.url = url
      return try trial.openingFailure()
    }

    @Test("a socket that is not there")
    func missingSocket() throws {
      let message = try message("unix:///nowhere/redis.sock")
      #expect(message.hasPrefix("there is no unix socket /nowhere/redis.sock; start Redis"))
    }

    @Test("a port where nothing listens")
    func refused() throws {
      let port = try FakeServer.unusedPort()
      let message = try message("redis://user:secret@127.0.0.1:\(port)")
      #expect(message == "nothing accepts connections at 127.0.0.1:\(port); is Redis running there?")
    }

    @Test("a host that nobody knows")
    func unknownHost() throws {
      let message = try message("redis://no-such-host.invalid:6379")
      #expect(message.hasPrefix("cannot connect to Redis at no-such-host.invalid:6379: "))
    }

    @Test("a wrong password, in the URL of a unix socket too")
    func wrongPassword() throws {
      let owner = try RedisServer.connect()
      _ = try owner.command(["ACL", "SETUSER", "tester", "on", ">right", "~*", "+@all"])
      defer { _ = try? owner.command(["ACL", "DELUSER", "tester"]) }
      let socket = try RedisServer.socket
      #expect(try openSession("unix://tester:right@\(socket)") == nil)
      let message = try message("unix://tester:wrong@\(socket)")
      #expect(message == "Redis at \(socket) does not accept the user or password of the URL")
    }

    @Test("a server that asks for a password, and one that has none")
    func passwords() throws {
      let socket = try RedisServer.socket
      #expect(try message("unix://:secret@\(socket)").contains("has no password, but the URL states one"))
      let owner = try RedisServer.connect()
      _ = try owner.command(["CONFIG", "SET", "requirepass", "secret"])
      defer { _ = try? owner.command(["CONFIG", "SET", "requirepass", ""]) }
      #expect(try message("unix://\(socket)").contains("asks for a password"))
      #expect(try openSession("unix://:secret@\(socket)") == nil)
    }

    @Test("a database that is not there, and one that is")
    func database() throws {
      let socket = try RedisServer.socket
      #expect(try message("unix://\(socket)?db=99").contains("does not have the database"))
      #expect(try openSession("unix://\(socket)?db=3") == nil)
    }

    @Test("somebody else's server")
    func notRedis() throws {
      let server = try FakeServer(answer: "HTTP/1.1 400 Bad Request\r\n\r\n")
      #expect(
        try message(server.url) == "what answers at \(server.path) is not Redis; check the address of services.redis")
    }

    @Test("a server that closes at once")
    func closed() throws {
      let server = try FakeServer(answer: "")
      #expect(try message(server.url).contains("closed the connection"))
    }

    @Test("a server that accepts and stays silent is given up")
    func silent() throws {
      let server = try FakeServer(answer: nil)
      let start = monotonicNow()
      #expect(try message(server.url).contains("did not answer within 5 s"))
      // Twice: the administration and the worker's session.
      #expect((9_500_000_000...15_000_000_000).contains(monotonicNow() - start))
    }

    @Test("a TCP connection works like a unix socket")
    func network() throws {
      let owner = try RedisServer.connect()
      let port = try FakeServer.unusedPort()
      _ = try owner.command(["CONFIG", "SET", "bind", "127.0.0.1"])
      _ = try owner.command(["CONFIG", "SET", "port", "\(port)"])
      defer { _ = try? owner.command(["CONFIG", "SET", "port", "0"]) }
      var trial = try Trial("redis.lock", "transfer", keys: 4)
      trial.operations = 400
      trial.servers = [
        TrialServer("redis", url: "redis://localhost:\(port)/2") {
          try RedisAdministration(url: "redis://localhost:\(port)/2", namespace: $0)
        }
      ]
      let outcome = try trial.run()
      outcome.expectCountsAddUp()
      outcome.expectServerAgrees()
      #expect(outcome.verdict == .pass, "\(outcome.checks)")
    }
  }
}
