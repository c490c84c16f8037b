/// Reads a script from its first line to its last, and goes on behind what is wrong.
struct ScriptReader {
  private let fragment: Fragment
  private let dialect: Dialect
  private var position = 0
  private var script: ReadScript
  private var problems: Problems

  /// Reads a script.
  static func read(_ source: String, _ text: String, _ dialect: Dialect, _ problems: inout Problems) -> ReadScript {
    var reader = ScriptReader(Fragment(source: source, text: text), dialect, problems)
    reader.readAll()
    problems = reader.problems
    return reader.script
  }

  /// Reads the statements of an annotation: what captures may follow them, and nothing else.
  static func statements(
    _ fragment: Fragment, _ dialect: Dialect, _ problems: inout Problems
  ) -> [ReadStatement] {
    var reader = ScriptReader(fragment, dialect, problems)
    reader.readAll()
    problems = reader.problems
    return reader.script.items.compactMap { item in
      switch item {
      case .statement(let statement, _): return statement
      case .command(let name, _, let place): problems.add(place, "\\\(name) cannot stand in an annotation")
      case .hold, .enter, .leave: break
      }
      return nil
    }
  }

  private init(_ fragment: Fragment, _ dialect: Dialect, _ problems: Problems) {
    self.fragment = fragment
    self.dialect = dialect
    self.problems = problems
    script = ReadScript(source: fragment.source)
  }

  private mutating func readAll() {
    while let byte = fragment[position] {
      if byte.isSpace {
        position += 1
      } else if Annotation.begins(fragment, at: position) {
        readAnnotation()
      } else if byte == UInt8(ascii: "-"), fragment[position + 1] == byte {
        position = endOfLine(position)
      } else if byte == UInt8(ascii: "\\") {
        readCommand()
      } else {
        readStatement()
      }
    }
  }

  private func endOfLine(_ start: Int) -> Int {
    var end = start
    while let byte = fragment[end], byte != .newline { end += 1 }
    return end
  }

  private mutating func readStatement() {
    var reader = StatementReader(fragment, dialect, from: position)
    let (statement, _) = reader.read(&problems)
    position = reader.lexer.position
    if let statement { script.items.append(.statement(statement, ReadScript.Alternatives())) }
  }

  // MARK: commands

  /// Reads a command with its arguments: the rest of its line, and of the next one where a backslash ends it.
  private mutating func readCommand() {
    let start = position
    var end = start + 1
    while let byte = fragment[end], !byte.isSpace, byte != UInt8(ascii: "\\") { end += 1 }
    let name = fragment.text(start + 1..<end).lowercased()
    let arguments = end
    while let byte = fragment[end] {
      if byte == .newline, !isContinued(end) { break }
      end += 1
    }
    position = end
    let place = fragment.place(start)
    let rest = fragment.part(fragment.trimmed(arguments..<end))
    if name == "gset" || name == "aset" {
      capture(name, rest, place)
    } else {
      script.items.append(.command(name: name, arguments: rest, place))
    }
  }

  private func isContinued(_ newline: Int) -> Bool {
    let last = fragment[newline - 1] == UInt8(ascii: "\r") ? newline - 2 : newline - 1
    return fragment[last] == UInt8(ascii: "\\")
  }

  private mutating func capture(_ name: String, _ arguments: Fragment, _ place: ScriptPlace) {
    guard case .statement(var statement, let alternatives) = script.items.last, statement.capture == .none else {
      return problems.add(place, "\\\(name) must follow a statement")
    }
    let words = arguments.words
    if words.count > 1 { return problems.add(arguments.place(words[1].lowerBound), "\\\(name) takes one prefix") }
    let prefix = words.first.map(arguments.text) ?? ""
    statement.capture = name == "gset" ? .row(prefix: prefix) : .anyRow(prefix: prefix)
    script.items[script.items.count - 1] = .statement(statement, alternatives)
  }

  // MARK: annotations

  /// Reads a line of annotations with those that continue it.
  private mutating func readAnnotation() {
    let place = fragment.place(position)
    if Annotation.continues(fragment, at: position) {
      problems.add(place, "'--@|' continues an annotation, and there is none on the line before")
      position = endOfLine(position)
      return
    }
    var bytes: [UInt8] = []
    var anchors: [Fragment.Anchor] = []
    repeat {
      let start = position + (anchors.isEmpty ? 3 : 4)
      let end = endOfLine(position)
      let first = fragment.place(start)
      if !anchors.isEmpty { bytes.append(.newline) }
      anchors.append(Fragment.Anchor(offset: bytes.count, line: first.line, column: first.column))
      bytes += fragment.bytes[min(start, end)..<end]
      position = end
    } while moveToContinuation()
    let text = Fragment(source: fragment.source, bytes: bytes, anchors: anchors)
    Annotation.read(text, at: place, dialect, into: &script, &problems)
  }

  private mutating func moveToContinuation() -> Bool {
    guard fragment[position] != nil else { return false }
    var next = position + 1
    while let byte = fragment[next], byte.isSpace, byte != .newline { next += 1 }
    guard Annotation.continues(fragment, at: next) else { return false }
    position = next
    return true
  }
}

extension Fragment {
  /// The ranges of what blanks separate; a backslash at the end of a line is a blank.
  var words: [Range<Int>] {
    var words: [Range<Int>] = []
    var start: Int?
    for offset in 0...bytes.count {
      let isBlank = offset == bytes.count || bytes[offset].isSpace || isContinuationMark(offset)
      if isBlank, let first = start {
        words.append(first..<offset)
        start = nil
      } else if !isBlank, start == nil {
        start = offset
      }
    }
    return words
  }

  /// Whether a byte is a backslash that ends a line.
  func isContinuationMark(_ offset: Int) -> Bool {
    guard self[offset] == UInt8(ascii: "\\") else { return false }
    return self[offset + 1] == .newline || (self[offset + 1] == UInt8(ascii: "\r") && self[offset + 2] == .newline)
  }
}
