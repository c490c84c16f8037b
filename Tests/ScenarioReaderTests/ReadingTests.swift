import Foundation
import Model
import ScenarioReader
import Testing

/// What a scenario in order becomes.
@Suite struct ReadingTests {
  @Test(arguments: [
    "{id: redis.lock, over: postgres.for-update}", "{id: redis-lock, over: postgres.for-update, ttl: 10s}",
    "redis.lock over postgres.for-update", "{id: redis.lock over postgres.for-update}",
  ])
  func aLockGoesAroundAStrategy(entry: String) throws {
    let read = try scenario("workload: counter\nstrategies: [\(entry)]\n")
    let selection = try #require(read.strategies.first)
    #expect(selection.id == "redis.lock over postgres.for-update" && selection.over == nil)
    #expect(selection.label == "redis.lock+postgres.for-update")
    #expect(selection.options.duration("ttl") == .seconds(10))
    #expect(try scenario(TestVocabulary.reader.describe(read)) == read)
  }

  @Test func aLockAroundWhatItDoesNotGoAroundIsAProblem() {
    #expect(
      messages("workload: counter\nstrategies: [{id: redis.lock, over: memory.none}]\n").first?.contains(
        "redis.lock does not go around memory.none: a lock goes around a strategy that suspends") == true)
  }

  @Test func defaultsAreThoseOfTheModel() throws {
    let read = try scenario("workload: counter\nstrategies: [mutex]\n", path: "dir/01-quick start.v2.yaml")
    let expected = Scenario(
      name: "01-quick-start.v2", workload: WorkloadSettings(kind: "counter"),
      strategies: [StrategySelection(id: "memory.mutex")])
    #expect(read == expected)
  }

  @Test func everySettingIsRead() throws {
    let read = try scenario(Fixtures.text("valid/everything.yaml"))
    var load = LoadSettings()
    load.workers = [4, 64]
    load.processes = 2
    load.threads = 16
    load.duration = nil
    load.operations = 20_000
    load.warmup = .milliseconds(1500)
    load.repetitions = 5
    load.seed = .max
    load.rate = 2
    load.drain = .microseconds(250)
    load.pin = .split
    var retry = RetryPolicy()
    retry.backoff = .constant
    retry.jitter = .decorrelated
    retry.base = .nanoseconds(100)
    retry.cap = .seconds(180)
    retry.attempts = 7
    retry.deadline = nil
    let gate = try everyGateSetting()
    let lockOptions = Options([], stated: ["ttl": .duration(.seconds(5)), "spread": .number(1)])
    #expect(read.name == "everything")
    #expect(
      read.workload
        == WorkloadSettings(
          kind: "stock", keys: 100, distribution: .zipfian(theta: 1.2), hold: .microseconds(50),
          think: .microseconds(1500), options: Options([], stated: ["initial": .integer(500), "restock": .flag(true)])))
    #expect(read.load == load)
    #expect(read.retry == retry)
    #expect(
      read.strategies == [
        StrategySelection(
          id: "postgres.for-update",
          options: Options([], stated: ["lock-timeout": .duration(.seconds(1)), "pipeline": .flag(false)]),
          expectation: .pass),
        StrategySelection(
          id: "redis.lock", label: "redis.lock+postgres", over: "postgres", options: lockOptions, expectation: .any),
        StrategySelection(id: "redis.lock", label: "own-store", options: lockOptions, expectation: .violation),
      ])
    #expect(
      read.services.locations == [
        "postgres": .managed, "redis": .url("rediss://user:secret@example.org:6380/0?x=y"),
      ])
    #expect(read.gate == gate)
  }

  private func everyGateSetting() throws -> GatePolicy {
    var gate = GatePolicy()
    (gate.blocks, gate.slices, gate.slice, gate.onInconclusive) = (12, 4, .milliseconds(500), .warn)
    gate.foreignLoad = 0.25
    gate[.goodput] = GateRule(tolerance: 0.03, mustDetect: 0.08, blocksOn: .regression)
    gate[.p50] = GateRule(tolerance: 0.07, mustDetect: 0.14, blocksOn: .doubt)
    gate[.p99] = GateRule(tolerance: 0.2, mustDetect: 0.455, blocksOn: .nothing)
    gate[.retries] = GateRule(tolerance: 0.1, mustDetect: 0.3, floor: 0.1, blocksOn: .nothing)
    gate[.deadlocks].floor = 0.002
    gate[.gaveUp].floor = 0.5
    gate[.fairness].blocksOn = .regression
    gate.waivers = [
      GateWaiver(
        cell: "own-store, 4 workers", subject: .p99, maximumRatio: 1.5, reason: "New server: slower tail",
        expires: try #require(CalendarDate("2026-12-31"))),
      GateWaiver(
        cell: "own-store, 64 workers", subject: .presence, maximumRatio: 1, reason: "retired",
        expires: try #require(CalendarDate("2028-02-29"))),
    ]
    return gate
  }

  @Test func zipfianHasADefaultTheta() throws {
    let read = try scenario("workload: {kind: counter, distribution: zipfian}\nstrategies: [mutex]\n")
    #expect(read.workload.distribution == .zipfian(theta: 0.99))
  }

  @Test func keysDefaultToWhatTheWorkloadNeeds() throws {
    #expect(try scenario("workload: transfer\nstrategies: [mutex]\n").workload.keys == 2)
  }

  @Test func operationsReplaceDurationAndWarmup() throws {
    let load = try scenario("workload: counter\nload: {operations: 5, rate: 120/min}\nstrategies: [mutex]\n").load
    #expect(load.duration == nil && load.operations == 5 && load.warmup == .zero && load.rate == 2)
  }

  @Test func servicesInUseAreStated() throws {
    let read = try scenario("workload: counter\nstrategies: [{id: redis.lock, over: postgres}]\n")
    #expect(read.services.locations == ["redis": .managed, "postgres": .managed])
  }

  @Test func aliasesStandForTheirAnchors() throws {
    let text = """
      workload: counter
      strategies:
        - id: redis.lock
          ttl: &life 3s
          label: "a*b"
        - {id: postgres.for-update, lock-timeout: *life}
      """
    #expect(messages(text).count == 1, "the star in the label is refused as it is written")
    #expect(messages(text)[0].contains("'a*b'"))
    let read = try scenario(text.replacing("a*b", with: "ab"))
    #expect(read.strategies.map(\.options.values["lock-timeout"]) == [nil, .duration(.seconds(3))])
  }

  @Test func anExpectationByIdMeansAllItsSelections() throws {
    let read = try scenario(
      """
      workload: counter
      strategies: [redis.lock, {id: redis-lock, over: memory}, mutex]
      expect: {redis-lock: violation, redis.lock: pass, mutex: pass}
      """.replacing("redis-lock: violation, ", with: "redis.lock+memory: violation, "))
    #expect(read.strategies.map(\.expectation) == [.pass, .violation, .pass])
    let all = try scenario(
      "workload: counter\nstrategies: [redis.lock, {id: redis.lock, over: memory}]\nexpect: {redis-lock: any}\n")
    #expect(all.strategies.map(\.expectation) == [.any, .any])
  }

  @Test func lineEndsOfOtherSystemsAreFine() throws {
    let text = "workload: counter\r\nload:\r\n  workers: 0\r\n  workers: 1\r\nstrategies: [mutex]\r\n"
    #expect(
      messages(text) == [
        "a.yaml:3:12: load.workers: 0 is below the minimum 1",
        "a.yaml:4:3: the key 'workers' is already stated on line 3; keep one of them",
      ])
  }

  @Test func aByteOrderMarkIsDropped() throws {
    let file = FileManager.default.temporaryDirectory.appending(path: "\(UUID().uuidString).yaml")
    try Data("\u{FEFF}workload: counter\nstrategies: [mutex]\n".utf8).write(to: file)
    defer { try? FileManager.default.removeItem(at: file) }
    #expect(try TestVocabulary.reader.read(path: file.path).workload.kind == "counter")
  }
}
