internal import Charts
internal import Words

/// Renders sections as the content of an HTML page.
struct HTMLRenderer {
  /// Charts drawn so far: ids must be unique on a page.
  private var figureCount = 0

  /// The sections as elements.
  static func nodes(_ sections: [Section]) -> [HTMLNode] {
    var renderer = HTMLRenderer()
    return sections.map { renderer.node($0) }
  }

  private mutating func node(_ section: Section) -> HTMLNode {
    var children: [HTMLNode] = [element("h2", text: section.title)]
    if !section.introduction.plainText.isEmpty {
      children.append(element("p", class: "introduction", spans(section.introduction)))
    }
    children += section.blocks.map { node($0) }
    return element("section", [("id", section.id)], children)
  }

  private mutating func node(_ block: Block) -> HTMLNode {
    switch block {
    case .paragraph(let line): return element("p", [], spans(line))
    case .note(let line): return element("p", class: "note", spans(line))
    case .list(let lines): return element("ul", [], lines.map { element("li", [], spans($0)) })
    case .labelled(let groups):
      let pairs = groups.map { group in
        element(
          "div", [],
          [element("dt", text: group.label)] + group.lines.map { element("dd", [], spans($0)) })
      }
      return element("dl", class: "labelled", pairs)
    case .heading(let title): return element("h3", text: title)
    case .banner(let banner): return node(banner)
    case .table(let table): return HTMLTable.node(table)
    case .figures(let figures):
      return element(
        "div", class: figures.count > 1 ? "figures several" : "figures",
        figures.map { node($0, isAlone: figures.count == 1) })
    case .code(let code, _): return element("pre", [("tabindex", "0")], [element("code", text: code)])
    case .details(let summary, let blocks):
      return element("details", [], [element("summary", text: summary)] + blocks.map { node($0) })
    }
  }

  private func node(_ banner: Banner) -> HTMLNode {
    let counts = banner.counts.map { count in
      element("div", [], [element("dt", text: count.label), element("dd", text: count.value)])
    }
    return element(
      "div", class: "banner \(banner.tone.rawValue)",
      [
        element("p", class: "verdict", [element("strong", text: banner.title), .text(" " + banner.sentence)]),
        element("dl", class: "counts", counts),
      ])
  }

  private mutating func node(_ figure: Figure, isAlone: Bool) -> HTMLNode {
    figureCount += 1
    let id = "figure-\(figureCount)"
    let picture = isAlone ? alone(figure, id) : figure.chart.svg(id: id, width: Self.widthAmongOthers)
    var caption = [element("strong", text: figure.title)]
    if !figure.caption.isEmpty { caption.append(element("span", text: figure.caption)) }
    let tables = [figure.table, figure.key].compactMap { $0 }.map(HTMLTable.node)
    return element(
      "figure", [],
      [
        element("figcaption", [], caption), .markup(picture),
        element("details", class: "data", [element("summary", text: "Data as a table")] + tables),
      ])
  }

  /// The chart as wide as the page and as wide as a telephone; the style sheet of the charts shows one of them.
  private func alone(_ figure: Figure, _ id: String) -> String {
    "<div class=\"wide\">\n\(figure.chart.svg(id: id, width: 900))</div>\n"
      + "<div class=\"narrow\">\n\(figure.chart.svg(id: id + "-narrow", width: 360))</div>\n"
  }

  /// A chart beside another one, or as wide as a telephone.
  private static let widthAmongOthers = 420.0

  private func spans(_ line: Line) -> [HTMLNode] { HTMLTable.spans(line) }
}
