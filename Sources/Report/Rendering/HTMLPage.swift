internal import Charts
internal import Words

/// The page around the sections.
enum HTMLPage {
  static func text(_ heading: ReportHeading, _ sections: [Section]) -> String {
    HTMLDocument(
      title: "\(heading.title): \(heading.kind)", styles: StyleSheet.css + PageStyle.css,
      body: [skipLink(sections), navigation(sections), main(heading, sections)]
    ).text
  }

  private static func skipLink(_ sections: [Section]) -> HTMLNode {
    element("a", [("class", "skip"), ("href", "#\(sections.first?.id ?? "")")], [.text("Skip to the answer")])
  }

  private static func navigation(_ sections: [Section]) -> HTMLNode {
    element(
      "nav", [("aria-label", "Contents")],
      [
        element(
          "ol", [],
          sections.map { section in
            element("li", [], [element("a", [("href", "#\(section.id)")], [.text(section.title)])])
          })
      ])
  }

  private static func main(_ heading: ReportHeading, _ sections: [Section]) -> HTMLNode {
    var top: [HTMLNode] = [element("p", class: "kind", text: heading.kind), element("h1", text: heading.title)]
    if !heading.question.isEmpty { top.append(element("p", class: "question", text: heading.question)) }
    top.append(element("ul", class: "facts", heading.facts.map { element("li", text: $0) }))
    return element("main", [], [element("header", [], top)] + HTMLRenderer.nodes(sections))
  }
}
