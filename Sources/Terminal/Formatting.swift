/// A length of time with three significant digits and the largest unit that keeps it at 1 or above:
/// `85 ns`, `12.3 us`, `1.25 ms`, `2.10 s`.
public func formatDuration(nanoseconds: UInt64) -> String {
  if nanoseconds < 1000 { return "\(nanoseconds) ns" }
  var unit: UInt64 = 1000
  for name in ["us", "ms", "s"] {
    // What would be shown as 1000 of a unit is shown as 1 of the next.
    if name == "s" || roundedQuotient(nanoseconds, unit) < 1000 {
      return "\(significant(nanoseconds, unit)) \(name)"
    }
    unit *= 1000
  }
  return "\(nanoseconds) ns"
}

/// Events per second, without a unit because the column or the sentence names it: whole and with thousands separators
/// from 100 up (`6,543`), else with three significant digits (`2.50`); `-` when it is not a number.
public func formatRate(_ perSecond: Double) -> String {
  guard perSecond.isFinite else { return "-" }
  guard perSecond >= 0 else { return "-" + formatRate(-perSecond) }
  if perSecond >= 99.95 { return formatCount(wholeNumber(perSecond)) }
  return formatDecimal(perSecond, digits: perSecond >= 9.995 ? 1 : 2)
}

/// A count with thousands separators: `1,234,567`.
public func formatCount(_ count: Int64) -> String {
  var text = ""
  for (index, digit) in String(count.magnitude).reversed().enumerated() {
    if index > 0, index.isMultiple(of: 3) { text.append(",") }
    text.append(digit)
  }
  return (count < 0 ? "-" : "") + String(text.reversed())
}

/// A number of at least 0 with a fixed count of digits after the point; `-` when it is not a number.
public func formatDecimal(_ value: Double, digits: Int) -> String {
  guard value.isFinite else { return "-" }
  let scale = (0..<digits).reduce(Int64(1)) { scale, _ in scale * 10 }
  let scaled = wholeNumber(value * Double(scale))
  guard digits > 0 else { return formatCount(scaled) }
  return formatCount(scaled / scale) + "." + zeroPadded(UInt64((scaled % scale).magnitude), digits: digits)
}

/// A rough length of time for humans: `45 s`, `3 min 20 s`, `2 h 5 min`.
public func formatTimeLeft(seconds: Double) -> String {
  let whole = max(1, wholeNumber(seconds.rounded(.up)))
  if whole < 60 { return "\(whole) s" }
  if whole < 3600 { return "\(whole / 60) min \(whole % 60) s" }
  return "\(formatCount(whole / 3600)) h \(whole % 3600 / 60) min"
}

/// A word after a count: `1 worker`, `8 workers`.
func counted(_ count: Int64, _ singular: String, _ plural: String) -> String {
  "\(formatCount(count)) \(count == 1 ? singular : plural)"
}

private func significant(_ value: UInt64, _ unit: UInt64) -> String {
  for digits in [2, 1] {
    let scale: UInt64 = digits == 2 ? 100 : 10
    let scaled = roundedQuotient(value, unit / scale)
    if scaled < 1000 { return "\(scaled / scale)." + zeroPadded(scaled % scale, digits: digits) }
  }
  return formatCount(Int64(roundedQuotient(value, unit)))
}

private func roundedQuotient(_ value: UInt64, _ unit: UInt64) -> UInt64 {
  value / unit + (value % unit >= unit - unit / 2 ? 1 : 0)
}

private func zeroPadded(_ value: UInt64, digits: Int) -> String {
  let text = String(value)
  return String(repeating: "0", count: max(0, digits - text.count)) + text
}

/// The nearest whole number, held in range: a figure of the terminal must never trap.
private func wholeNumber(_ value: Double) -> Int64 {
  Int64(exactly: value.rounded()) ?? (value > 0 ? .max : .min)
}
