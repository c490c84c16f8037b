internal import Model
internal import Words

extension ValueFormat where Value == Bool {
  /// `true` or `false`.
  static var flag: ValueFormat {
    ValueFormat(
      expected: "true or false", schema: [("type", .string("boolean"))],
      read: { node, subject, diagnostics in
        switch node.plainText {
        case "true": return true
        case "false": return false
        default:
          diagnostics.reportKind(node, subject, expected: "true or false")
          return nil
        }
      },
      show: { .boolean($0) })
  }
}

extension ValueFormat where Value == String {
  /// One of these words.
  static func word(_ words: [String]) -> ValueFormat {
    let expected = words.count == 1 ? "the word \(words[0])" : "one of \(words.joined(separator: ", "))"
    return ValueFormat(
      expected: expected, schema: [("enum", .strings(words))],
      read: { node, subject, diagnostics in
        guard let text = node.text, words.contains(text) else {
          let hint = node.text.map { Suggestion.phrase(for: $0, among: words) } ?? ""
          diagnostics.reportKind(node, subject, expected: expected, hint: hint)
          return nil
        }
        return text
      },
      show: { .string($0) })
  }

  /// A name for tables and files: letters, digits and a few marks.
  ///
  /// Statistics programs take words such as `null` for a missing value, so a name must not be one of them.
  static func identifier(marks: String, startsWithLetter: Bool) -> ValueFormat {
    let start = startsWithLetter ? "A-Za-z" : "A-Za-z0-9"
    let escaped = marks.map { $0 == "-" ? "\\-" : "\($0)" }.joined()
    let first = startsWithLetter ? "a letter" : "a letter or a digit"
    let rule = "letters, digits and \(marks.map(String.init).joined(separator: " ")), the first \(first), at most 100"
    return ValueFormat(
      expected: "a name",
      schema: [("type", .string("string")), ("pattern", .string("^[\(start)][A-Za-z0-9\(escaped)]{0,99}$"))],
      read: { node, subject, diagnostics in
        guard let text = node.text else {
          diagnostics.reportKind(node, subject, expected: "a name of \(rule)")
          return nil
        }
        guard isIdentifier(text, marks: marks, startsWithLetter: startsWithLetter) else {
          diagnostics.report(node.place, subject.path, "\(text.quotedForMessage) is not a name; use \(rule)")
          return nil
        }
        guard !missingValueWords.contains(text.lowercased()) else {
          let message = "\(text.quotedForMessage) means a missing value to statistics programs; choose another name"
          diagnostics.report(node.place, subject.path, message)
          return nil
        }
        return text
      },
      show: { .string($0) })
  }

  private static var missingValueWords: Set<String> {
    ["none", "null", "na", "nan", "inf", "infinity", "true", "false"]
  }

  private static func isIdentifier(_ text: String, marks: String, startsWithLetter: Bool) -> Bool {
    guard let first = text.first, first.isASCII, first.isLetter || (!startsWithLetter && first.isNumber) else {
      return false
    }
    return text.count <= 100
      && text.unicodeScalars.allSatisfy { scalar in
        scalar.isASCII && (scalar.properties.isAlphabetic || ("0"..."9").contains(scalar))
          || marks.unicodeScalars.contains(scalar)
      }
  }
}

extension ValueFormat where Value: RawRepresentable & CaseIterable, Value.RawValue == String {
  /// One of the cases, by its raw value.
  static var cases: ValueFormat {
    let words = ValueFormat<String>.word(Value.allCases.map(\.rawValue))
    return ValueFormat(
      expected: words.expected, schema: words.schema,
      read: { node, subject, diagnostics in words.read(node, subject, &diagnostics).flatMap(Value.init(rawValue:)) },
      show: { .string($0.rawValue) })
  }
}

extension ValueFormat where Value == OptionValue {
  /// The format that the specification of an option asks for.
  static func option(_ kind: OptionKind) -> ValueFormat {
    switch kind {
    case .integer(let range):
      wrapping(.integer(range), OptionValue.integer) { if case .integer(let value) = $0 { value } else { nil } }
    case .number(let range):
      wrapping(.number(range), OptionValue.number) { value in
        switch value {
        case .number(let number): number
        case .integer(let whole): Double(whole)
        default: nil
        }
      }
    case .flag: wrapping(.flag, OptionValue.flag) { if case .flag(let value) = $0 { value } else { nil } }
    case .duration(let range):
      wrapping(.duration(range), OptionValue.duration) { if case .duration(let value) = $0 { value } else { nil } }
    case .word(let words):
      wrapping(.word(words), OptionValue.word) { if case .word(let value) = $0 { value } else { nil } }
    case .wordOrInteger(let words, let range): wordOrInteger(words, range)
    case .name: wrapping(.nameOrNothing, OptionValue.word) { if case .word(let value) = $0 { value } else { nil } }
    case .share:
      wrapping(.percent(0...1), OptionValue.number) { if case .number(let value) = $0 { value } else { nil } }
    }
  }

  private static func wordOrInteger(_ words: [String], _ range: ClosedRange<Int>) -> ValueFormat {
    let (word, number) = (ValueFormat<String>.word(words), ValueFormat<Int>.integer(range))
    return ValueFormat(
      expected: "\(word.expected), or \(number.expected)",
      schema: [("anyOf", .array([.object(word.schema), .object(number.schema)]))],
      read: { node, subject, diagnostics in
        if let text = node.plainText, DecimalText.isWhole(text) {
          return number.read(node, subject, &diagnostics).map(OptionValue.integer)
        }
        return word.read(node, subject.allowing(", or \(number.expected)"), &diagnostics).map(OptionValue.word)
      },
      show: {
        switch $0 {
        case .integer(let value): number.show(value)
        case .word(let value): word.show(value)
        default: .string("")
        }
      })
  }

  private static func wrapping<Inner: Sendable>(
    _ format: ValueFormat<Inner>, _ wrap: @escaping @Sendable (Inner) -> OptionValue,
    _ unwrap: @escaping @Sendable (OptionValue) -> Inner?
  ) -> ValueFormat {
    ValueFormat(
      expected: format.expected, schema: format.schema,
      read: { node, subject, diagnostics in format.read(node, subject, &diagnostics).map(wrap) },
      // A value of another kind than declared cannot come from a file; it shows as nothing.
      show: { unwrap($0).map(format.show) ?? .string("") })
  }
}
