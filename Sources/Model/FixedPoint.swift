extension Double {
  /// The number with exactly this many decimals (0 to 9), rounded to nearest: what `%.3f` prints, without Foundation.
  ///
  /// Nil for what has no such form: not a number, infinite, or too large for exact integer arithmetic.
  public func fixedPoint(decimals: Int) -> String? {
    precondition((0...9).contains(decimals), "0 to 9 decimals")
    let scale = (0..<decimals).reduce(UInt64(1)) { scale, _ in scale * 10 }
    let scaled = (magnitude * Double(scale)).rounded(.toNearestOrAwayFromZero)
    guard scaled < 0x1p63 else { return nil }
    let digits = UInt64(scaled)
    let sign = self < 0 && digits > 0 ? "-" : ""
    guard decimals > 0 else { return sign + String(digits) }
    let fraction = String(digits % scale)
    return sign + String(digits / scale) + "." + String(repeating: "0", count: decimals - fraction.count) + fraction
  }
}
