import Foundation

/// A page of Markdown as far as links are concerned: what it links to, and where it can be linked to.
struct MarkdownPage {
  /// The targets of its links and pictures, each with the number of its line.
  let links: [(line: Int, target: String)]
  /// The anchors that GitHub makes of its headings, and those that it states.
  let anchors: Set<String>

  /// Reads a page; what is code names no links and no headings.
  init(_ text: String) {
    var links: [(Int, String)] = []
    var anchors: Set<String> = []
    var fence: Substring?
    for (index, line) in text.components(separatedBy: "\n").enumerated() {
      if let mark = line.prefixMatch(of: /\s*(```+|~~~+)/)?.1 {
        if fence == nil { fence = mark } else if fence == mark { fence = nil }
        continue
      }
      guard fence == nil else { continue }
      if let heading = line.wholeMatch(of: /#{1,6} (.*?)\s*#*/)?.1 {
        anchors.insert(Self.unused(Self.anchor(String(heading)), in: anchors))
      }
      let prose = line.replacing(/`+[^`]*`+/) { _ in "code" }
      anchors.formUnion(prose.matches(of: /<a (?:id|name)="([^"]+)"/).map { String($0.1) })
      links += prose.matches(of: /\]\(<?([^)\s>]+)>?(?: "[^"]*")?\)/).map { (index + 1, String($0.1)) }
    }
    self.links = links
    self.anchors = anchors
  }

  /// GitHub's anchor of a heading: lower case, blanks as hyphens, no punctuation but `-` and `_`.
  private static func anchor(_ heading: String) -> String {
    let shown = heading.replacing(/\[([^\]]*)\]\([^)]*\)/) { $0.1 }
    return String(
      shown.lowercased().compactMap { character in
        if character == " " { return "-" }
        return character.isLetter || character.isNumber || character == "-" || character == "_" ? character : nil
      })
  }

  /// A heading that a page has twice gets a number.
  private static func unused(_ anchor: String, in anchors: Set<String>) -> String {
    guard anchors.contains(anchor) else { return anchor }
    return (1...).lazy.map { "\(anchor)-\($0)" }.first { !anchors.contains($0) } ?? anchor
  }
}
