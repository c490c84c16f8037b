public import Model

/// The statements of a text that makes or removes tables.
extension ScriptSettings.Source {
  /// One after the other, with where each begins.
  ///
  /// - Parameter store: whose SQL it is.
  public func statements(store: String) -> [(text: String, place: ScriptPlace)] {
    let fragment = Fragment(source: name, text: text)
    var lexer = SQLLexer(fragment, Dialect(store: store))
    var found: [(text: String, place: ScriptPlace)] = []
    var end = StatementEnd()
    var first: Int?
    var last = 0
    while let token = lexer.next() {
      if token.kind == .space || token.kind == .lineComment { continue }
      if token.kind == .semicolon && end.isPossible {
        if let first { found.append((fragment.text(first..<last), fragment.place(first))) }
        first = nil
        end = StatementEnd()
        continue
      }
      first = first ?? token.range.lowerBound
      last = token.range.upperBound
      end.pass(token, fragment)
    }
    if let first { found.append((fragment.text(first..<last), fragment.place(first))) }
    return found
  }
}

/// Whether a semicolon ends a statement: not inside parentheses, nor inside the body of a routine.
private struct StatementEnd {
  private var words: [String] = []
  private var parentheses = 0
  private var blocks = 0
  /// The last word was `END`.
  private var hasJustEnded = false

  var isPossible: Bool { parentheses == 0 && blocks == 0 }

  private static let routines: Set = ["FUNCTION", "PROCEDURE", "TRIGGER", "EVENT"]

  mutating func pass(_ token: SQLToken, _ fragment: Fragment) {
    switch token.kind {
    case .open: parentheses += 1
    case .close: parentheses = max(0, parentheses - 1)
    case .word: pass(fragment.text(token.range).uppercased())
    default: break
    }
  }

  private mutating func pass(_ word: String) {
    let follows = hasJustEnded
    hasJustEnded = false
    if words.count < 6 { words.append(word) }
    guard words.first == "CREATE", words.contains(where: Self.routines.contains) else { return }
    switch word {
    case "BEGIN": blocks += 1
    case "CASE" where follows: break
    case "CASE" where blocks > 0: blocks += 1
    // `END IF` and its like end what was not counted.
    case "IF" where follows, "LOOP" where follows, "WHILE" where follows, "REPEAT" where follows, "FOR" where follows:
      blocks += 1
    case "END" where blocks > 0:
      blocks -= 1
      hasJustEnded = true
    default: break
    }
  }
}
