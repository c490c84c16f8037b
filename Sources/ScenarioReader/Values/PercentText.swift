internal import Words

/// Shares as scenario files write them: a number and `%`.
enum PercentText {
  /// Pattern for the schema.
  static let pattern = "^\(DecimalText.pattern)%$"
  /// What a message asks for.
  static let expected = "a percentage, such as 5%"

  /// Reads `5%` as 0.05; nil for everything else.
  static func parse(_ text: String) -> Double? {
    guard text.hasSuffix("%"), text.first != "-" else { return nil }
    return DecimalText.number(text.dropLast()).map { $0 / 100 }
  }

  /// A share as a percentage that reads back to it, to a millionth of a percent.
  static func text(of share: Double) -> String { DecimalText.text(of: (share * 1e8).rounded() / 1e6) + "%" }
}

extension ValueFormat where Value == Double {
  /// A percentage within a range, as a share: 5% is 0.05.
  static func percent(_ range: ClosedRange<Double>) -> ValueFormat {
    ValueFormat(
      expected: PercentText.expected,
      schema: [("type", .string("string")), ("pattern", .string(PercentText.pattern))],
      read: { node, subject, diagnostics in
        guard let text = node.text, let value = PercentText.parse(text) else {
          let isBare = node.text.map { DecimalText.number($0) != nil } == true
          let hint = isBare ? "; write \(node.valueForMessage)% if that is what you mean" : ""
          diagnostics.reportKind(node, subject, expected: PercentText.expected, hint: hint)
          return nil
        }
        return diagnostics.check(value, in: range, node, subject, show: PercentText.text(of:)) ? value : nil
      },
      show: { .string(PercentText.text(of: $0)) })
  }
}
