/// A self-contained page: it loads nothing, needs no script and is well-formed XML, too.
public struct HTMLDocument {
  /// What the page may load: nothing. Styles stand in it.
  private static let policy = "default-src 'none'; style-src 'unsafe-inline'; base-uri 'none'; form-action 'none'"

  private let title: String
  private let styles: String
  private let body: [HTMLNode]

  /// Makes a page.
  ///
  /// - Parameters:
  ///   - title: shown by whatever shows the page.
  ///   - styles: CSS, as it is.
  ///   - body: what the page shows.
  public init(title: String, styles: String, body: [HTMLNode]) {
    self.title = title
    self.styles = styles
    self.body = body
  }

  /// The page as text, with a line feed at its end.
  public var text: String {
    var page = "<!DOCTYPE html>\n"
    element("html", [("lang", "en")], [head, element("body", [], body)]).write(to: &page)
    return page + "\n"
  }

  private var head: HTMLNode {
    element(
      "head", [],
      [
        element("meta", [("charset", "utf-8")], []),
        element("meta", [("http-equiv", "Content-Security-Policy"), ("content", Self.policy)], []),
        element("meta", [("name", "viewport"), ("content", "width=device-width, initial-scale=1")], []),
        element("meta", [("name", "color-scheme"), ("content", "light dark")], []),
        element("title", text: title),
        element("style", [], [.markup("\n" + styles)]),
      ])
  }
}
