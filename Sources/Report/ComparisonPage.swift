public import Analysis
internal import Model

/// A comparison of two runs, or of two strategies of one, as a self-contained page: correctness first.
public struct ComparisonPage: Sendable {
  private let comparison: Analysis.Comparison

  /// Makes the page of a comparison.
  public init(_ comparison: Analysis.Comparison) { self.comparison = comparison }

  /// The page; it loads nothing and needs no script.
  public func html() -> String {
    let (base, candidate) = (comparison.base, comparison.candidate)
    let heading = ReportHeading(
      kind: "contend compare", title: "\(candidate.name) against \(base.name)", question: "",
      facts: ["base: \(base.path)", "candidate: \(candidate.path)"])
    return HTMLPage.text(heading, [correctness, speed, latency, notes].compactMap { $0 })
  }

  private var correctness: Section {
    let table = ComparisonTable.correctness(comparison)
    return Section(
      id: "correctness", title: "Correctness",
      blocks: [.banner(banner)] + (table.rows.isEmpty ? [] : [.table(shown(table, "Verdicts side by side"))])
        + (comparison.warnings.isEmpty ? [] : [.list(comparison.warnings.map { Line($0) })]))
  }

  private var banner: Banner {
    let (tone, title, sentence): (Tone, String, String) =
      switch comparison.conclusion {
      case .compared: (.good, "Compared.", "The candidate breaks nothing that the base keeps.")
      case .violated: (.bad, "Violated.", "The candidate breaks an invariant that the base keeps.")
      case .inconclusive: (.doubtful, "Inconclusive.", "A result is no longer known to be correct.")
      case .incomparable: (.doubtful, "Nothing to compare.", "No cell has a verdict on both sides.")
      }
    let counts = [
      (comparison.cells.count, "cells on both sides"), (comparison.cells.filter(\.isComparable).count, "with a ratio"),
      (comparison.cells.filter(\.isNewlyViolating).count, "newly violating"),
      (comparison.onlyInBase.count, "only in the base"), (comparison.onlyInCandidate.count, "only in the candidate"),
    ]
    return Banner(
      tone: tone, title: title, sentence: sentence,
      counts: counts.filter { $0.0 > 0 }.map { (String($0.0), $0.1) })
  }

  private var speed: Section? {
    let table = ComparisonTable.speed(comparison)
    guard !table.rows.isEmpty else { return nil }
    return Section(
      id: "speed", title: "Speed", introduction: "Of the cells that are correct on both sides.",
      blocks: [.table(shown(table, "Figures side by side"))])
  }

  private var latency: Section? {
    let figures = comparison.cells.filter(\.isComparable).compactMap { cell in
      LatencyCurves(
        place: cell.name,
        [
          LatencyCurves.Curve(cell.base, name: "base", style: 0),
          LatencyCurves.Curve(cell.candidate, name: "candidate", style: 1),
        ]
      ).figure
    }
    guard !figures.isEmpty else { return nil }
    return Section(
      id: "latency", title: "Latency by percentile",
      introduction: "To the right the slower operations: each step is ten times rarer. Bands are repetitions.",
      blocks: Block.folding(figures))
  }

  private var notes: Section? {
    let notes = ComparisonNotes(comparison)
    let lines = notes.leftOut + notes.explanations + notes.conclusion
    guard !lines.isEmpty else { return nil }
    return Section(id: "notes", title: "Notes", blocks: [.list(lines.map { Line($0) })])
  }

  private func shown(_ table: ComparisonTable, _ caption: String) -> Table {
    Table(
      caption: caption,
      columns: table.header.enumerated().map {
        Table.Column(title: $0.element, isNumeric: table.numeric.contains($0.offset))
      },
      rows: table.rows.map { row in .cells(row.map { Table.Cell($0) }) })
  }
}
