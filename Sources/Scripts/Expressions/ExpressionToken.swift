internal import Glibc

/// A word of pgbench's expressions.
enum ExpressionToken: Equatable {
  case integer(Int64)
  /// The number that is an integer behind a minus only.
  case integerMinimum
  case double(Double)
  case variable(String)
  /// A keyword or a function, in lower case.
  case word(String)
  case sign(String)
  case end
}

/// Splits an expression into words.
struct ExpressionLexer {
  private let fragment: Fragment
  private var position = 0

  init(_ fragment: Fragment) { self.fragment = fragment }

  /// The next word and where it begins.
  mutating func next() throws(ExpressionProblem) -> (token: ExpressionToken, offset: Int) {
    while let byte = fragment[position], byte.isSpace || fragment.isContinuationMark(position) { position += 1 }
    let start = position
    guard let byte = fragment[position] else { return (.end, start) }
    let next = fragment[position + 1]
    if byte.isDigit || (byte == UInt8(ascii: ".") && next?.isDigit == true) { return (try number(), start) }
    if byte == UInt8(ascii: ":"),
      let name = SQLLexer.variableName(in: fragment, at: start, before: fragment.bytes.count)
    {
      position = name.upperBound
      return (.variable(fragment.text(name.lowerBound + 1..<name.upperBound)), start)
    }
    if byte.isLetter {
      while let byte = fragment[position], byte.isNamePart { position += 1 }
      return (.word(fragment.text(start..<position).lowercased()), start)
    }
    return (try sign(byte, next), start)
  }

  private mutating func sign(_ byte: UInt8, _ next: UInt8?) throws(ExpressionProblem) -> ExpressionToken {
    let start = position
    if let next {
      let pair = String(decoding: [byte, next], as: UTF8.self)
      if ["<=", ">=", "<>", "!=", "<<", ">>"].contains(pair) {
        position += 2
        return .sign(pair == "!=" ? "<>" : pair)
      }
    }
    position += 1
    guard "+-*/%()<>=,|#&~".utf8.contains(byte) else {
      let end = (position..<fragment.bytes.count).first { !fragment.bytes[$0].isContinuation } ?? fragment.bytes.count
      throw ExpressionProblem(start, "'\(fragment.text(start..<end))' is not understood in an expression")
    }
    return .sign(String(decoding: [byte], as: UTF8.self))
  }

  private mutating func number() throws(ExpressionProblem) -> ExpressionToken {
    let start = position
    skipDigits()
    var isDouble = false
    if fragment[position] == UInt8(ascii: ".") {
      isDouble = true
      position += 1
      skipDigits()
    }
    if let byte = fragment[position], byte & 0xDF == 0x45 {
      let signed = fragment[position + 1] == UInt8(ascii: "+") || fragment[position + 1] == UInt8(ascii: "-")
      if fragment[position + (signed ? 2 : 1)]?.isDigit == true {
        isDouble = true
        position += signed ? 2 : 1
        skipDigits()
      }
    }
    let text = fragment.text(start..<position)
    if let byte = fragment[position], byte.isLetter {
      throw ExpressionProblem(position, "'\(text)' ends in a letter; a name must not begin with a digit")
    }
    if isDouble {
      let value = strtod(text, nil)
      guard value.isFinite else { throw ExpressionProblem(start, "\(text) is too large for a number") }
      return .double(value)
    }
    if let value = Int64(text) { return .integer(value) }
    if UInt64(text) == UInt64(Int64.max) + 1 { return .integerMinimum }
    throw ExpressionProblem(start, "\(text) is too large for an integer")
  }

  private mutating func skipDigits() { while fragment[position]?.isDigit == true { position += 1 } }
}

/// What is wrong with an expression, by the offset in its fragment.
struct ExpressionProblem: Error {
  let offset: Int
  let message: String

  init(_ offset: Int, _ message: String) {
    self.offset = offset
    self.message = message
  }
}
