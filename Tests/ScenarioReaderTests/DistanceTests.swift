import Model
import ScenarioReader
import Testing

/// How far away services are to seem: `services.postgres: {url: managed, rtt: 500us}`.
struct DistanceTests {
  private static let start = "workload: counter\nstrategies: [redis.lock, postgres.for-update]\n"

  private func scenario(_ text: String, set overrides: [String] = []) throws -> Scenario {
    try TestVocabulary.reader.read(
      text: Self.start + text, path: "a.yaml", overrides: overrides.compactMap(Override.init(parsing:)))
  }

  @Test func aServiceIsPutAtADistance() throws {
    let read = try scenario(
      "services: {redis: {url: 'redis://h:1', rtt: 500us, jitter: 50us}, postgres: {rtt: 1ms}}\n")
    #expect(read.services.locations == ["redis": .url("redis://h:1"), "postgres": .managed])
    #expect(
      read.variants[0].distances == [
        "redis": Distance(roundTrip: .microseconds(500), jitter: .microseconds(50)),
        "postgres": Distance(roundTrip: .milliseconds(1)),
      ])
  }

  @Test func theShortFormStays() throws {
    let read = try scenario("services: {redis: managed}\n", set: ["services.redis.rtt=2ms"])
    #expect(read.services["redis"] == .managed)
    #expect(read.variants[0].distances == ["redis": Distance(roundTrip: .milliseconds(2))])
    #expect(try scenario("").variants[0].distances.isEmpty)
    #expect(try scenario("services: {redis: {rtt: 0us}}\n").variants[0].distances.isEmpty)
  }

  @Test func aDistanceIsSwept() throws {
    let read = try scenario(
      "services: {redis: {url: 'redis://h:1', jitter: 10us}}\nsweep: {services.redis.rtt: [0us, 200us, 1ms]}\n")
    #expect(read.variants.map(\.name) == ["rtt=0us", "rtt=200us", "rtt=1ms"])
    #expect(read.variants.map { $0.distances["redis"]?.roundTrip } == [nil, .microseconds(200), .milliseconds(1)])
    #expect(read.services.locations["redis"] == .url("redis://h:1"))
  }

  @Test func allServersArePutAtADistance() throws {
    let far = Distance(roundTrip: .milliseconds(1))
    #expect(try scenario("services: {rtt: 1ms}\n").variants[0].distances == ["redis": far, "postgres": far])
    let read = try scenario("services: {redis: {rtt: 5ms}}\nsweep: {services.rtt: [0us, 1ms]}\n")
    #expect(read.variants.map(\.name) == ["rtt=0us", "rtt=1ms"])
    #expect(read.variants.map { $0.distances["postgres"] } == [nil, far])
    #expect(read.variants.allSatisfy { $0.distances["redis"]?.roundTrip == .milliseconds(5) })
  }

  @Test func whoPutsAllAtADistanceMeansAll() throws {
    let far = Distance(roundTrip: .milliseconds(1))
    for text in [
      "", "services: {redis: {rtt: 5ms}, postgres: managed}\n", "sweep: {services.redis.rtt: [0us, 5ms]}\n",
      "sweep: {services.rtt: [0us, 5ms]}\n",
    ] {
      let read = try scenario(text, set: ["services.rtt=1ms"])
      #expect(read.variants.map(\.distances) == [["redis": far, "postgres": far]])
      #expect(read.services["redis"] == .managed)
    }
    let one = try scenario("", set: ["services.rtt=1ms", "services.redis.rtt=0us"])
    #expect(one.variants[0].distances == ["postgres": far])
  }

  @Test(arguments: [
    "services: {rtt: 1ms}\n", "services: {redis: {jitter: 10us}}\nsweep: {services.rtt: [100us, 1ms]}\n",
    "services: {redis: {url: 'redis://h:1', rtt: 500us, jitter: 50us}}\n", "services: {postgres: {rtt: 1ms}}\n",
    "services: {redis: {url: 'redis://h:1', jitter: 10us}}\nsweep: {services.redis.rtt: [100us, 1ms]}\n",
  ])
  func whatIsDescribedReadsBack(text: String) throws {
    let read = try scenario(text)
    let described = TestVocabulary.reader.describe(read)
    #expect(try TestVocabulary.reader.read(text: described, path: "b.yaml") == read, "\(described)")
  }

  @Test func whatCannotBeIsToldAtItsPlace() {
    let problems = [
      ("services: {redis: {rtt: 5}}\n", "a.yaml:3:25: services.redis.rtt: 5 has no unit; write 5s, 5ms or 5us"),
      (
        "services: {redis: {rtt: 1ms, jitter: 600us}}\n",
        "a.yaml:3:38: services.redis.jitter: 600us is more than half of the rtt 1ms, which is one way"
      ),
      ("services: {rtt: 5}\n", "a.yaml:3:17: services.rtt: 5 has no unit; write 5s, 5ms or 5us"),
      (
        "services: {rtt: 1ms, redis: {jitter: 600us}}\n",
        "a.yaml:3:11: services.redis.jitter: 600us is more than half of the rtt 1ms, which is one way"
      ),
      ("services: {redis: {rtt: 11s}}\n", "a.yaml:3:25: services.redis.rtt: 11s is above the maximum 10s"),
    ]
    for (text, message) in problems { #expect(messages(Self.start + text) == [message]) }
    #expect(messages(Self.start + "services: {redis: {ttr: 1ms}}\n").first?.contains("unknown key 'ttr'") == true)
    #expect(
      messages(Self.start + "sweep: {services.redis.url: [managed]}\n").first?.contains("write a scenario") == true)
  }

  @Test func credentialsAreNotStored() {
    let stored = ScenarioReader.textWithoutCredentials("services: {redis: {url: 'redis://u:secret@h:1', rtt: 1ms}}\n")
    #expect(!stored.contains("secret") && stored.contains("rtt: 1ms"))
  }
}
