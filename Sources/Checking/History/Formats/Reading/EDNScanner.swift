/// Reads the forms of an EDN file one by one. Commas are blanks, `;` begins a comment, `#_` leaves out a form, and a tag
/// says nothing that a history needs.
struct EDNScanner {
  /// Forms within forms, at most: a file of nothing but brackets must not exhaust the stack.
  private static let maximumDepth = 64
  private var text: ByteScanner
  private var depth = 0

  init(_ bytes: UnsafeBufferPointer<UInt8>) { text = ByteScanner(bytes) }

  var line: Int { text.line }

  func problem(_ message: String) -> HistoryProblem { text.problem(message) }

  /// Goes to what comes next; false at the end of the file.
  mutating func skipBlanks() -> Bool {
    while let byte = text.next {
      if byte <= 0x20 || byte == UInt8(ascii: ",") {
        text.advance()
      } else if byte == UInt8(ascii: ";") {
        while let next = text.next, next != UInt8(ascii: "\n") { text.advance() }
      } else {
        return true
      }
    }
    return false
  }

  /// Opens the vector or list around all events, if there is one; returns what closes it.
  mutating func openAll() -> Unicode.Scalar? {
    guard skipBlanks() else { return nil }
    if text.skip("[") { return "]" }
    return text.skip("(") ? ")" : nil
  }

  /// Reads a character if it comes next.
  mutating func skip(_ character: Unicode.Scalar) -> Bool { text.skip(character) }

  /// The next form.
  mutating func form() throws(HistoryProblem) -> EDNForm {
    guard skipBlanks(), let byte = text.next else { throw problem("the file ends in the middle of a form") }
    switch byte {
    case UInt8(ascii: "{"): return try map()
    case UInt8(ascii: "["): return .sequence(try forms(until: "]"))
    case UInt8(ascii: "("): return .sequence(try forms(until: ")"))
    case UInt8(ascii: "\""): return .string(try text.string(overLines: true))
    case UInt8(ascii: "#"): return try dispatched()
    case UInt8(ascii: ":"):
      text.advance()
      return .word(try symbol())
    case UInt8(ascii: "0")...UInt8(ascii: "9"): return try number()
    case UInt8(ascii: "-"), UInt8(ascii: "+"): return try number()
    default: break
    }
    let word = try symbol()
    switch word {
    case "nil": return .none
    case "true", "false": return .boolean(word == "true")
    default: return .word(word)
    }
  }

  private mutating func number() throws(HistoryProblem) -> EDNForm {
    _ = text.skip("+")
    let value = try text.integer()
    // As Clojure marks big ones.
    _ = text.skip("N")
    return .integer(value)
  }

  private mutating func symbol() throws(HistoryProblem) -> String {
    let word = text.word { byte in
      byte > 0x20 && byte != UInt8(ascii: ",") && byte != UInt8(ascii: ";") && !"()[]{}\"".utf8.contains(byte)
    }
    if word.isEmpty { throw problem("a value is expected, not \(text.nextInWords)") }
    return word
  }

  /// What stands behind `#`: a set, a form to leave out, or a tag and its form.
  private mutating func dispatched() throws(HistoryProblem) -> EDNForm {
    text.advance()
    if text.next == UInt8(ascii: "{") { return .sequence(try forms(until: "}")) }
    if text.skip("_") {
      _ = try nested()
      return try nested()
    }
    _ = try symbol()
    return try nested()
  }

  private mutating func map() throws(HistoryProblem) -> EDNForm {
    let opening = line
    let elements = try forms(until: "}")
    guard elements.count % 2 == 0 else {
      throw HistoryProblem(line: opening, "the map has a key without a value")
    }
    return .map(stride(from: 0, to: elements.count, by: 2).map { (elements[$0], elements[$0 + 1]) })
  }

  private mutating func forms(until closing: Unicode.Scalar) throws(HistoryProblem) -> [EDNForm] {
    let opening = line
    text.advance()
    var elements: [EDNForm] = []
    while skipBlanks() {
      if text.skip(closing) { return elements }
      elements.append(try nested())
    }
    throw HistoryProblem(line: opening, "the form that begins here has no closing '\(closing)'")
  }

  private mutating func nested() throws(HistoryProblem) -> EDNForm {
    depth += 1
    defer { depth -= 1 }
    if depth > Self.maximumDepth { throw problem("forms are nested more than \(Self.maximumDepth) deep") }
    return try form()
  }
}
