internal import Charts
internal import Model
internal import Terminal

/// A number of things in words: `1 worker`, `8 workers`.
func counted(_ count: Int, _ singular: String) -> String {
  "\(formatCount(Int64(count))) \(singular)\(count == 1 ? "" : "s")"
}

/// A share from 0 to 1 as a percentage: `12.5 %`; one digit below 10 %, none from there.
func formatShare(_ share: Double) -> String {
  share > 0 && share < 0.0005 ? "< 0.1 %" : formatDecimal(share * 100, digits: share < 0.0995 ? 1 : 0) + " %"
}

/// A duration in nanoseconds that need not be whole; `-` when there is none.
func formatNanoseconds(_ nanoseconds: Double?) -> String {
  guard let nanoseconds, nanoseconds.isFinite, nanoseconds >= 0 else { return "-" }
  return formatDuration(nanoseconds: UInt64(exactly: nanoseconds.rounded()) ?? .max)
}

/// A verdict beside what was expected, with how it is to be taken.
func judgement(_ cell: CellSummary) -> (words: String, tone: Tone) {
  switch (cell.verdict, cell.isAsExpected) {
  case (.pass, false): ("pass, violation expected", .bad)
  case (.pass, _): ("pass", .good)
  case (.unknown, _): ("unknown", .doubtful)
  case (.violation, true): (cell.expectation == .any ? "violation, not judged" : "violation, expected", .doubtful)
  case (.violation, _): ("violation", .bad)
  }
}

/// A ratio with three significant digits: `0.950×`, `2.46×`, `7,420×`.
func formatRatio(_ ratio: Double) -> String {
  guard ratio.isFinite else { return "-" }
  if ratio >= 99.95 { return formatRate(ratio) + "×" }
  return NumberFormat.ratio.text(ratio)
}
