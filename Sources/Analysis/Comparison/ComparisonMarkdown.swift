internal import Words

extension Comparison {
  /// The comparison in GitHub Flavored Markdown: the same tables and notes as in a terminal.
  public var markdown: String {
    let notes = ComparisonNotes(self)
    var blocks = [
      "# Comparison",
      Self.list(["base: \(base.name) in \(base.path)", "candidate: \(candidate.name) in \(candidate.path)"]),
      Self.list(notes.warnings),
    ]
    if !cells.isEmpty { blocks += ["## Correctness", Self.table(ComparisonTable.correctness(self))] }
    let speed = ComparisonTable.speed(self)
    if !speed.rows.isEmpty { blocks += ["## Speed", Self.table(speed)] }
    blocks += ["## Notes", Self.list(notes.leftOut + notes.explanations + notes.conclusion)]
    return blocks.filter { !$0.isEmpty }.joined(separator: "\n\n") + "\n"
  }

  private static func list(_ items: [String]) -> String { items.map { "- " + $0.inMarkdown }.joined(separator: "\n") }

  private static func table(_ table: ComparisonTable) -> String {
    let rule = table.header.indices.map { table.numeric.contains($0) ? "---:" : "---" }
    return ([table.header.map(\.inMarkdown), rule] + table.rows.map { $0.map(\.inMarkdown) })
      .map { "| " + $0.joined(separator: " | ") + " |" }.joined(separator: "\n")
  }
}
