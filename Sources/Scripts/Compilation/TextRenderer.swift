/// Puts definitions into the texts that pgbench does not run: those of setup, teardown and checks.
struct TextRenderer {
  private let dialect: Dialect
  private let values: [String: String]

  init(_ dialect: Dialect, _ definitions: [String: String]) {
    self.dialect = dialect
    values = ["scale": "1"].merging(definitions) { $1 }
  }

  /// A text with the values of `:name` where it is a definition and stands outside of quotes.
  ///
  /// - Parameter isPlaced: whether blank lines and blanks come before it, so that lines and columns of its beginning are
  ///   those of the file.
  func render(_ fragment: Fragment, isPlaced: Bool, _ problems: inout Problems) -> String {
    var lexer = SQLLexer(fragment, dialect)
    var text = ""
    if isPlaced {
      let place = fragment.place(0)
      text = String(repeating: "\n", count: place.line - 1) + String(repeating: " ", count: place.column - 1)
    }
    while let token = lexer.next() {
      let part = fragment.text(token.range)
      switch token.kind {
      case .variable: text += values[String(part.dropFirst())] ?? part
      case .backslash:
        problems.add(
          fragment.place(token.range.lowerBound), "commands that begin with '\\' cannot be used here, only SQL")
      default: text += part
      }
    }
    if let (offset, what) = lexer.unterminated { problems.add(fragment.place(offset), "nothing ends this \(what)") }
    return text
  }

  /// One query without a semicolon at its end; nil after saying why it is none.
  func query(_ fragment: Fragment, _ problems: inout Problems) -> String? {
    var lexer = SQLLexer(fragment, dialect)
    var end: Int?
    var hasContent = false
    while let token = lexer.next() {
      switch token.kind {
      case .semicolon: end = end ?? token.range.lowerBound
      case .space, .lineComment, .blockComment: break
      default:
        if end != nil {
          problems.add(fragment.place(token.range.lowerBound), "a check is one query")
          return nil
        }
        hasContent = true
      }
    }
    guard hasContent else {
      problems.add(fragment.place(0), "a query is missing")
      return nil
    }
    return render(fragment.part(fragment.trimmed(0..<(end ?? fragment.bytes.count))), isPlaced: false, &problems)
  }
}
