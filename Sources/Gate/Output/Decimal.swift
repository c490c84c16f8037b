/// Numbers with a fixed count of digits after the point, the same everywhere.
enum Decimal {
  /// Such as `12.50`; `-` when it is not a number, and no more than 15 digits before the point.
  static func text(_ value: Double, digits: Int) -> String {
    let scale = (0..<digits).reduce(1.0) { scale, _ in scale * 10 }
    let scaled = (abs(value) * scale).rounded()
    guard scaled < 1e15 else { return value.isNaN ? "-" : value < 0 ? "-inf" : "inf" }
    let whole = String(Int64(scaled) / Int64(scale))
    let fraction = String(Int64(scaled) % Int64(scale))
    let padded = String(repeating: "0", count: max(0, digits - fraction.count)) + fraction
    return (value < 0 && scaled > 0 ? "-" : "") + whole + (digits > 0 ? "." + padded : "")
  }

  /// The same with a sign in front unless it is nothing.
  static func signed(_ value: Double, digits: Int) -> String {
    let text = text(value, digits: digits)
    return value > 0 && text.contains { $0 != "0" && $0 != "." } ? "+" + text : text
  }
}
