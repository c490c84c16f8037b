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
