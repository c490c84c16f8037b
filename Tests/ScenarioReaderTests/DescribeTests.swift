import Model
import ScenarioReader
import Testing

/// The resolved scenario, as `contend validate` prints it.
@Suite struct DescribeTests {
  @Test func everyValueIsShown() throws {
    let read = try scenario(Fixtures.text("valid/everything.yaml"))
    #expect(TestVocabulary.reader.describe(read) == (try Fixtures.text("valid/everything.described")))
  }

  @Test(arguments: [
    "workload: counter\nstrategies: [mutex, memory.none]\n",
    "name: \"2024\"\nworkload: {kind: transfer, order: unordered, share: 1}\nload: {rate: 1/min, operations: 3}\n"
      + "strategies: [{id: mutex, over: redis, label: x(1)}]\nservices: {redis: 'unix:///a b'}\n".replacing(
        " b", with: "b"),
    "workload: {kind: counter, hold: 1.5us}\nretry: {attempts: 3, deadline: 90s, cap: 1.5ms}\nstrategies: [redis.lock]\n",
  ])
  func whatIsShownReadsBack(text: String) throws {
    let read = try scenario(text)
    let shown = TestVocabulary.reader.describe(read)
    #expect(try scenario(shown) == read, "\(shown)")
    #expect(TestVocabulary.reader.describe(try scenario(shown)) == shown)
  }

  @Test func withoutCredentialsEverythingReadsBack() throws {
    var read = try scenario(Fixtures.text("valid/everything.yaml"))
    let shown = TestVocabulary.reader.describe(read)
    #expect(!shown.contains("secret"))
    read.services.locations["redis"] = .url("rediss://***@example.org:6380/0?x=***")
    #expect(try scenario(shown) == read)
  }
}
