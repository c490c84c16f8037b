extension ScriptStatement {
  /// Where something stands in the script that a server has found in the text that it was sent.
  ///
  /// - Parameters:
  ///   - character: from 1, in the text with placeholders.
  ///   - numbered: whether placeholders are `$1`, `$2`, ... and not `?`.
  ///   - variables: those of the program.
  public func place(ofSent character: Int, numbered: Bool, _ variables: [ScriptVariable]) -> ScriptPlace {
    var left = character - 1
    var written = ""
    var number = 0
    for piece in pieces {
      switch piece {
      case .text(let text):
        written += text.unicodeScalars.prefix(left).reduce(into: "") { $0.unicodeScalars.append($1) }
        left -= text.unicodeScalars.count
      case .variable(let slot):
        number += 1
        left -= numbered ? "$\(number)".count : 1
        // The end of a placeholder is in the middle of the name.
        if left >= 0 { written += ":" + variables[slot].name }
      }
      if left <= 0 { break }
    }
    return place.advanced(over: written)
  }
}

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
