import Model
import Testing

@testable import RedisStrategies

/// Redis URLs.
struct RedisAddressTests {
  @Test(
    "the forms of a URL",
    arguments: [
      ("redis://localhost", "localhost:6379", nil, nil, 0),
      ("redis://h:7000/2", "h:7000", nil, nil, 2),
      ("redis://:p%40ss@h/", "h:6379", nil, "p@ss", 0),
      ("redis://ann:a:b@[::1]:7000?db=3", "[::1]:7000", "ann", "a:b", 3),
      ("unix:/run/redis.sock", "/run/redis.sock", nil, nil, 0),
      ("unix:///run/a%20b.sock?db=4", "/run/a b.sock", nil, nil, 4),
      ("unix://ann:secret@/run/redis.sock", "/run/redis.sock", "ann", "secret", 0),
    ] as [(String, String, String?, String?, Int)])
  func forms(url: String, place: String, user: String?, password: String?, database: Int) throws {
    let address = try RedisAddress(url: url)
    #expect(address.description == place)
    #expect(address.user == user)
    #expect(address.password == password)
    #expect(address.database == database)
  }

  @Test(
    "what is wrong with a URL is said without its credentials",
    arguments: [
      ("rediss://ann:secret@h", "TLS"), ("http://ann:secret@h", "http://***@h"), ("", "is neither"),
      ("redis://secret@h", "user:password"), ("redis://:%zzsecret@h", "percent-encoded"),
      ("redis://:secret@h:0", "port"), ("redis://:secret@h:port", "port"), ("redis://:secret@h/first", "database"),
      ("redis://:secret@h?password=secret", "db=NUMBER"), ("unix://relative.sock", "full path"),
      ("unix:///" + String(repeating: "x", count: 107), "107"),
    ])
  func refusals(url: String, part: String) throws {
    let failure = try #require(throws: SetupFailure.self) { try RedisAddress(url: url) }
    #expect(failure.message.contains(part))
    #expect(!failure.message.contains("secret"))
  }
}
