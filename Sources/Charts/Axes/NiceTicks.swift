internal import Glibc

/// Round numbers along an axis, and the ends that they give it.
enum NiceTicks {
  /// Multiples of 1, 2 or 5 times a power of ten (Heckbert, "Nice numbers for graph labels", Graphics Gems, 1990).
  static func linear(_ span: Span, about count: Int) -> (ends: ClosedRange<Double>, ticks: [Double]) {
    let (low, high) = widened(span)
    let rough = (high - low) / Double(count)
    let exponent = Int(floor(log10(rough)))
    let fraction = rough / pow(10, Double(exponent))
    let nice = fraction <= 1 ? 1.0 : fraction <= 2 ? 2.0 : fraction <= 5 ? 5.0 : 10.0
    // Times or divided by a whole power of ten, so that 3 steps of 0.1 are 0.3 and not 0.30000000000000004.
    let power = pow(10, Double(abs(exponent)))
    let value = { (index: Double) in exponent < 0 ? index * nice / power : index * nice * power }
    let step = value(1)
    let first = floor(low / step + 1e-9)
    let last = ceil(high / step - 1e-9)
    let ticks = stride(from: first, through: last, by: 1).map(value)
    return (value(first)...value(last), ticks)
  }

  /// 1, 2 and 5 times powers of ten, powers of ten alone over more than two decades, and linear steps within less
  /// than a factor of 3. The ends are common logarithms.
  static func logarithmic(_ span: Span) -> (ends: ClosedRange<Double>, ticks: [Double]) {
    guard span.high > 0 else { return (0...1, [1, 10]) }
    let low = max(span.low, 1 / Span.limit)
    let high = max(span.high, 1 / Span.limit)
    if high / low < 3 {
      let (ends, ticks) = linear(Span([low, high]), about: 4)
      if ends.lowerBound > 0 { return (log10(ends.lowerBound)...log10(ends.upperBound), ticks) }
    }
    let steps = stepsOfOneTwoFive(from: low, through: high)
    guard let first = steps.first, let last = steps.last, first < last else { return (0...1, [1, 10]) }
    let decades = log10(last) - log10(first)
    if decades <= 2 { return (log10(first)...log10(last), steps) }
    let every = max(1, (decades / 8).rounded(.up))
    let powers = stride(from: ceil(log10(first) - 1e-9), through: log10(last) + 1e-9, by: every).map { pow(10, $0) }
    return (log10(first)...log10(last), powers)
  }

  /// 0, 50, 90, 99, 99.9 % and so on.
  static func nines(upTo most: Double) -> [Double] {
    let count = min(12, Int(most + 1e-9))
    return [0, 0.5] + (1...max(1, count)).map { 1 - pow(10, -Double($0)) }
  }

  /// From the last step at or below `low` to the first at or above `high`.
  private static func stepsOfOneTwoFive(from low: Double, through high: Double) -> [Double] {
    let first = Int(floor(log10(low)))
    let last = Int(ceil(log10(high)))
    let steps = (first...max(first, last)).flatMap { exponent in
      [1.0, 2, 5].map { exponent < 0 ? $0 / pow(10, Double(-exponent)) : $0 * pow(10, Double(exponent)) }
    }
    let start = steps.lastIndex { $0 <= low * (1 + 1e-9) } ?? 0
    let end = steps.firstIndex { $0 >= high * (1 - 1e-9) } ?? steps.count - 1
    return Array(steps[start...max(start, end)])
  }

  /// An axis needs some length, even for one value.
  private static func widened(_ span: Span) -> (low: Double, high: Double) {
    let size = max(abs(span.low), abs(span.high))
    guard size > 1 / Span.limit else { return (0, 1) }
    if span.high - span.low > size * 1e-9 { return (span.low, span.high) }
    return (span.low - size / 20, span.high + size / 20)
  }
}
