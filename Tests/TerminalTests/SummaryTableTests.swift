import Model
import Testing

@testable import Terminal

/// The table at several widths: character for character for one run, and what must hold for any.
struct SummaryTableTests {
  private func text(_ results: [TrialResult], width: Int, isComplete: Bool = true) -> String {
    SummaryTable(results, isComplete: isComplete).text(for: TerminalStyle(width: width))
  }

  private func lines(_ results: [TrialResult], width: Int) -> [String] {
    text(results, width: width).split(separator: "\n", omittingEmptySubsequences: false).map(String.init)
  }

  @Test("everything at 80 columns")
  func narrow() { #expect(text(SampleTrials.everything, width: 80) == GoldenTables.narrow) }

  @Test("everything at 140 columns")
  func wide() { #expect(text(SampleTrials.everything, width: 140) == GoldenTables.wide) }

  @Test("a clean run has a table and the power of its zeros, no more")
  func clean() {
    #expect(
      text([SampleTrials.trial("slow", committed: 2_000), SampleTrials.trial("fast", committed: 4_000)], width: 120)
        == GoldenTables.clean)
  }

  @Test("no line is longer than the width, whatever the labels", arguments: [64, 65, 72, 80, 93, 100, 120, 140, 200])
  func widths(width: Int) {
    var results = SampleTrials.everything
    results.append(SampleTrials.trial(String(repeating: "x", count: 150), workers: 128, committed: 123_000, lost: 99))
    results[2].failure = String(repeating: "y", count: 500)
    for line in lines(results, width: width) { #expect(line.count <= width, "\(line)") }
  }

  @Test("cells rank by goodput, and violating ones stand below the rule however fast they are")
  func order() throws {
    let lines = lines(SampleTrials.everything, width: 140)
    func row(_ label: String) throws -> Int { try #require(lines.firstIndex { $0.hasPrefix(label) }) }
    let rule = try row("-- violations: not ranked")
    #expect(try row("postgres.for-update") < row("postgres.advisory-lock"))
    #expect(try row("postgres.advisory-lock") < row("-- unknown"))
    #expect(try row("-- unknown") < row("postgres.optimistic"))
    #expect(try row("postgres.optimistic") < rule)
    #expect(try rule < row("memory.none"))
    #expect(try row("memory.none") < row("redis.get-then-set"))
  }

  @Test("load points get a column only when there are several")
  func loadPoints() {
    let one = SampleTrials.trial("a", workers: 4)
    #expect(!lines([one], width: 120)[0].contains("workers"))
    #expect(lines([one, SampleTrials.trial("a", workers: 16)], width: 120)[0].contains("workers"))
  }

  @Test("cells are grouped by variant, in the order of the scenario, and each group has its own ranking")
  func variants() {
    let results = [
      SampleTrials.trial("slow", variant: "keys=16", committed: 2_000),
      SampleTrials.trial("fast", variant: "keys=1", committed: 4_000),
      SampleTrials.trial("none", variant: "keys=16", committed: 9_000, lost: 5, expectation: .violation),
      SampleTrials.trial("fast", variant: "keys=16", committed: 3_000),
      SampleTrials.trial("slow", variant: "keys=1", committed: 1_000),
    ]
    let table = SummaryTable(results, variants: ["keys=1", "keys=4", "keys=16"]).text(for: TerminalStyle(width: 100))
    let starts = table.split(separator: "\n").prefix(9).map { $0.split(separator: "  ")[0] }
    #expect(
      starts.map { $0.replacing(#/ -+$/#, with: "") }.prefix(9) == [
        "strategy", "-- keys=1", "fast", "slow", "-- keys=16", "fast", "slow", "-- keys=16, violations: not ranked",
        "none",
      ])
    let long = String(repeating: "x", count: 300)
    #expect(lines([SampleTrials.trial("a", variant: long)], width: 80).allSatisfy { $0.count <= 80 })
  }

  @Test("footnotes name the variant")
  func variantsInNotes() {
    let broken = SampleTrials.trial("a", variant: "keys=16", lost: 3)
    #expect(text([broken], width: 100).contains("expectation not met (a, 8 workers, keys=16): no violation"))
  }

  @Test("columns of zeros go first, and never the violations when there are some")
  func leftOut() {
    let trial = SampleTrials.trial("memory.mutex")
    let wide = text([trial], width: 120)
    #expect(!wide.contains("left out"))
    #expect(text([trial], width: 80).contains("columns left out: unknown, gave up, deadlocks (all zero)\n"))
    let counted = SampleTrials.adding([.unknown: 3], to: trial)
    let table = text([counted], width: 82)
    #expect(table.contains("gave up, deadlocks (all zero)"))
    #expect(table.split(separator: "\n")[0].contains("unknown"))
    #expect(lines(SampleTrials.everything, width: 80)[0].contains("violations"))
  }

  @Test("colours repeat the words and add nothing to the text")
  func colours() {
    let style = TerminalStyle(width: 80, isTerminal: true, usesColour: true)
    let coloured = SummaryTable(SampleTrials.everything).text(for: style)
    #expect(coloured.contains("\u{1B}[31mVIOLATION\u{1B}[0m\n"))
    let plain = coloured.replacing(#/\u{1B}\[\d+m/#, with: "")
    #expect(plain == GoldenTables.narrow)
  }

  @Test("nothing ran")
  func nothing() { #expect(text([], width: 80) == "no trial was run\n") }
}
