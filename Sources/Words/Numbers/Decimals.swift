internal import Glibc

/// A number for people, with a fixed count of digits after the point and thousands separators: `1,234.50`; `-` when it
/// is not a number, or infinite.
public func formatDecimal(_ value: Double, digits: Int) -> String {
  guard value.isFinite else { return "-" }
  guard let text = value.fixedPoint(decimals: digits) else { return formatCount(wholeNumber(value)) }
  let number = text.drop { $0 == "-" }
  let whole = number.prefix { $0 != "." }
  return (text.first == "-" ? "-" : "") + grouped(whole) + number.dropFirst(whole.count)
}

/// The same with a sign in front unless it is nothing: `+0.031`. What has no bound is `+inf` or `-inf`.
public func formatSigned(_ value: Double, digits: Int) -> String {
  if value.isInfinite { return value > 0 ? "+inf" : "-inf" }
  let text = formatDecimal(value, digits: digits)
  return value > 0 && text.contains { $0 != "0" && $0 != "." } ? "+" + text : text
}

/// Events per second, without a unit because the column or the sentence names it: whole and with thousands separators
/// from 100 up (`6,543`), else with three significant digits (`2.50`); `-` when it is not a number.
public func formatRate(_ perSecond: Double) -> String {
  let magnitude = abs(perSecond)
  return formatDecimal(perSecond, digits: magnitude >= 99.95 ? 0 : magnitude >= 9.995 ? 1 : 2)
}

/// A finite number with so many significant digits, or all digits before the point if those are more, and no trailing
/// zeros: `0.05`, `1.25`, `1234`; very small and very large ones as `1.2e-7`.
public func formatSignificant(_ value: Double, digits: Int) -> String {
  let magnitude = abs(value)
  guard magnitude.isFinite, magnitude > 0 else { return "0" }
  let exponent = Int(floor(log10(magnitude)))
  guard (-6...14).contains(exponent) else {
    // Scaled in two halves: the power of ten of a subnormal number is out of range.
    let half = Double(-exponent / 2)
    let mantissa = magnitude * pow(10, half) * pow(10, Double(-exponent) - half)
    return (value < 0 ? "-" : "") + formatSignificant(mantissa, digits: digits) + "e\(exponent)"
  }
  let decimals = min(max(0, digits - 1 - exponent), 18 - max(0, exponent) - 1)
  return value.shortFixedPoint(decimals: decimals) ?? "0"
}

/// The nearest whole number, held in range: a figure must never trap.
func wholeNumber(_ value: Double) -> Int64 {
  Int64(exactly: value.rounded()) ?? (value > 0 ? .max : .min)
}
