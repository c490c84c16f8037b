internal import Charts

/// The page around the sections.
enum HTMLPage {
  /// What the page may load: nothing. Styles stand in it.
  private static let policy = "default-src 'none'; style-src 'unsafe-inline'; base-uri 'none'; form-action 'none'"

  static func text(_ heading: ReportHeading, _ sections: [Section]) -> String {
    var page = "<!DOCTYPE html>\n"
    element(
      "html", [("lang", "en")],
      [head(heading), element("body", [], [skipLink(sections), navigation(sections), main(heading, sections)])]
    ).write(to: &page)
    return page + "\n"
  }

  private static func head(_ heading: ReportHeading) -> HTMLNode {
    element(
      "head", [],
      [
        element("meta", [("charset", "utf-8")], []),
        element("meta", [("http-equiv", "Content-Security-Policy"), ("content", policy)], []),
        element("meta", [("name", "viewport"), ("content", "width=device-width, initial-scale=1")], []),
        element("meta", [("name", "color-scheme"), ("content", "light dark")], []),
        element("title", text: "\(heading.title): \(heading.kind)"),
        element("style", [], [.markup("\n" + StyleSheet.css + PageStyle.css)]),
      ])
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
