internal import Model

/// Annotations about the statement before them.
extension Annotation {
  /// The statement that it is about; complains when there is none.
  private mutating func statement() -> (ReadStatement, ReadScript.Alternatives)? {
    guard case .statement(let statement, let alternatives) = script.items.last else {
      problems.add(place, "'\(text(0))' must stand directly behind the statement that it is about")
      return nil
    }
    return (statement, alternatives)
  }

  /// `instead [VARIANT] [on STORE]: STATEMENT`.
  mutating func instead() {
    let named = words.count > 1 && text(1) != "on"
    guard let (statement, found) = statement(), var qualifier = qualifier(from: named ? 2 : 1) else { return }
    if named { qualifier.variant = text(1) }
    script.note(qualifier)
    if qualifier == Qualifier() { return refuse(0, "'instead' needs the name of a variant, or 'on STORE'") }
    guard let body else { return problems.add(place, "'instead' needs a colon and a blank before the statement") }
    var alternatives = found
    if alternatives.replacements.contains(where: { $0.qualifier == qualifier }) {
      return refuse(0, "the statement has been replaced for this variant already")
    }
    let statements = ScriptReader.statements(body, dialect, &problems)
    alternatives.replacements.append((qualifier, statements, place))
    script.items[script.items.count - 1] = .statement(statement, alternatives)
  }

  /// `on rows = 0: conflict`, `on 23P01: refused`, `on 23* only VARIANT: refused`.
  mutating func rule() {
    guard let (statement, found) = statement() else { return }
    let end = words.indices.first { $0 > 1 && ["only", "on"].contains(text($0)) } ?? words.count
    guard let qualifier = qualifier(from: end), let body = requireBody("what it means") else { return }
    let condition = (1..<max(end, 1)).map { text($0) }.joined()
    let word = body.text(0..<body.bytes.count)
    guard let meaning = Self.meanings[word] else {
      return problems.add(
        body.place(0),
        "unknown meaning '\(word)'\(Suggestion.phrase(for: word, among: Self.meanings.keys.sorted())); "
          + "there are conflict, refused, retry, fail and ignore")
    }
    let conditions = Self.conditions(condition)
    if conditions.isEmpty {
      return refuse(
        1, "'\(condition)' is no condition; write 'rows = 0' or the code of an error: 23P01, 23*, or a number")
    }
    var alternatives = found
    alternatives.rules += conditions.map { (qualifier, ScriptRule($0, meaning), place) }
    script.items[script.items.count - 1] = .statement(statement, alternatives)
  }

  private static let meanings: [String: ScriptRule.Meaning] = [
    "conflict": .conflict, "refused": .refused, "retry": .retry, "fail": .fail, "ignore": .ignore,
  ]

  /// What answers a condition without blanks means; nothing when it is none.
  private static func conditions(_ text: String) -> [ScriptRule.Condition] {
    if text.hasPrefix("rows") {
      let rest = text.dropFirst(4)
      let sign = rest.prefix { "<>=!".contains($0) }
      guard let count = Int(rest.dropFirst(sign.count)), (0..<Int.max).contains(count) else { return [] }
      return ranges(String(sign), count).map { .rows($0) }
    }
    let code = text.uppercased()
    guard code.utf8.allSatisfy({ $0.isNamePart && $0 < 0x80 || $0 == UInt8(ascii: "*") }) else { return [] }
    if code.hasSuffix("*") { return code.utf8.count == 3 ? [.error(String(code.dropLast()))] : [] }
    return code.utf8.count == 5 || (!code.isEmpty && code.utf8.allSatisfy(\.isDigit)) ? [.error(code)] : []
  }

  private static func ranges(_ sign: String, _ count: Int) -> [ClosedRange<Int>] {
    let below = count > 0 ? [0...count - 1] : []
    switch sign {
    case "=": return [count...count]
    case "<": return below
    case "<=": return [0...count]
    case ">": return [count + 1...Int.max]
    case ">=": return [count...Int.max]
    case "<>", "!=": return below + [count + 1...Int.max]
    default: return []
    }
  }
}
