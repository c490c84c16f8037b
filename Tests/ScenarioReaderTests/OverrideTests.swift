import Model
import ScenarioReader
import Testing

/// `--set path=value`.
@Suite struct OverrideTests {
  private let text = """
    workload: counter
    load:
      workers: 8
      duration: 1s
    strategies:
      - redis.lock
      - id: postgres.for-update
    """

  @Test func settingsAreReplacedAndAdded() throws {
    let read = try scenario(
      text,
      set: [
        "load.workers=1, 8", "workload.keys=10", "load.duration=500ms", "retry.attempts=3", "name=other",
        "strategies.0.ttl=2s", "services.redis=redis://a,b=c", "expect.redis.lock=any", "strategies.1.label=pg",
      ])
    #expect(read.load.workers == [1, 8])
    #expect(read.workload.keys == 10)
    #expect(read.load.duration == .milliseconds(500))
    #expect(read.retry.attempts == 3)
    #expect(read.name == "other")
    #expect(read.strategies.map(\.label) == ["redis.lock", "pg"])
    #expect(read.strategies[0].options.duration("ttl") == .seconds(2))
    #expect(read.strategies[0].expectation == .any)
    #expect(read.services["redis"] == .url("redis://a,b=c"))
  }

  @Test func wholePartsAreReplaced() throws {
    let read = try scenario(
      text, set: ["workload={kind: stock, initial: 3}", "load.workers=[2, 4]", "strategies=mutex, cas"])
    #expect(read.workload.kind == "stock" && read.workload.options.integer("initial") == 3)
    #expect(read.load.workers == [2, 4])
    #expect(read.strategies.map(\.id) == ["memory.mutex", "memory.cas"])
  }

  @Test func anotherBoundReplacesThatOfTheFile() throws {
    let load = try scenario(text, set: ["load.operations=100"]).load
    #expect(load.operations == 100 && load.duration == nil)
    #expect(
      messages(text, set: ["load.operations=100", "load.duration=1s"]) == [
        "--set load.operations: state either duration or operations, not both"
      ])
  }

  @Test func problemsNameTheOverride() {
    #expect(
      messages(
        text,
        set: [
          "load.seed=x", "lod.seed=1", "load.duraton=1s", "strategies.7.ttl=1s", "load.workers.deep=1", "a..b=1",
          "retry={jitter: ful}", "retry=[", "load.workers=1,,1", "strategies.0.ttl=1",
        ]) == [
          "--set strategies.7.ttl: the list has no element '7'; it has 2, counted from 0",
          "--set load.workers.deep: 'deep' cannot be set in '8'",
          "--set a..b: this is not a path of keys such as load.workers",
          "--set retry: this is not valid YAML: did not find expected node content",
          "--set lod.seed: unknown key 'lod' (did you mean 'load'?)",
          "--set load.duraton: unknown key 'duraton' (did you mean 'duration'?)",
          "--set load.workers: got nothing, expected a whole number or a list of them",
          "--set load.workers: 1 is listed twice; keep one of them",
          "--set load.seed: got 'x', expected a whole number",
          "--set retry: retry.jitter: got 'ful', expected one of none, full, equal, decorrelated (did you mean 'full'?)",
          "--set strategies.0.ttl: 1 has no unit; write 1s, 1ms or 1us",
        ])
  }

  @Test func problemsOfTheFileComeFirst() {
    #expect(
      messages(text.replacing("8", with: "0"), set: ["load.seed="]) == [
        "a.yaml:3:12: load.workers: 0 is below the minimum 1",
        "--set load.seed: got nothing, expected a whole number",
      ])
  }

  @Test func credentialsStayHidden() {
    let all = messages(text, set: ["services.redis=user:secret@host", "services.postgres=http://user:secret@host"])
    #expect(all.count == 2)
    #expect(!all.joined().contains("secret"))
  }

  @Test func anOverrideHasAPathAndAValue() {
    #expect(Override(parsing: "a.b=c=d") == Override(path: "a.b", value: "c=d"))
    #expect(Override(parsing: "a.b=") == Override(path: "a.b", value: ""))
    #expect(Override(parsing: "a.b") == nil)
    #expect(Override(parsing: "=c") == nil)
  }
}
