import Checking
import Model
import Testing

/// The work of each tick is done by one pod, once.
struct TickRunsTests {
  private func conclude(_ runs: [[Int64]]?, apart: Bool = false) throws -> CheckResult? {
    let counter = try makeWorkload("counter", keys: 1)
    var evidence = makeEvidence(counter, final: [0], acknowledged: [[0]])
    evidence.remains[JobQuestion.runs] = runs
    return TickRuns(apart: apart).check(evidence, of: counter)
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

  @Test("whoever comes third is judged by the run that ended last")
  func third() throws {
    #expect(
      try kinds([[1, 0, 1000, 9000, 0], [1, 1, 1500, 2500, 0], [1, 2, 4000, 5000, 0]])
        == [.concurrentRun, .concurrentRun])
  }

  @Test("runs of two ticks at once, where one at a time was promised and where not")
  func overlapping() throws {
    let runs: [[Int64]] = [[1, 0, 1000, 5000, 0], [2, 1, 3000, 4000, 0], [3, 0, 6000, 7000, 0]]
    let promised = try #require(try conclude(runs, apart: true))
    #expect(promised.violations.map(\.kind) == [.overlappingRuns] && promised.violations[0].count == 1)
    #expect(promised.violations[0].observed == "worker 1 ran tick 2 beside worker 0, which ran tick 1")
    let allowed = try #require(try conclude(runs))
    #expect(allowed.verdict == .pass && allowed.allowed == [AllowedAnomaly(.overlappingRuns, count: 1)])
    // One that was killed overlaps nobody.
    #expect(try #require(try conclude([[1, 0, 1000, 0, 0], [2, 1, 3000, 4000, 0]], apart: true)).verdict == .pass)
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
