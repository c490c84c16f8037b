internal import Words

/// Renders sections as GitHub Flavored Markdown: tables, bars made of Unicode blocks, `<details>`. GitHub strips inline
/// SVG, so the data of a chart stands in its place.
struct MarkdownRenderer {
  private var page = ""

  /// The whole page.
  static func page(_ heading: ReportHeading, _ sections: [Section]) -> String {
    var renderer = MarkdownRenderer()
    renderer.add("# \(heading.title.inMarkdown)")
    if !heading.question.isEmpty { renderer.add("*\(heading.question.inMarkdown)*") }
    if !heading.facts.isEmpty { renderer.add(heading.facts.map(\.inMarkdown).joined(separator: " · ")) }
    for section in sections { renderer.add(section) }
    return renderer.page
  }

  private mutating func add(_ text: String) {
    if !page.isEmpty { page += "\n" }
    page += text.hasSuffix("\n") ? text : text + "\n"
  }

  private mutating func add(_ section: Section) {
    add("## \(section.title.inMarkdown)")
    if !section.introduction.spans.isEmpty, !section.introduction.plainText.isEmpty {
      add(text(section.introduction))
    }
    for block in section.blocks { add(block) }
  }

  private mutating func add(_ block: Block) {
    switch block {
    case .paragraph(let line): add(text(line))
    case .note(let line): add("<sub>\(text(line))</sub>")
    case .list(let lines): add(lines.map { "- \(text($0))\n" }.joined())
    case .labelled(let groups):
      for group in groups {
        add("**\(group.label.inMarkdown)**")
        add(group.lines.map { "- \(text($0))\n" }.joined())
      }
    case .heading(let title): add("### \(title.inMarkdown)")
    case .banner(let banner): add(banner)
    case .table(let table): add(text(table))
    case .figures(let figures): for figure in figures { add(figure, among: figures.count) }
    case .code(let code, let language): add(MarkdownText.fenced(code, language: language))
    case .details(let summary, let blocks):
      add("<details><summary>\(summary.inMarkdown)</summary>")
      for block in blocks { add(block) }
      add("</details>")
    }
  }

  private mutating func add(_ banner: Banner) {
    add(
      "> **\(Self.mark(banner.tone)) \(banner.title.inMarkdown)** \(banner.sentence.inMarkdown)")
    let counts = banner.counts.map { "**\($0.value.inMarkdown)** \($0.label.inMarkdown)" }
    if !counts.isEmpty { add(counts.joined(separator: " · ")) }
  }

  private mutating func add(_ figure: Figure, among count: Int) {
    guard !figure.isToldElsewhere else { return }
    if count > 1 || !figure.title.isEmpty { add("**\(figure.title.inMarkdown)**") }
    if !figure.caption.isEmpty { add(figure.caption.inMarkdown) }
    add(text(figure.table))
    if let key = figure.key { add(text(key)) }
  }

  private func text(_ line: Line) -> String {
    line.spans.map { span in
      switch span {
      case .text(let text): text.inMarkdown
      case .strong(let text): "**\(text.inMarkdown)**"
      case .code(let text): MarkdownText.code(text)
      }
    }.joined()
  }

  private func text(_ table: Table) -> String {
    func row(_ fields: [String]) -> String { "| " + fields.joined(separator: " | ") + " |\n" }
    var result = row(table.columns.map { $0.title.inMarkdown })
    result += "|" + table.columns.map { $0.isNumeric ? "---:|" : "---|" }.joined() + "\n"
    for entry in table.rows {
      switch entry {
      case .group(let title, let tone):
        let mark = Self.mark(tone)
        let words = "**\(mark.isEmpty ? "" : mark + " ")\(title.inMarkdown)**"
        result += row([words] + table.columns.dropFirst().map { _ in "" })
      case .cells(let cells): result += row(cells.map(text))
      }
    }
    return result
  }

  private func text(_ cell: Table.Cell) -> String {
    let words = text(cell.line)
    guard let share = cell.share else { return words }
    let bar = MarkdownText.bar(share)
    return bar.isEmpty ? words : words.isEmpty ? bar : "\(words) \(bar)"
  }

  private static func mark(_ tone: Tone) -> String {
    switch tone {
    case .neutral: ""
    case .good: "✔"
    case .doubtful: "▲"
    case .bad: "✘"
    }
  }
}
