/// A statement as it stands in a script.
struct ReadStatement {
  /// A part of its text.
  enum Segment {
    case text(String)
    /// `:name`, and where; a quoted one stands in a text or a name in quotes.
    case variable(String, ScriptPlace, isQuoted: Bool)
  }

  /// A word outside of quotes.
  struct Word {
    /// In capitals.
    let text: String
    /// How many parentheses are open.
    let depth: Int
    /// Whether it is the first behind an opening parenthesis.
    let opensGroup: Bool
  }

  /// Where a line of the text begins.
  struct Origin {
    /// First character of ``ScriptStatement/text`` that stands there.
    let character: Int
    let line: Int
    let column: Int
  }

  var segments: [Segment] = []
  /// The words of each of the statements that go out as one.
  var parts: [[Word]] = [[]]
  var origins: [Origin] = []
  var capture = ScriptStatement.Capture.none
  let place: ScriptPlace

  /// Every word, for a guess at the names of its columns.
  var words: Set<String> { Set(parts.joined().map(\.text)) }
}

/// Reads one statement.
struct StatementReader {
  /// What comes behind it.
  enum End: Equatable {
    case semicolon
    /// A command, whose backslash is the next byte.
    case command
    case end
    /// A line of annotations, before anything of a statement.
    case annotation
  }

  private(set) var lexer: SQLLexer
  private var statement: ReadStatement
  private var text: [UInt8] = []
  private var characters = 0
  private var depth = 0
  private var opensGroup = false
  private var hasContent = false
  /// Colons before a quote.
  private var quotedVariables: [Int] = []

  init(_ fragment: Fragment, _ dialect: Dialect, from position: Int) {
    lexer = SQLLexer(fragment, dialect, from: position)
    statement = ReadStatement(place: fragment.place(position))
  }

  /// Reads up to its end; nil when there is nothing but comments.
  mutating func read(_ problems: inout Problems) -> (statement: ReadStatement?, end: End) {
    noteOrigin(lexer.position)
    while let token = lexer.next() {
      switch token.kind {
      case .semicolon where depth == 0: return (finished(&problems), .semicolon)
      case .backslash:
        lexer.position = token.range.lowerBound
        return (finished(&problems), .command)
      case .lineComment where Annotation.begins(lexer.fragment, at: token.range.lowerBound):
        if !hasContent {
          lexer.position = token.range.lowerBound
          return (nil, .annotation)
        }
        problems.add(
          lexer.fragment.place(token.range.lowerBound),
          "an annotation inside a statement would be sent to the server; put it behind the semicolon")
      default: take(token)
      }
    }
    if let (offset, what) = lexer.unterminated {
      problems.add(lexer.fragment.place(offset), "nothing ends this \(what)")
    }
    return (finished(&problems), .end)
  }

  private mutating func take(_ token: SQLToken) {
    switch token.kind {
    case .space, .lineComment, .blockComment: break
    case .joint:
      statement.parts.append([])
      depth = 0
    case .open:
      depth += 1
      opensGroup = true
    case .close: depth = max(0, depth - 1)
    case .other where isQuotedVariable(token): quotedVariables.append(token.range.lowerBound)
    case .word:
      let word = lexer.fragment.text(token.range).uppercased()
      statement.parts[statement.parts.count - 1].append(
        ReadStatement.Word(text: word, depth: depth, opensGroup: opensGroup))
    default: break
    }
    if ![.space, .lineComment, .blockComment, .open].contains(token.kind) { opensGroup = false }
    if ![.space, .lineComment, .blockComment, .joint].contains(token.kind) { hasContent = true }
    copy(token)
  }

  private func isQuotedVariable(_ token: SQLToken) -> Bool {
    guard token.range.count == 1, lexer.fragment[token.range.lowerBound] == UInt8(ascii: ":") else { return false }
    let next = lexer.fragment[token.range.upperBound]
    return next == UInt8(ascii: "'") || next == UInt8(ascii: "\"")
  }

  private mutating func copy(_ token: SQLToken) {
    switch token.kind {
    case .variable: variable(token.range, isQuoted: false)
    case .quoted: quoted(token.range)
    case .joint:
      append(UInt8(ascii: ";"))
      noteOrigin(token.range.upperBound)
    // `\:` is a colon that begins no variable.
    case .other where lexer.fragment[token.range.lowerBound] == UInt8(ascii: "\\"):
      append(UInt8(ascii: ":"))
      noteOrigin(token.range.upperBound)
    default: copy(token.range)
    }
  }

  private mutating func copy(_ range: Range<Int>) {
    for offset in range {
      let byte = lexer.fragment.bytes[offset]
      append(byte)
      if byte == .newline { noteOrigin(offset + 1) }
    }
  }

  /// Variables are looked for inside of quotes, too; what follows two colons is none.
  private mutating func quoted(_ range: Range<Int>) {
    var offset = range.lowerBound
    while offset < range.upperBound {
      var end = offset
      while end < range.upperBound, lexer.fragment[end] == UInt8(ascii: ":") { end += 1 }
      if end == offset + 1,
        let name = SQLLexer.variableName(in: lexer.fragment, at: offset, before: range.upperBound)
      {
        variable(name, isQuoted: true)
        offset = name.upperBound
      } else {
        end = max(end, offset + 1)
        copy(offset..<end)
        offset = end
      }
    }
  }

  private mutating func append(_ byte: UInt8) {
    text.append(byte)
    if !byte.isContinuation { characters += 1 }
  }

  private mutating func variable(_ range: Range<Int>, isQuoted: Bool) {
    endText()
    statement.segments.append(
      .variable(
        lexer.fragment.text(range.lowerBound + 1..<range.upperBound), lexer.fragment.place(range.lowerBound),
        isQuoted: isQuoted))
    characters += lexer.fragment.bytes[range].count { !$0.isContinuation }
  }

  private mutating func endText() {
    if !text.isEmpty { statement.segments.append(.text(String(decoding: text, as: UTF8.self))) }
    text.removeAll()
  }

  private mutating func noteOrigin(_ offset: Int) {
    let place = lexer.fragment.place(offset)
    statement.origins.append(ReadStatement.Origin(character: characters, line: place.line, column: place.column))
  }

  private mutating func finished(_ problems: inout Problems) -> ReadStatement? {
    for offset in quotedVariables {
      problems.add(
        lexer.fragment.place(offset),
        "psql's quoted variables are not known to pgbench; a parameter needs no quotes: write :name")
    }
    while let last = text.last, last.isSpace { text.removeLast() }
    endText()
    return hasContent ? statement : nil
  }
}
