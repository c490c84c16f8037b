extension ScriptPlace {
  /// Where something stands that follows a text which begins here.
  public func advanced(over text: String) -> ScriptPlace {
    let lines = text.split(separator: "\n", omittingEmptySubsequences: false)
    guard lines.count > 1 else { return ScriptPlace(source: source, line: line, column: column + text.count) }
    return ScriptPlace(source: source, line: line + lines.count - 1, column: lines[lines.count - 1].count + 1)
  }

  /// `book.sql:3:7`.
  public var description: String { "\(source):\(line):\(column)" }
}
