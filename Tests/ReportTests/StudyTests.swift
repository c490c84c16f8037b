import Analysis
import Foundation
import Model
import Testing

@testable import Report
@testable import Results

@Suite struct StudyTests {
  @Test func `a curve of percentiles agrees with the histogram and ends with its evidence`() {
    var histogram = HistogramSnapshot(.latency)
    for value in UInt64(1)...100_000 { histogram.record(value * 7) }
    let curve = PercentileCurve(histogram).nanoseconds
    #expect(curve.count == 81, "four nines: a hundred thousand values leave ten beyond")
    for (index, value) in curve.enumerated() {
      let quantile = 1 - pow(10, -PercentileCurve.position(index))
      #expect(value == histogram.value(atQuantile: quantile))
    }
    #expect(PercentileCurve(HistogramSnapshot(.latency)).nanoseconds.isEmpty)
  }

  @Test func `a command measures the cell again`() throws {
    let run = SampleRuns.large(strategies: 1, variants: 2, workers: [1, 2])
    let cell = try #require(CellSummary.summaries(of: run.trials).last)
    #expect(
      Reproduction.command(of: cell, in: run)
        == "contend run scenarios/large.yaml --strategy strategy-0 --workers 2 --set workload.keys=2 --set workload.hold=1ms"
    )
    #expect(Reproduction.command(of: run) == "contend run scenarios/large.yaml")
  }

  @Test func `words are quoted for the shell where they must be`() {
    #expect(Reproduction.quoted("a/b-c.d=1,2") == "a/b-c.d=1,2")
    #expect(Reproduction.quoted("a b") == "'a b'")
    #expect(Reproduction.quoted("it's; $(x)") == #"'it'\''s; $(x)'"#)
    #expect(Reproduction.quoted("") == "''")
  }

  @Test func `variants stand in the order of their values`() {
    let variants = ["keys=16, hold=1ms", "keys=2, hold=1ms", "keys=16, hold=0s", "keys=16, hold=500us"]
    #expect(
      variants.sorted(by: VariantOrder.isBefore) == [
        "keys=2, hold=1ms", "keys=16, hold=0s", "keys=16, hold=500us", "keys=16, hold=1ms",
      ])
    #expect(VariantOrder.isBefore("", "keys=1"))
    #expect(["backoff=none", "backoff=constant"].sorted(by: VariantOrder.isBefore).first == "backoff=constant")
  }

  @Test func `runs of one scenario are told apart`() {
    let study = Study([SampleRuns.small, SampleRuns.small], lookup: { _, _ in nil })
    #expect(study.points.count == 2)
    #expect(study.strategies.count == 3)
    #expect(study.seriesName(study.points[0]) == "small (20260301T120000Z-00abcd)")
  }

  @Test func `parts of the mean add up to it`() throws {
    let study = Study([SampleRuns.small], lookup: { _, _ in nil })
    let section = try #require(Section.timeSpent(study))
    guard case .figures(let figures) = section.blocks[0] else { return #expect(Bool(false), "no figure") }
    #expect(figures[0].table.columns.map(\.title) == ["strategy", "wait", "hold", "commit", "other"])
    for row in figures[0].table.rows {
      guard case .cells(let cells) = row else { continue }
      let whole = cells.compactMap(\.share).reduce(0, +)
      #expect(abs(whole - 1) < 1e-9)
    }
  }

  @Test func `of several findings the one that does more harm comes first`() throws {
    var trial = SampleRuns.trial("postgres.none", index: 0, workers: 2, repetition: 1, position: 1)
    func found(_ kind: Violation.Kind) -> Violation {
      Violation(kind: kind, key: 0, expected: "1", observed: "0", count: 1, evidence: "seen")
    }
    trial.checks = [
      CheckResult(checker: "reads", examined: 9, violations: [found(.staleRead), found(.tornRead)]),
      CheckResult(checker: "conservation", examined: 9, violations: [found(.writeSkew), found(.lostUpdate)]),
    ]
    let text = Report([SampleRuns.run([trial], scenario: "several")]).markdown()
    let start = try #require(text.firstRange(of: "## Violations")).upperBound
    let places = try ["write-skew", "lost-update", "stale-read", "torn-read"].map {
      try #require(text[start...].firstRange(of: $0)).lowerBound
    }
    #expect(places == places.sorted())
    #expect(text.contains("(lost-update, write-skew, stale-read, torn-read)"))
  }
}
