internal import Glibc

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
    case .plain: return decimal(value, digits: digits)
    case .count: return prefixed(value, digits: digits, units: ["", " k", " M", " G", " T"])
    case .duration: return prefixed(value, digits: digits, units: [" ns", " us", " ms", " s"])
    case .ratio: return decimal(value, digits: digits) + "×"
    case .percent: return decimal(min(max(value, -1e300), 1e300) * 100, digits: digits) + " %"
    }
  }

  private func prefixed(_ value: Double, digits: Int, units: [String]) -> String {
    var scaled = value
    for unit in units.dropLast() {
      let text = decimal(scaled, digits: digits)
      // What would be shown as 1000 of a unit is shown as 1 of the next.
      if abs(scaled) < 1000, decimal(abs(scaled), digits: digits) != "1000" { return text + unit }
      scaled /= 1000
    }
    return decimal(scaled, digits: digits) + (units.last ?? "")
  }
}

/// A finite number with so many significant digits, or all digits before the point if those are more, and no trailing
/// zeros: `0.05`, `1.25`, `1234`; very small and very large ones as `1.2e-7`.
func decimal(_ value: Double, digits: Int) -> String {
  let magnitude = abs(value)
  guard magnitude.isFinite, magnitude > 0 else { return "0" }
  let exponent = Int(floor(log10(magnitude)))
  guard (-6...14).contains(exponent) else {
    // Scaled in two halves: the power of ten of a subnormal number is out of range.
    let half = Double(-exponent / 2)
    let mantissa = magnitude * pow(10, half) * pow(10, Double(-exponent) - half)
    return (value < 0 ? "-" : "") + decimal(mantissa, digits: digits) + "e\(exponent)"
  }
  let decimals = min(max(0, digits - 1 - exponent), 18 - max(0, exponent) - 1)
  let scaled = Int64((magnitude * pow(10, Double(decimals))).rounded())
  guard scaled > 0 else { return "0" }
  return (value < 0 ? "-" : "") + pointed(scaled, decimals: decimals)
}

/// A coordinate of a drawing, with one decimal where it needs one.
func coordinate(_ value: Double) -> String {
  guard value.isFinite else { return "0" }
  let tenths = Int64((min(max(value, -1e6), 1e6) * 10).rounded())
  return (tenths < 0 ? "-" : "") + pointed(abs(tenths), decimals: 1)
}

/// A number of so many decimals, given as a whole number of its last digit; trailing zeros are left out.
private func pointed(_ scaled: Int64, decimals: Int) -> String {
  let text = String(scaled)
  let padded = String(repeating: "0", count: max(0, decimals + 1 - text.count)) + text
  let whole = padded.dropLast(decimals)
  var fraction = padded.suffix(decimals)
  while fraction.last == "0" { fraction.removeLast() }
  return fraction.isEmpty ? String(whole) : "\(whole).\(fraction)"
}
