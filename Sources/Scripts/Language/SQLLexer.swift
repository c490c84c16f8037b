/// What a store's SQL reads otherwise than PostgreSQL's.
struct Dialect {
  /// A backslash in a text hides what follows.
  let hasBackslashEscapes: Bool
  /// Names may stand in backticks.
  let hasBackticks: Bool
  /// Texts may stand between `$tag$`.
  let hasDollarQuotes: Bool

  init(store: String) {
    hasBackslashEscapes = store == "mariadb"
    hasBackticks = store != "postgres"
    hasDollarQuotes = store == "postgres"
  }
}

/// A piece of SQL as far as it matters where statements end and where variables stand.
struct SQLToken {
  enum Kind: Equatable {
    case space
    /// Up to the end of its line.
    case lineComment
    case blockComment
    /// A keyword or a name.
    case word
    /// A text or a name in quotes of any kind.
    case quoted
    /// `:name`.
    case variable
    case semicolon
    case open
    case close
    /// The `\` of a command.
    case backslash
    /// `\;`: a semicolon that ends no statement.
    case joint
    case other
  }

  let kind: Kind
  let range: Range<Int>
}

/// Splits SQL into tokens, by the rules of psql.
struct SQLLexer {
  let fragment: Fragment
  let dialect: Dialect
  /// The next byte.
  var position: Int
  /// A quote or comment that nothing ends: where it begins, and what it is.
  private(set) var unterminated: (offset: Int, what: String)?

  init(_ fragment: Fragment, _ dialect: Dialect, from position: Int = 0) {
    self.fragment = fragment
    self.dialect = dialect
    self.position = position
  }

  /// The next token; nil at the end.
  mutating func next() -> SQLToken? {
    guard let byte = fragment[position] else { return nil }
    let start = position
    let kind = kind(byte)
    return SQLToken(kind: kind, range: start..<position)
  }

  private mutating func kind(_ byte: UInt8) -> SQLToken.Kind {
    switch byte {
    case _ where byte.isSpace:
      skip { $0.isSpace }
      return .space
    case UInt8(ascii: "-") where fragment[position + 1] == byte:
      skip { $0 != .newline }
      return .lineComment
    case UInt8(ascii: "/") where fragment[position + 1] == UInt8(ascii: "*"):
      blockComment()
      return .blockComment
    case UInt8(ascii: "'"), UInt8(ascii: "\""):
      quoted(byte, escapes: dialect.hasBackslashEscapes)
      return .quoted
    case UInt8(ascii: "`") where dialect.hasBackticks:
      quoted(byte, escapes: false)
      return .quoted
    case UInt8(ascii: "$") where dialect.hasDollarQuotes: return dollar()
    case UInt8(ascii: ";"): return single(.semicolon)
    case UInt8(ascii: "("): return single(.open)
    case UInt8(ascii: ")"): return single(.close)
    case UInt8(ascii: ":"): return colon()
    case UInt8(ascii: "\\"): return backslash()
    case _ where byte.isLetter: return word()
    case _ where byte.isDigit:
      skip { $0.isNamePart || $0 == UInt8(ascii: ".") }
      return .other
    default: return single(.other)
    }
  }

  private mutating func single(_ kind: SQLToken.Kind) -> SQLToken.Kind {
    position += 1
    return kind
  }

  private mutating func skip(_ belongs: (UInt8) -> Bool) {
    while let byte = fragment[position], belongs(byte) { position += 1 }
  }

  private mutating func word() -> SQLToken.Kind {
    let start = position
    skip { $0.isNamePart || $0 == UInt8(ascii: "$") }
    guard fragment[position] == UInt8(ascii: "'"), position - start == 1, fragment.bytes[start] & 0xDF == 0x45 else {
      return .word
    }
    quoted(UInt8(ascii: "'"), escapes: true)
    return .quoted
  }

  /// `::` is a cast, and what follows it is a type.
  private mutating func colon() -> SQLToken.Kind {
    guard let name = SQLLexer.variableName(in: fragment, at: position, before: fragment.bytes.count) else {
      skip { $0 == UInt8(ascii: ":") }
      return .other
    }
    position = name.upperBound
    return .variable
  }

  private mutating func backslash() -> SQLToken.Kind {
    switch fragment[position + 1] {
    case UInt8(ascii: ";"):
      position += 2
      return .joint
    case UInt8(ascii: ":"):
      position += 2
      return .other
    default: return single(.backslash)
    }
  }

  private mutating func quoted(_ quote: UInt8, escapes: Bool) {
    let start = position
    position += 1
    while let byte = fragment[position] {
      position += 1
      if escapes && byte == UInt8(ascii: "\\") {
        position += 1
      } else if byte == quote {
        guard fragment[position] == quote else { return }
        position += 1
      }
    }
    end(start, "quoted text")
  }

  private mutating func dollar() -> SQLToken.Kind {
    var end = position + 1
    while let byte = fragment[end], byte.isNamePart, end > position + 1 || !byte.isDigit { end += 1 }
    guard fragment[end] == UInt8(ascii: "$") else { return single(.other) }
    let start = position
    let tag = fragment.bytes[position...end]
    position = end + 1
    while position + tag.count <= fragment.bytes.count {
      if fragment.bytes[position..<position + tag.count].elementsEqual(tag) {
        position += tag.count
        return .quoted
      }
      position += 1
    }
    self.end(start, "text in dollar quotes")
    return .quoted
  }

  private mutating func blockComment() {
    let start = position
    var depth = 0
    while let byte = fragment[position] {
      let next = fragment[position + 1]
      if byte == UInt8(ascii: "/"), next == UInt8(ascii: "*") {
        depth += 1
        position += 2
      } else if byte == UInt8(ascii: "*"), next == UInt8(ascii: "/") {
        depth -= 1
        position += 2
        if depth == 0 { return }
      } else {
        position += 1
      }
    }
    end(start, "comment")
  }

  private mutating func end(_ start: Int, _ what: String) {
    position = fragment.bytes.count
    unterminated = (start, what)
  }

  /// The range of `:name` that begins with a colon; nil when no name follows.
  static func variableName(in fragment: Fragment, at colon: Int, before end: Int) -> Range<Int>? {
    var last = colon + 1
    guard last < end, let first = fragment[last], first.isLetter else { return nil }
    while last < end, let byte = fragment[last], byte.isNamePart { last += 1 }
    return colon..<last
  }
}
