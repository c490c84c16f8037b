import Model
import Testing

/// Locations are shown without anything that may be a credential.
struct ServiceLocationTests {
  @Test(
    "the server is shown, user and password are not",
    arguments: [
      ("postgresql://u:p@h/db", "postgresql://***@h/db"),
      ("postgresql://u@h:5432/db", "postgresql://***@h:5432/db"),
      ("redis://:p@h", "redis://***@h"),
      ("rediss://user:p@h:6380/2", "rediss://***@h:6380/2"),
      ("postgresql://h/db?password=secret", "postgresql://h/db?password=***"),
      ("postgresql://u:p@h/db?user=u&password=secret", "postgresql://***@h/db?user=***&password=***"),
      ("postgresql://h/db?sslmode=require&sslpassword=secret", "postgresql://h/db?sslmode=require&sslpassword=***"),
      ("postgresql://h/db?p%61ssword=secret", "postgresql://h/db?p%61ssword=***"),
      ("postgresql:///db?host=/run/postgresql", "postgresql:///db?host=/run/postgresql"),
      ("postgresql://%2Frun%2Fpostgresql/db", "postgresql://%2Frun%2Fpostgresql/db"),
      ("mariadb://root@localhost?socket=/run/s.sock", "mariadb://***@localhost?socket=/run/s.sock"),
      ("redis://h:1,redis://h:2", "redis://h:1,redis://h:2"),
      ("redis://:p@h:1,redis://:q@h:2", "redis://***@h:2"),
      ("amqp://ann:se/cret@h:5672/%2F", "amqp://***@h:5672/%2F"),
      ("http://key:se/cret+@dynamodb.eu-west-1.amazonaws.com", "http://***@dynamodb.eu-west-1.amazonaws.com"),
      ("zookeeper://a:2181,b:2181,[::1]:2181/node", "zookeeper://a:2181,b:2181,[::1]:2181/node"),
      ("redis://localhost:6379", "redis://localhost:6379"),
      ("localhost:6379", "localhost:6379"),
    ])
  func redacted(url: String, shown: String) {
    #expect(ServiceLocation.url(url).redacted == shown)
  }

  @Test(
    "passwords with unescaped delimiters and other forms of connection strings show nothing",
    arguments: [
      "postgresql://u:sec/ret@h/db", "postgresql://u:sec@ret@h/db", "postgresql://u:sec?ret@h/db",
      "postgresql://u:a@sec?ret@h/db", "postgresql://h/db?password=se@cret", "redis://:sec#ret@h", "redis://:sec?ret@h",
      "host=h password=secret", "u:secret@h", "postgresql://u:secret", "postgresql://u:sec%40h", "redis://:sec?ret",
      "host=h password=sec://ret", "http://u:sec,ret@h", "http://u:sec", "redis://h?secret",
    ])
  func nothingLeaks(url: String) {
    let shown = ServiceLocation.url(url).redacted
    #expect(!shown.contains("sec") && !shown.contains("ret"), "\(shown)")
  }

  @Test("services that are not named are managed")
  func managed() {
    let settings = ServiceSettings(locations: ["redis": .url("redis://h")])
    #expect(settings["redis"] == .url("redis://h"))
    #expect(settings["postgres"] == .managed)
    #expect(settings["postgres"].redacted == "managed")
  }
}
