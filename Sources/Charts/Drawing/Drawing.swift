internal import Words

/// The content of a drawing, one element a line. All text is escaped here and nowhere else; names of classes and
/// other attributes are this module's own.
struct Drawing {
  enum Anchor: String { case start, middle, end }

  private(set) var markup = ""

  mutating func line(_ x1: Double, _ y1: Double, _ x2: Double, _ y2: Double, _ style: String, extra: String = "") {
    let ends =
      "x1=\"\(coordinate(x1))\" y1=\"\(coordinate(y1))\" x2=\"\(coordinate(x2))\" y2=\"\(coordinate(y2))\""
    append("line", "class=\"\(style)\" \(ends)\(extra)")
  }

  mutating func rectangle(
    x: Double, y: Double, width: Double, height: Double, _ style: String, extra: String = "", hover: String? = nil
  ) {
    let size = "width=\"\(coordinate(max(0, width)))\" height=\"\(coordinate(max(0, height)))\""
    append("rect", "class=\"\(style)\" x=\"\(coordinate(x))\" y=\"\(coordinate(y))\" \(size)\(extra)", hover: hover)
  }

  mutating func path(_ data: String, _ style: String, extra: String = "", hover: String? = nil) {
    append("path", "class=\"\(style)\" d=\"\(data)\"\(extra)", hover: hover)
  }

  /// A line of text; `full` is what it was before it was shortened, and becomes hover text.
  mutating func text(
    _ text: String, x: Double, y: Double, anchor: Anchor = .start, _ style: String = "", extra: String = "",
    full: String? = nil
  ) {
    guard !text.isEmpty else { return }
    let kind = style.isEmpty ? "" : "class=\"\(style)\" "
    let side = anchor == .start ? "" : " text-anchor=\"\(anchor.rawValue)\""
    let content = text.inXML + (full.map { $0 == text ? "" : Drawing.hoverText($0) } ?? "")
    markup += "<text \(kind)x=\"\(coordinate(x))\" y=\"\(coordinate(y))\"\(side)\(extra)>\(content)</text>\n"
  }

  /// Elements inside an element, such as a group with a class.
  mutating func nest(_ name: String, _ attributes: String, _ content: (inout Drawing) -> Void) {
    var inner = Drawing()
    content(&inner)
    guard !inner.markup.isEmpty else { return }
    markup += "<\(name) \(attributes)>\n\(inner.markup)</\(name)>\n"
  }

  private mutating func append(_ name: String, _ attributes: String, hover: String? = nil) {
    markup += "<\(name) \(attributes)"
    markup += hover.map { ">\(Drawing.hoverText($0))</\(name)>\n" } ?? "/>\n"
  }

  private static func hoverText(_ text: String) -> String {
    "<title>\(String(text.prefix(400)).inXML)</title>"
  }
}

/// The `d` of a path through places; a nil starts a new stretch.
func pathData(_ places: [(x: Double, y: Double)?]) -> String {
  var data = ""
  var isDrawing = false
  for place in places {
    guard let place else {
      isDrawing = false
      continue
    }
    data += "\(isDrawing ? "L" : "M")\(coordinate(place.x)) \(coordinate(place.y))"
    isDrawing = true
  }
  return data
}
