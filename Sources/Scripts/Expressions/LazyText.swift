internal import Glibc

/// Texts from columns and definitions that an expression uses: pgbench gives them a type by their looks.
enum LazyText {
  /// Longer texts are no numbers.
  private static let longest = 511

  /// `null`, beginnings of true, yes, false and no, on and off, an integer, a double; nothing else.
  static func value(of text: UnsafeRawBufferPointer) -> Result<ScriptValue, ScriptEvaluationFailure> {
    if text.isEmpty { return .failure(ScriptEvaluationFailure("an empty text has no value in an expression")) }
    if equals(text, "null") { return .success(.null) }
    if begins("true", with: text) || begins("yes", with: text) || equals(text, "on") { return .success(.boolean(true)) }
    if begins("false", with: text) || begins("no", with: text) || equals(text, "off") || equals(text, "of") {
      return .success(.boolean(false))
    }
    return number(text)
  }

  private static func equals(_ text: UnsafeRawBufferPointer, _ word: StaticString) -> Bool {
    text.count == word.utf8CodeUnitCount && begins(word, with: text)
  }

  /// Whether a word begins with the text, whatever its case.
  private static func begins(_ word: StaticString, with text: UnsafeRawBufferPointer) -> Bool {
    guard text.count <= word.utf8CodeUnitCount else { return false }
    for index in 0..<text.count where text[index] | 0x20 != word.utf8Start[index] { return false }
    return true
  }

  private static func number(_ text: UnsafeRawBufferPointer) -> Result<ScriptValue, ScriptEvaluationFailure> {
    var index = 0
    while index < text.count, text[index].isSpace { index += 1 }
    let isNegative = index < text.count && text[index] == UInt8(ascii: "-")
    if isNegative || (index < text.count && text[index] == UInt8(ascii: "+")) { index += 1 }
    var magnitude: Int64 = 0
    var overflows = false
    let first = index
    while index < text.count, text[index].isDigit {
      let digit = Int64(text[index] - UInt8(ascii: "0"))
      let (tenfold, high) = magnitude.multipliedReportingOverflow(by: 10)
      let (sum, carry) =
        isNegative ? tenfold.subtractingReportingOverflow(digit) : tenfold.addingReportingOverflow(digit)
      overflows = overflows || high || carry
      magnitude = sum
      index += 1
    }
    guard index > first, index == text.count else { return double(text) }
    if overflows { return .failure(ScriptEvaluationFailure("a text is too large for an integer")) }
    return .success(.integer(magnitude))
  }

  private static func double(_ text: UnsafeRawBufferPointer) -> Result<ScriptValue, ScriptEvaluationFailure> {
    let malformed = ScriptEvaluationFailure("a text in an expression is no number, no truth value and not null")
    guard text.count <= longest else { return .failure(malformed) }
    return withUnsafeTemporaryAllocation(of: CChar.self, capacity: longest + 1) { buffer in
      for index in 0..<text.count { buffer[index] = CChar(bitPattern: text[index]) }
      buffer[text.count] = 0
      guard let start = buffer.baseAddress else { return .failure(malformed) }
      var end: UnsafeMutablePointer<CChar>?
      let value = strtod(start, &end)
      return end == start + text.count ? .success(.double(value)) : .failure(malformed)
    }
  }
}
