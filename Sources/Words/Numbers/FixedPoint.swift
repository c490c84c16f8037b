extension Double {
  /// The number with exactly this many decimals (0 to 18), rounded to nearest: what `%.3f` prints, without Foundation.
  /// For programs; people read ``formatDecimal(_:digits:)``.
  ///
  /// Nil for what has no such form: not a number, infinite, or too large for exact integer arithmetic.
  public func fixedPoint(decimals: Int) -> String? {
    precondition((0...18).contains(decimals), "0 to 18 decimals")
    let scale = (0..<decimals).reduce(UInt64(1)) { scale, _ in scale * 10 }
    let scaled = (magnitude * Double(scale)).rounded(.toNearestOrAwayFromZero)
    guard scaled < 0x1p63 else { return nil }
    let digits = UInt64(scaled)
    let sign = self < 0 && digits > 0 ? "-" : ""
    guard decimals > 0 else { return sign + String(digits) }
    return sign + String(digits / scale) + "." + String(digits % scale).rightAligned(decimals, fill: "0")
  }

  /// The same without zeros at its end: `0.5`, `2`.
  public func shortFixedPoint(decimals: Int) -> String? {
    guard let text = fixedPoint(decimals: decimals), decimals > 0 else { return fixedPoint(decimals: decimals) }
    let digits = text.withoutTrailing("0")
    return digits.hasSuffix(".") ? String(digits.dropLast()) : digits
  }
}
