import Checking
import Model
import Testing

/// The work of each tick is done by one pod, once.
struct TickRunsTests {
  private func conclude(_ runs: [[Int64]]?) throws -> CheckResult? {
    let counter = try makeWorkload("counter", keys: 1)
    var evidence = makeEvidence(counter, final: [0], acknowledged: [[0]])
    evidence.remains[JobQuestion.runs] = runs
    return TickRuns().check(evidence, of: counter)
  }

  private func kinds(_ runs: [[Int64]]) throws -> [Violation.Kind] {
    try #require(try conclude(runs)).violations.map(\.kind)
  }

  @Test("each tick once, whoever ran it, and those that failed and were taken back")
  func passes() throws {
    #expect(try kinds([[1, 0, 1000, 2000, 0], [2, 1, 3000, 4000, 0], [3, 0, 5000, 6000, 0]]).isEmpty)
    #expect(try kinds([[1, 0, 1000, 2000, 0], [1, 1, 1500, 0, 1], [1, 2, 1500, 2500, 1]]).isEmpty)
    // A run of the tick before that is late is no run of this one.
    #expect(try kinds([[1, 0, 1000, 5000, 0], [2, 1, 3000, 4000, 0]]).isEmpty)
  }

  @Test("a run that was killed accuses nobody")
  func killed() throws {
    #expect(try kinds([[1, 0, 1000, 0, 0], [1, 1, 1500, 2500, 0]]).isEmpty)
  }

  @Test("two at once, and one after the other")
  func twice() throws {
    #expect(try kinds([[1, 0, 1000, 2000, 0], [1, 1, 1500, 2500, 0]]) == [.concurrentRun])
    #expect(try kinds([[1, 1, 2000, 3000, 0], [1, 0, 1000, 2000, 0]]) == [.repeatedRun])
    #expect(
      try kinds([[1, 0, 1000, 2000, 0], [1, 1, 1500, 2500, 0], [1, 2, 2600, 2700, 0]]) == [
        .concurrentRun, .repeatedRun,
      ])
  }

  @Test("ticks that nobody ran are counted, and allowed")
  func missed() throws {
    let result = try #require(
      try conclude([[1, 0, 1000, 2000, 0], [2, 0, 3000, 0, 0], [5, 1, 9000, 9500, 0]]))
    #expect(result.verdict == .pass && result.examined == 2)
    #expect(result.allowed == [AllowedAnomaly(.missedTick, count: 3)])
  }

  @Test("without what the job wrote down there is no conclusion, and without runs it is unknown")
  func nothingToSee() throws {
    #expect(try conclude(nil) == nil)
    #expect(try #require(try conclude([])).verdict == .unknown)
  }
}
