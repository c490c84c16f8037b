/// Rates as scenario files write them: a number per second, minute or hour.
enum RateText {
  private static let periods: [(name: String, seconds: Double)] = [("s", 1), ("min", 60), ("m", 60), ("h", 3600)]
  /// Pattern for the schema.
  static let pattern = "^\(DecimalText.pattern)/(\(periods.map(\.name).joined(separator: "|")))$"
  /// What a message asks for.
  static let expected = "a rate with a unit, such as 2000/s or 120/min"

  /// Reads a rate as operations per second; nil when the text is not one.
  static func parse(_ text: String) -> Double? {
    let parts = text.split(separator: "/", omittingEmptySubsequences: false)
    guard parts.count == 2, let period = periods.first(where: { $0.name == parts[1] }),
      let number = DecimalText.number(parts[0])
    else { return nil }
    return number / period.seconds
  }

  /// A rate that reads back to the same value.
  static func text(of perSecond: Double) -> String { "\(DecimalText.text(of: perSecond))/s" }
}
