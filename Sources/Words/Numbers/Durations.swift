/// A length of time with three significant digits and the largest unit that keeps it at 1 or above:
/// `85 ns`, `12.3 us`, `1.25 ms`, `2.10 s`.
public func formatDuration(nanoseconds: UInt64) -> String {
  if nanoseconds < 1000 { return "\(nanoseconds) ns" }
  var unit: UInt64 = 1000
  for name in ["us", "ms"] {
    // What would be shown as 1000 of a unit is shown as 1 of the next.
    if roundedQuotient(nanoseconds, unit) < 1000 { return "\(significant(nanoseconds, unit)) \(name)" }
    unit *= 1000
  }
  return "\(significant(nanoseconds, unit)) s"
}

/// The same of nanoseconds that need not be whole; `-` when there are none.
public func formatDuration(nanoseconds: Double?) -> String {
  guard let nanoseconds, nanoseconds.isFinite, nanoseconds >= 0 else { return "-" }
  return formatDuration(nanoseconds: UInt64(exactly: nanoseconds.rounded()) ?? .max)
}

/// A rough length of time for humans: `45 s`, `3 min 20 s`, `2 h 5 min`.
public func formatTimeLeft(seconds: Double) -> String {
  let whole = max(1, wholeNumber(seconds.rounded(.up)))
  if whole < 60 { return "\(whole) s" }
  if whole < 3600 { return "\(whole / 60) min \(whole % 60) s" }
  return "\(formatCount(whole / 3600)) h \(whole % 3600 / 60) min"
}

private func significant(_ value: UInt64, _ unit: UInt64) -> String {
  for digits in [2, 1] {
    let scale: UInt64 = digits == 2 ? 100 : 10
    let scaled = roundedQuotient(value, unit / scale)
    if scaled < 1000 { return "\(scaled / scale)." + String(scaled % scale).rightAligned(digits, fill: "0") }
  }
  return formatCount(roundedQuotient(value, unit))
}

private func roundedQuotient(_ value: UInt64, _ unit: UInt64) -> UInt64 {
  value / unit + (value % unit >= unit - unit / 2 ? 1 : 0)
}
