/// Reads text byte by byte and knows its line: what the readers of JSON and EDN share.
struct ByteScanner {
  let bytes: UnsafeBufferPointer<UInt8>
  private(set) var position = 0
  private(set) var line = 1

  init(_ bytes: UnsafeBufferPointer<UInt8>) { self.bytes = bytes }

  /// The byte to be read next; nil at the end.
  var next: UInt8? { position < bytes.count ? bytes[position] : nil }

  mutating func advance() {
    if bytes[position] == UInt8(ascii: "\n") { line += 1 }
    position += 1
  }

  /// Reads a character if it comes next.
  mutating func skip(_ character: Unicode.Scalar) -> Bool {
    guard position < bytes.count, UInt32(bytes[position]) == character.value else { return false }
    advance()
    return true
  }

  /// The text of all bytes that belong together.
  mutating func word(while belongs: (UInt8) -> Bool) -> String {
    let start = position
    while position < bytes.count, belongs(bytes[position]) { position += 1 }
    return String(decoding: bytes[start..<position], as: UTF8.self)
  }

  /// A problem of the line that is being read.
  func problem(_ message: String) -> HistoryProblem { HistoryProblem(line: line, message) }

  /// What comes next, as a message names it.
  var nextInWords: String {
    guard let next else { return "the end of the file" }
    if next == UInt8(ascii: "\n") { return "the end of the line" }
    return next > 0x20 && next < 0x7F ? "'\(Unicode.Scalar(next))'" : "byte \(next)"
  }

  /// A whole number.
  mutating func integer() throws(HistoryProblem) -> Int64 {
    let isNegative = skip("-")
    var value: Int64 = 0
    let start = position
    while position < bytes.count, case let digit = bytes[position] &- 48, digit < 10 {
      let (product, isTooLarge) = value.multipliedReportingOverflow(by: 10)
      let (sum, isStillTooLarge) =
        isNegative
        ? product.subtractingReportingOverflow(Int64(digit)) : product.addingReportingOverflow(Int64(digit))
      if isTooLarge || isStillTooLarge { throw problem("the number does not fit into 64 bits") }
      value = sum
      position += 1
    }
    if position == start { throw problem("a whole number is expected, not \(nextInWords)") }
    if let next, next == UInt8(ascii: ".") || next | 0x20 == UInt8(ascii: "e") {
      throw problem("a whole number is expected, not a fraction")
    }
    return value
  }

  /// A quoted string, which ends on its line unless it may go over several.
  mutating func string(overLines: Bool = false) throws(HistoryProblem) -> String {
    guard skip("\"") else { throw problem("a string is expected, not \(nextInWords)") }
    let start = position
    while let byte = next, byte != UInt8(ascii: "\""), byte != UInt8(ascii: "\\"), byte != UInt8(ascii: "\n") {
      position += 1
    }
    if next == UInt8(ascii: "\"") {
      defer { position += 1 }
      return String(decoding: bytes[start..<position], as: UTF8.self)
    }
    return try escapedString(Array(bytes[start..<position]), overLines: overLines)
  }

  private mutating func escapedString(_ begun: [UInt8], overLines: Bool) throws(HistoryProblem) -> String {
    var text = begun
    while let byte = next, overLines || byte != UInt8(ascii: "\n") {
      advance()
      if byte == UInt8(ascii: "\"") { return String(decoding: text, as: UTF8.self) }
      if byte == UInt8(ascii: "\\") { text += try Array(escape().utf8) } else { text.append(byte) }
    }
    throw problem("the string has no closing quote")
  }

  private mutating func escape() throws(HistoryProblem) -> String {
    guard let byte = next else { throw problem("the string has no closing quote") }
    advance()
    switch byte {
    case UInt8(ascii: "n"): return "\n"
    case UInt8(ascii: "t"): return "\t"
    case UInt8(ascii: "r"): return "\r"
    case UInt8(ascii: "b"): return "\u{8}"
    case UInt8(ascii: "f"): return "\u{C}"
    case UInt8(ascii: "u"):
      let end = min(position + 4, bytes.count)
      let digits = String(decoding: bytes[position..<end], as: UTF8.self)
      position = end
      guard digits.utf8.count == 4, let code = UInt32(digits, radix: 16) else {
        throw problem("\\u needs four hexadecimal digits")
      }
      return String(Unicode.Scalar(code) ?? "\u{FFFD}")
    default: return String(Unicode.Scalar(byte))
    }
  }
}
