/// A count with thousands separators: `1,234,567`.
public func formatCount(_ count: some BinaryInteger) -> String {
  (count < 0 ? "-" : "") + grouped(String(count.magnitude))
}

/// A word after a count: `1 trial`, `8 trials`, `3 processes`.
///
/// - Parameter plural: the word for all counts but one; `singular` with an `s` when left out.
public func counted(_ count: some BinaryInteger, _ singular: String, _ plural: String? = nil) -> String {
  "\(formatCount(count)) \(count == 1 ? singular : plural ?? singular + "s")"
}

/// Decimal digits with separators between thousands.
func grouped(_ digits: some StringProtocol) -> String {
  var text = ""
  for (index, digit) in digits.enumerated() {
    if index > 0, (digits.count - index).isMultiple(of: 3) { text.append(",") }
    text.append(digit)
  }
  return text
}
