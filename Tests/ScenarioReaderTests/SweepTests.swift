import Foundation
import Model
import ScenarioReader
import Testing

/// `sweep`: settings that take several values in one run.
@Suite struct SweepTests {
  private let text = """
    workload: {kind: counter, think: 5us}
    load: {workers: [2, 4], repetitions: 2}
    sweep:
      workload.keys: [1, 16]
      workload.hold: [0us, 1ms]
    strategies: [mutex, {id: redis.lock, retry: {backoff: none}}]
    """

  /// Messages for a sweep of a counter under one strategy; the sweep begins on line 2.
  private func problems(_ sweep: String, workload: String = "counter", _ rest: String = "") -> [String] {
    messages("workload: \(workload)\nsweep: \(sweep)\nstrategies: [mutex]\n\(rest)")
  }

  @Test func everyCombinationIsAVariant() throws {
    let read = try scenario(text)
    #expect(
      read.variants.map(\.name) == ["keys=1, hold=0us", "keys=1, hold=1ms", "keys=16, hold=0us", "keys=16, hold=1ms"])
    #expect(read.variants.map(\.workload.keys) == [1, 1, 16, 16])
    #expect(read.variants.map(\.workload.hold) == [.zero, .milliseconds(1), .zero, .milliseconds(1)])
    #expect(read.variants.allSatisfy { $0.workload.think == .microseconds(5) && $0.load.workers == [2, 4] })
    #expect(
      read.sweep == [
        SweptSetting(path: "workload.keys", values: ["1", "16"]),
        SweptSetting(path: "workload.hold", values: ["0us", "1ms"]),
      ])
    #expect(read.strategies.map { $0.retry?.backoff } == [nil, RetryPolicy.Backoff.none])
  }

  @Test func withoutASweepThereIsOneVariantWithoutAName() throws {
    for sweep in ["", "sweep: {}\n"] {
      let read = try scenario("workload: counter\n\(sweep)strategies: [mutex]\n")
      #expect(read.variants.map(\.name) == [""] && read.sweep.isEmpty)
    }
  }

  @Test func anyWorkloadLoadAndRetrySettingIsSwept() throws {
    let read = try scenario(
      """
      workload: {kind: counter}
      sweep:
        workload.kind: [stock, counter]
        load.rate: [100/s, 600/min]
        retry.jitter: [none, full]
        load.threads: [auto]
      strategies: [mutex]
      """)
    #expect(read.variants.count == 8)
    #expect(
      read.variants.map(\.workload.kind) == Array(repeating: "stock", count: 4) + Array(repeating: "counter", count: 4))
    #expect(read.variants[3].name == "kind=stock, rate=600/min, jitter=full, threads=auto")
    #expect(read.variants[3].load.rate == 10 && read.variants[3].retry.jitter == .full)
  }

  @Test func eachBoundOfATrialIsSweptLikeAnyOther() throws {
    let read = try scenario("workload: counter\nsweep: {load.operations: [5, 50]}\nstrategies: [mutex]\n")
    #expect(read.variants.map(\.load.operations) == [5, 50])
    #expect(read.variants.allSatisfy { $0.load.duration == nil && $0.load.warmup == .zero })
  }

  @Test func valuesThatMeanTheSameAreReported() {
    #expect(
      problems("{workload.hold: [1ms, 1000us], workload.keys: [1, 2]}") == [
        "a.yaml:2:30: sweep.workload.hold: 1000us is the same as 1ms; keep one of them"
      ])
  }

  @Test func aBadValueHidesNoOtherProblem() {
    #expect(
      messages(
        "workload: {kind: transfer}\nsweep: {workload.keys: [0, 2, 3], load.drain: [1s, 1000ms]}\nstrategies: [cas]\n")
        == [
          "a.yaml:2:25: workload.keys: 0 is below the minimum 2",
          "a.yaml:2:52: sweep.load.drain: 1000ms is the same as 1s; keep one of them",
          "a.yaml:3:14: strategy memory.cas cannot run workload transfer: its operations touch several keys; use "
            + "memory.mutex",
        ])
  }

  @Test func problemsOfSomeVariantsAreToldAtTheirValue() {
    let fetchAdd = "workload: {kind: counter}\nsweep: {workload.kind: [counter, transfer], workload.hold: [0s, 1s]}\n"
    #expect(
      messages(fetchAdd + "strategies: [memory.fetch-add]\n") == [
        "a.yaml:2:34: strategy memory.fetch-add cannot run workload transfer: its operations touch several keys; "
          + "use memory.mutex"
      ])
    #expect(
      problems("{workload.keys: [1, 100, 200]}", workload: "{kind: stock, initial: 150}") == [
        "a.yaml:2:33: workload: 200 keys need at least as many units, but initial is 150"
      ])
    #expect(
      problems("{retry.base: [1ms, 1s]}", "retry: {cap: 10ms}") == [
        "a.yaml:2:27: retry.cap: 10ms is below retry.base, which is 1s"
      ])
  }

  @Test func problemsOfOneCombinationNameIt() {
    #expect(
      problems("{workload.initial: [50, 150], workload.keys: [10, 100]}", workload: "stock") == [
        "a.yaml:2:58: workload: 100 keys need at least as many units, but initial is 50 "
          + "(in the variant initial=50, keys=100)"
      ])
  }

  @Test func problemsOfAllVariantsAreToldOnceAtTheirPlace() {
    #expect(
      problems("{workload.keys: [1, 2, x]}", workload: "counter", "load: {warmup: 3}\nretri: {}") == [
        "a.yaml:2:31: workload.keys: got 'x', expected a whole number",
        "a.yaml:4:16: load.warmup: 3 has no unit; write 3s, 3ms or 3us",
        "a.yaml:5:1: unknown key 'retri' (did you mean 'retry'?)",
      ])
  }

  @Test func variantsAndTrialsAreLimited() throws {
    func list(_ count: Int) -> String { "[\((1...count).map(String.init).joined(separator: ", "))]" }
    #expect(
      try scenario("workload: counter\nsweep: {workload.keys: \(list(100))}\nstrategies: [mutex]\n").variants.count
        == 100)
    #expect(
      problems("{workload.keys: \(list(101))}") == [
        "a.yaml:2:24: sweep.workload.keys: 101 values are above the maximum 100"
      ])
    #expect(
      problems("{workload.hold: [0s, 5], workload.keys: \(list(60)), load.processes: [1, 1000000]}") == [
        "a.yaml:2:1: sweep: the values make 240 combinations, above the maximum 100; sweep fewer values, or write "
          + "several scenarios",
        "a.yaml:2:29: workload.hold: 5 has no unit; write 5s, 5ms or 5us",
        "a.yaml:2:\(problemColumn(of: "1000000", in: list(60))): load.processes: 1000000 is above the maximum 1000",
      ])
    #expect(
      problems("{workload.keys: \(list(50))}", "load: {workers: \(list(10)), repetitions: 201}") == [
        "a.yaml:2:1: sweep: 10 numbers of workers x 50 variants x 201 repetitions make 100500 trials, above the maximum "
          + "100000; split the scenario"
      ])
  }

  /// Where a value stands in the line of the test above.
  private func problemColumn(of value: String, in list: String) -> Int {
    let line = "sweep: {workload.hold: [0s, 5], workload.keys: \(list), load.processes: [1, \(value)]}"
    return line.distance(from: line.startIndex, to: line.firstRange(of: value)?.lowerBound ?? line.startIndex) + 1
  }

  @Test func overridesEndOrStateASweep() throws {
    #expect(try scenario(text, set: ["workload.keys=4"]).variants.map(\.name) == ["hold=0us", "hold=1ms"])
    let none = try scenario(text, set: ["workload.keys=4", "workload.hold=2ms"])
    #expect(none.variants.map(\.name) == [""] && none.workload.keys == 4 && none.workload.hold == .milliseconds(2))
    #expect(try scenario(text, set: ["workload=stock"]).variants.count == 1)
    #expect(try scenario(text, set: ["sweep={}"]).variants.count == 1)
    let more = try scenario(text, set: ["workload.hold=1s", "sweep.workload.keys=3, 5", "sweep.load.drain=1s"])
    #expect(more.variants.map(\.name) == ["keys=3, drain=1s", "keys=5, drain=1s"])
    let bounds = "workload: counter\nsweep: {load.operations: [5, 6]}\nstrategies: [mutex]\n"
    #expect(try scenario(bounds, set: ["load.duration=1s"]).variants.map(\.load.operations) == [nil])
    #expect(
      messages(text, set: ["sweep.workload.keys=1,0", "sweep.load.workers=1,2", "sweep.kyes=1", "sweep.load.rate="])
        == [
          "--set sweep.load.workers: sweep: 'load.workers' cannot be swept: list the numbers under load.workers itself; "
            + "each is a load point",
          "--set sweep.kyes: sweep: there is no setting 'kyes' (did you mean 'workload.keys'?)",
          "--set sweep.load.rate: got nothing, expected a list of values",
          "--set sweep.workload.keys: workload.keys: 0 is below the minimum 1",
        ])
  }

  @Test(arguments: [
    "sweep: {workload.keys: [1, 16], workload.hold: [0us, 1ms]}", "sweep: {workload.kind: [stock, counter]}",
    "sweep: {workload.distribution: [zipfian, uniform]}", "sweep: {load.operations: [5, 10]}",
    "sweep: {retry.attempts: [none, 3], load.threads: [auto], load.rate: ['5/s', \"6/s\"]}",
    "sweep: {workload.hold: [1\u{B5}s, 2us], load.pin: [free, split], workload.keys: [3]}",
  ])
  func whatIsShownReadsBack(sweep: String) throws {
    let read = try scenario("workload: {kind: counter}\n\(sweep)\nstrategies: [mutex]\n")
    let shown = TestVocabulary.reader.describe(read)
    #expect(try scenario(shown) == read, "\(shown)")
    #expect(TestVocabulary.reader.describe(try scenario(shown)) == shown)
  }

  @Test func aWarningNamesTheVariant() throws {
    let read = try scenario(
      "workload: transfer\nsweep: {workload.order: [sorted, unordered]}\nstrategies: [mutex, redis.lock]\n")
    let warnings = TestVocabulary.reader.warnings(about: read)
    #expect(warnings.count == 1 && warnings[0].contains("(in the variant order=unordered)"))
    #expect(warnings[0].contains("trials of memory.mutex will"))
  }
}
