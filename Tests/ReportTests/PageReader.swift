import Foundation
import FoundationXML

/// A page taken apart by an XML parser.
final class PageReader: NSObject, XMLParserDelegate {
  struct Element {
    let name: String
    let attributes: [String: String]
    let depth: Int
    var text = ""
  }
  struct Malformed: Error { let message: String }

  /// All elements, in the order of their start tags.
  private(set) var elements: [Element] = []
  private var open: [Int] = []

  init(_ page: String) throws {
    super.init()
    let parser = XMLParser(data: Data(page.utf8))
    parser.delegate = self
    guard parser.parse() else {
      throw Malformed(message: "line \(parser.lineNumber): \(parser.parserError.map { "\($0)" } ?? "?")")
    }
  }

  /// Elements inside another one.
  func descendants(of index: Int) -> ArraySlice<Element> {
    let end = elements[(index + 1)...].firstIndex { $0.depth <= elements[index].depth } ?? elements.endIndex
    return elements[(index + 1)..<end]
  }

  /// Ids of the sections.
  var sections: [String] { elements.filter { $0.name == "section" }.compactMap { $0.attributes["id"] } }

  func parser(
    _ parser: XMLParser, didStartElement name: String, namespaceURI: String?, qualifiedName: String?,
    attributes: [String: String]
  ) {
    open.append(elements.count)
    elements.append(Element(name: name, attributes: attributes, depth: open.count))
  }

  func parser(
    _ parser: XMLParser, didEndElement name: String, namespaceURI: String?, qualifiedName: String?
  ) { open.removeLast() }

  func parser(_ parser: XMLParser, foundCharacters text: String) {
    if let last = open.last { elements[last].text += text }
  }
}
