import Model
import Runtime
import Services
import Testing
import TrialSupport

@testable import RedisStrategies

extension RedisTests {
  /// What the driver does around trials.
  @Suite struct Administration {
    private let namespace = Trial.makeNamespace()

    private func keys(_ pattern: String) throws -> [String] {
      try RedisServer.connect().command(["KEYS", pattern]).elements.compactMap(\.text).sorted()
    }

    @Test("a memory that was full is emptied, and evicts what it did before")
    func fullMemory() throws {
      let pool = PrivateService.makePool()
      defer { pool.stop() }
      let url = try pool.start(["redis"])[0].url
      let owner = try AdministrationConnection.open(RedisAddress(url: url))
      func settings() throws -> [String?] {
        try ["maxmemory", "maxmemory-policy"].map { try owner.command(["CONFIG", "GET", $0]).elements.last?.text }
      }
      _ = try owner.command(["CONFIG", "SET", "maxmemory-policy", "allkeys-lru"])
      let administration = try RedisAdministration(url: url, namespace: namespace)
      try administration.fillMemory(true)
      #expect(try settings()[1] == "volatile-ttl" && settings()[0] != "0")
      try administration.fillMemory(false)
      #expect(try settings() == ["0", "allkeys-lru"])
      #expect(try owner.command(["DBSIZE"]) == .integer(0))
    }

    @Test("records are set, read and removed, and nobody else's")
    func records() throws {
      let owner = try RedisServer.connect()
      _ = try owner.command(["SET", "\(namespace)x:0", "not ours"])
      defer { _ = try? owner.command(["DEL", "\(namespace)x:0"]) }
      let administration = try RedisAdministration(url: RedisServer.url, namespace: namespace)
      let values = (0..<2500).map { Int64($0) - 1200 } + [.min, .max]
      try administration.prepare(values: values)
      #expect(try administration.values() == values)
      #expect(try keys("\(namespace):*").count == values.count)
      #expect(try owner.command(["GET", "\(namespace):0"]) == .text("-1200"))
      try administration.remove()
      #expect(try keys("\(namespace)*") == ["\(namespace)x:0"])
    }

    @Test("locks of the trial before are removed, with and without records", arguments: [true, false])
    func leftLocks(hasRecords: Bool) throws {
      let owner = try RedisServer.connect()
      let administration = try RedisAdministration(url: RedisServer.url, namespace: namespace)
      _ = try owner.command(["SET", "\(namespace):lock:1", "token"])
      try administration.prepare(values: hasRecords ? [0, 0] : [])
      #expect(try keys("\(namespace):lock:*").isEmpty)
      try administration.remove()
    }

    @Test("a missing record is reported, not taken for 0")
    func missing() throws {
      let administration = try RedisAdministration(url: RedisServer.url, namespace: namespace)
      try administration.prepare(values: [1, 2])
      _ = try RedisServer.connect().command(["DEL", "\(namespace):1"])
      let failure = try #require(throws: SetupFailure.self) { try administration.values() }
      #expect(failure.message.contains("record 1 is missing") && failure.message.contains("\(namespace):1"))
      try administration.remove()
    }

    @Test("sessions that stay are ended after half of the time")
    func settle() throws {
      let administration = try RedisAdministration(url: RedisServer.url, namespace: namespace)
      try administration.settle(within: .milliseconds(1))
      let straggler = try RedisServer.connect()
      _ = try straggler.command(["CLIENT", "SETNAME", RedisConfiguration.sessionName(namespace)])
      let start = ContinuousClock.now
      try administration.settle(within: .milliseconds(400))
      #expect((.milliseconds(200)...(.milliseconds(390))).contains(ContinuousClock.now - start))
      #expect(throws: SetupFailure.self) { try straggler.command(["PING"]) }
    }

    @Test("what this administration sends is not counted, what others send is")
    func counts() throws {
      let administration = try RedisAdministration(url: RedisServer.url, namespace: namespace)
      try administration.prepare(values: [1, 2, 3])
      _ = try administration.values()
      #expect(try administration.counts() == ["commands": 0])
      let client = try RedisServer.connect()
      for _ in 0..<5 { _ = try client.command(["GET", "\(namespace):0"]) }
      _ = try client.command(["EVAL", RedisLock.releaseScript.description, "1", "\(namespace):lock:0", "token"])
      #expect(try administration.counts() == ["commands": 6])
      try administration.prepare(values: [1])
      #expect(try administration.counts() == ["commands": 0])
      try administration.remove()
    }

    @Test("version and settings are described")
    func describe() throws {
      let description = try RedisAdministration(url: RedisServer.url, namespace: namespace).describe()
      #expect(description.version.split(separator: ".").count == 3)
      #expect(
        Set(description.settings.keys) == ["appendonly", "appendfsync", "save", "maxmemory-policy", "io-threads"])
      #expect(description.settings["appendonly"] == "no")
      #expect(description.settings["io-threads"] == "1")
    }

    @Test("it connects again when its connection was lost")
    func reconnects() throws {
      let administration = try RedisAdministration(url: RedisServer.url, namespace: namespace)
      try administration.prepare(values: [7])
      _ = try RedisServer.connect().command(["CLIENT", "KILL", "TYPE", "normal"])
      #expect(try administration.values() == [7])
      #expect(try administration.counts() == ["commands": 0])
      try administration.remove()
    }
  }
}
