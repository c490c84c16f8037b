/// A share in percent, 0 to 1 as `0 %` to `100 %`, with so many digits after the point: `34 %`, `2.50 %`.
public func formatPercent(_ share: Double, digits: Int = 0) -> String {
  formatDecimal(share * 100, digits: digits) + " %"
}

/// A share from 0 to 1 as a percentage: `12.5 %`; one digit below 10 %, none from there.
public func formatShare(_ share: Double) -> String {
  share > 0 && share < 0.0005 ? "< 0.1 %" : formatPercent(share, digits: share < 0.0995 ? 1 : 0)
}

/// A ratio with about three significant digits: `0.0512`, `0.953`, `1.04`, `12.5`, `7,420`.
public func formatRatio(_ ratio: Double) -> String {
  switch ratio {
  case ..<0.0995: formatDecimal(ratio, digits: 4)
  case ..<0.9995: formatDecimal(ratio, digits: 3)
  default: formatRate(ratio)
  }
}

/// A ratio as charts and their tables write it, with three significant digits and a sign: `0.95×`, `2.46×`, `7,420×`.
public func formatFactor(_ ratio: Double) -> String {
  guard ratio.isFinite else { return "-" }
  return (ratio >= 99.95 ? formatRate(ratio) : formatSignificant(ratio, digits: 3)) + "×"
}
