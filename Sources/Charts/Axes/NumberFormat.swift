internal import Words

/// How the values of an axis are written.
public enum NumberFormat: Sendable, Equatable {
  /// As it is: `0.05`, `16`, `1200`.
  case plain
  /// A count or a rate with a decimal prefix: `950`, `1.2 k`, `3 M`, `2.5 G`.
  case count
  /// Nanoseconds, shown in the largest unit that keeps them at 1 or above: `85 ns`, `12.3 us`, `1.25 ms`, `2 s`.
  case duration
  /// A ratio: `0.95×`.
  case ratio
  /// A share from 0 to 1: `12.5 %`.
  case percent

  /// The value with so many significant digits and no trailing zeros; `-` when it is not a number, or infinite.
  public func text(_ value: Double, digits: Int = 3) -> String {
    guard value.isFinite else { return "-" }
    switch self {
    case .plain: return formatSignificant(value, digits: digits)
    case .count: return prefixed(value, digits: digits, units: ["", " k", " M", " G", " T"])
    case .duration: return prefixed(value, digits: digits, units: [" ns", " us", " ms", " s"])
    case .ratio: return formatSignificant(value, digits: digits) + "×"
    case .percent: return formatSignificant(min(max(value, -1e300), 1e300) * 100, digits: digits) + " %"
    }
  }

  private func prefixed(_ value: Double, digits: Int, units: [String]) -> String {
    var scaled = value
    for unit in units.dropLast() {
      let text = formatSignificant(scaled, digits: digits)
      // What would be shown as 1000 of a unit is shown as 1 of the next.
      if abs(scaled) < 1000, formatSignificant(abs(scaled), digits: digits) != "1000" { return text + unit }
      scaled /= 1000
    }
    return formatSignificant(scaled, digits: digits) + (units.last ?? "")
  }
}

/// A coordinate of a drawing, with one decimal where it needs one.
func coordinate(_ value: Double) -> String {
  min(max(value, -1e6), 1e6).shortFixedPoint(decimals: 1) ?? "0"
}
