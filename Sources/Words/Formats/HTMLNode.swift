/// An HTML tree. Names are literals of this program; text and values of attributes are always escaped. What comes out
/// is well-formed XML, too.
public indirect enum HTMLNode {
  /// Name, attributes and content.
  case element(StaticString, [(name: StaticString, value: String)], [HTMLNode])
  /// Text as it is to be read.
  case text(String)
  /// Markup that another part of this program made and escaped: charts and the style sheet.
  case markup(String)

  /// The elements that have no content and no end tag.
  private static let void: Set<String> = ["meta", "br", "hr", "col", "wbr"]

  /// Appends the markup.
  public func write(to page: inout String) {
    switch self {
    case .text(let text): page += text.inXML
    case .markup(let markup): page += markup
    case .element(let name, let attributes, let children):
      page += "<\(name)"
      for attribute in attributes { page += " \(attribute.name)=\"\(attribute.value.inXML)\"" }
      guard !Self.void.contains("\(name)") else { return page += "/>" }
      page += ">"
      for child in children { child.write(to: &page) }
      page += "</\(name)>"
      if Self.endsLine.contains("\(name)") { page += "\n" }
    }
  }

  /// Elements after which a line ends, so that people can read and compare the source.
  private static let endsLine: Set<String> = [
    "title", "style", "head", "header", "nav", "main", "section", "footer", "p", "li", "ul", "ol", "h1", "h2", "h3",
    "tr", "thead", "tbody", "table", "figure", "figcaption", "pre", "details", "summary", "div", "dl",
  ]
}

/// An element with text or other elements in it.
public func element(
  _ name: StaticString, _ attributes: [(name: StaticString, value: String)] = [], _ children: [HTMLNode]
) -> HTMLNode { HTMLNode.element(name, attributes, children) }

/// An element of a class.
public func element(_ name: StaticString, class style: String, _ children: [HTMLNode]) -> HTMLNode {
  HTMLNode.element(name, [(name: "class", value: style)], children)
}

/// An element that holds nothing but text.
public func element(_ name: StaticString, class style: String? = nil, text: String) -> HTMLNode {
  guard let style else { return .element(name, [], [.text(text)]) }
  return element(name, class: style, [.text(text)])
}
