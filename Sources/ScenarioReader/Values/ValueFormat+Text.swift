internal import Model
internal import Words

extension ValueFormat where Value == String {
  /// Free text for people, on one line.
  static var sentence: ValueFormat {
    ValueFormat(
      expected: "a text",
      schema: [("type", .string("string")), ("minLength", .integer(1)), ("maxLength", .integer(500))],
      read: { node, subject, diagnostics in
        guard let text = node.text, !text.isEmpty else {
          diagnostics.reportKind(node, subject, expected: "a text")
          return nil
        }
        guard text.count <= 500, text.unicodeScalars.allSatisfy({ $0.properties.generalCategory != .control }) else {
          diagnostics.report(node.place, subject.path, "expected one line of at most 500 characters")
          return nil
        }
        return text
      },
      show: { .string($0) })
  }
}

extension ValueFormat where Value == String {
  /// A name of something that a file of the user's defines, or an empty text.
  static var nameOrNothing: ValueFormat {
    let expected = "a name of letters, digits, - and _"
    return ValueFormat(
      expected: expected, schema: [("type", .string("string")), ("pattern", .string("^[A-Za-z0-9_-]*$"))],
      read: { node, subject, diagnostics in
        if case .scalar("", false) = node.content { return "" }
        guard let text = node.text,
          text.unicodeScalars.allSatisfy({
            $0.isASCII && ($0.properties.isAlphabetic || "0123456789_-".unicodeScalars.contains($0))
          })
        else {
          diagnostics.reportKind(node, subject, expected: expected)
          return nil
        }
        return text
      },
      show: { .string($0) })
  }

  /// A text of any length and any number of lines.
  static var freeText: ValueFormat {
    ValueFormat(
      expected: "a text", schema: [("type", .string("string")), ("minLength", .integer(1))],
      read: { node, subject, diagnostics in
        guard let text = node.text, !text.isEmpty else {
          diagnostics.reportKind(node, subject, expected: "a text")
          return nil
        }
        return text
      },
      show: { .string($0) })
  }
}

extension ValueFormat where Value == CalendarDate {
  /// A day.
  static var date: ValueFormat {
    let expected = "a day such as 2026-12-31"
    return ValueFormat(
      expected: expected, schema: [("type", .string("string")), ("pattern", .string("^[0-9]{4}-[0-9]{2}-[0-9]{2}$"))],
      read: { node, subject, diagnostics in
        guard let value = node.text.flatMap(CalendarDate.init) else {
          diagnostics.reportKind(node, subject, expected: expected)
          return nil
        }
        return value
      },
      show: { .string($0.description) })
  }
}
