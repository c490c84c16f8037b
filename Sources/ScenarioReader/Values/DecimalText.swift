/// Numbers as scenario files write them: decimal digits, no separators, no exotic bases.
enum DecimalText {
  /// Pattern of a number with an optional fraction, for the schema.
  static let pattern = "[0-9]+(\\.[0-9]+)?"

  /// Whether a text is a whole number, however large.
  static func isWhole(_ text: some StringProtocol) -> Bool {
    let digits = text.first == "-" ? text.dropFirst() : text[...]
    return !digits.isEmpty && digits.utf8.allSatisfy { (0x30...0x39).contains($0) }
  }

  /// A whole number or one with a fraction or an exponent; nil for everything else, infinities and NaN included.
  static func number(_ text: some StringProtocol) -> Double? {
    let parts = text.lowercased().split(separator: "e", maxSplits: 1, omittingEmptySubsequences: false)
    let mantissa = parts[0].split(separator: ".", maxSplits: 1, omittingEmptySubsequences: false)
    guard isWhole(mantissa[0]), mantissa.count == 1 || isDigits(mantissa[1]) else { return nil }
    if parts.count == 2 {
      let exponent = parts[1].first == "+" ? parts[1].dropFirst() : parts[1]
      guard isWhole(exponent) else { return nil }
    }
    guard let value = Double(String(text)), value.isFinite else { return nil }
    return value
  }

  /// A number as short as reads back to the same value.
  static func text(of value: Double) -> String {
    value == value.rounded() && abs(value) < 1e15 ? String(Int64(value)) : "\(value)"
  }

  private static func isDigits(_ text: some StringProtocol) -> Bool { text.first != "-" && isWhole(text) }
}
