#if Memcached
import Model
import Runtime
import Testing
import TrialSupport

@testable import MemcachedStrategies

/// Addresses and replies; the driver's part on a real server.
struct MemcachedClientTests {
  @Test(
    "the forms of a URL",
    arguments: [
      ("memcached://localhost", "localhost:11211"), ("memcached://h:7000/", "h:7000"),
      ("memcached://[::1]:7000", "[::1]:7000"), ("unix:///run/memcached.sock", "/run/memcached.sock"),
    ])
  func forms(url: String, place: String) throws {
    #expect(try MemcachedAddress(url: url).description == place)
  }

  @Test(
    "what is wrong with a URL is said without its credentials",
    arguments: [
      ("redis://ann:secret@h", "user"), ("memcached://ann:secret@h", "SASL"), ("", "is neither"),
      ("http://h", "is neither"), ("memcached://h:0", "is neither"), ("memcached://h:port", "is neither"),
      ("unix://relative.sock", "full path"), ("unix:///" + String(repeating: "x", count: 107), "107"),
    ])
  func refusals(url: String, part: String) throws {
    let failure = try #require(throws: SetupFailure.self) { try MemcachedAddress(url: url) }
    #expect(failure.message.contains(part))
    #expect(!failure.message.contains("secret"))
  }

  private func feed(_ reader: inout ReplyReader, _ text: String, by size: Int) -> Bool? {
    let bytes = Array(text.utf8)
    var result: Bool? = false
    for start in stride(from: 0, to: bytes.count, by: size) {
      let piece = bytes[start..<min(start + size, bytes.count)]
      reader.space().copyBytes(from: piece)
      result = reader.take(piece.count)
    }
    return result
  }

  @Test("replies are read in whatever pieces they come", arguments: [1, 2, 7, 1000])
  func replies(size: Int) {
    var reader = ReplyReader()
    reader.expect(9)
    let text =
      "VALUE run:1 0 2 77\r\n42\r\nEND\r\nEND\r\nSTORED\r\nEXISTS\r\n-17\r\nVALUE k 0 3\r\n8  \r\nEND\r\nHD\r\nNF\r\n"
      + "SERVER_ERROR out of memory storing object\r\n"
    let isComplete = feed(&reader, text, by: size)
    #expect(isComplete == true)
    let kinds = (0..<9).map { reader.kind($0) }
    #expect(kinds == [.value, .missing, .stored, .exists, .number, .value, .done, .missing, .error])
    let numbers = (0..<9).map { reader.number($0) }
    #expect(numbers == [42, nil, nil, nil, -17, 8, nil, nil, nil])
    let (version, error) = (reader.version(0), reader.error)
    #expect(version == 77)
    #expect(error == "SERVER_ERROR out of memory storing object")
  }

  @Test("a value may look like a reply")
  func values() {
    var reader = ReplyReader()
    reader.expect(2)
    let isComplete = feed(&reader, "VALUE k 0 8 5\r\nSTORED\r\n\r\nEND\r\nNOT_STORED\r\n", by: 3)
    #expect(isComplete == true)
    let kinds = (0..<2).map { reader.kind($0) }
    #expect(kinds == [.value, .notStored])
    let value = String(decoding: reader.value, as: UTF8.self)
    #expect(value == "STORED\r\n")
  }

  @Test("bytes that are no replies are refused", arguments: ["SSH-2.0-OpenSSH\r\n", "+PONG\r\n", "VALUE k\r\n"])
  func garbage(text: String) {
    var reader = ReplyReader()
    reader.expect(1)
    let isComplete = feed(&reader, text, by: 1000)
    #expect(isComplete == nil)
  }
}

extension MemcachedTests {
  /// What the driver does around trials.
  @Suite struct Administration {
    private let namespace = Trial.makeNamespace()

    private func connect() throws -> AdministrationConnection {
      try AdministrationConnection(MemcachedAddress(url: MemcachedServer.url))
    }

    @Test("records are set, read and removed, and nobody else's")
    func records() throws {
      let owner = try connect()
      try owner.send("set \(namespace)x:0 0 0 4\r\nours\r\nadd \(namespace):lock:7 0 0 1\r\n1\r\n")
      for _ in 0..<2 { #expect(try owner.line() == "STORED") }
      let administration = try MemcachedAdministration(url: MemcachedServer.url, namespace: namespace)
      let values = (0..<2500).map { Int64($0) - 1200 } + [.min, .max]
      try administration.prepare(values: values)
      #expect(try owner.ask("get \(namespace):lock:7") == [], "locks of the trial before are removed")
      #expect(try administration.values() == values)
      #expect(try administration.counts() == ["commands": 1], "ours are not counted")
      try administration.remove()
      #expect(try owner.ask("get \(namespace):0") == [])
      #expect(try owner.ask("get \(namespace)x:0").last == "ours")
    }

    @Test("a missing record is reported, not taken for 0")
    func missing() throws {
      let administration = try MemcachedAdministration(url: MemcachedServer.url, namespace: namespace)
      try administration.prepare(values: [1, 2])
      let owner = try connect()
      try owner.send("delete \(namespace):1\r\n")
      #expect(try owner.line() == "DELETED")
      let failure = try #require(throws: SetupFailure.self) { try administration.values() }
      #expect(failure.message.contains("record 1 is missing") && failure.message.contains("\(namespace):1"))
      try administration.remove()
    }

    @Test("sessions that stay are reported")
    func settle() throws {
      let administration = try MemcachedAdministration(url: MemcachedServer.url, namespace: namespace)
      try MemcachedServer.waitUntilIdle(administration)
      try administration.prepare(values: [])
      try administration.settle(within: .milliseconds(1))
      var straggler: AdministrationConnection? = try connect()
      try straggler?.send("mn\r\n")
      // Once it answers, it has counted the session.
      #expect(try straggler?.line() == "MN")
      let failure = try #require(throws: SetupFailure.self) { try administration.settle(within: .milliseconds(50)) }
      #expect(failure.message.contains("1 sessions"))
      straggler = nil
      try administration.settle(within: .seconds(5))
    }

    @Test("version and settings are described")
    func describe() throws {
      let description = try MemcachedAdministration(url: MemcachedServer.url, namespace: namespace).describe()
      #expect(description.version.split(separator: ".").count == 3)
      #expect(description.settings["evictions"] == "on")
      #expect(description.settings["maxbytes"] == "67108864")
    }
  }
}
#endif
