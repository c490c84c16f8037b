internal import Glibc
internal import Model

/// The distributions of pgbench's random functions, by its algorithms; bounds are checked by the caller, and
/// `upper - lower + 1` is an Int64.
extension RandomSource {
  /// Every number from `lower` to `upper` equally often: bits as many as the width needs, drawn again when too large.
  mutating func uniform(_ lower: Int64, _ upper: Int64) -> Int64 {
    let range = UInt64(bitPattern: upper &- lower)
    guard range > 0 else { return lower }
    let shift = UInt64(truncatingIfNeeded: range.leadingZeroBitCount)
    var value: UInt64
    repeat { value = next() &>> shift } while value > range
    return lower &+ Int64(bitPattern: value)
  }

  /// Falls from `lower` to `upper` by e to the power of the parameter.
  mutating func exponential(_ lower: Int64, _ upper: Int64, _ parameter: Double) -> Int64 {
    let cut = Glibc.exp(-parameter)
    let uniform = 1 - fraction()
    let share = -Glibc.log(cut + (1 - cut) * uniform) / parameter
    return lower &+ Self.part(share, of: upper &- lower &+ 1)
  }

  /// A bell around the middle, whose half width is as many standard deviations as the parameter says.
  mutating func gaussian(_ lower: Int64, _ upper: Int64, _ parameter: Double) -> Int64 {
    var deviation: Double
    repeat { deviation = normal() } while deviation < -parameter || deviation >= parameter
    return lower &+ Self.part((deviation + parameter) / (parameter * 2), of: upper &- lower &+ 1)
  }

  /// The n-th number in proportion to 1 / n to the power of the parameter: Devroye 1986, page 550.
  mutating func zipfian(_ lower: Int64, _ upper: Int64, _ parameter: Double) -> Int64 {
    let count = upper &- lower &+ 1
    guard count > 1 else { return lower }
    let power = parameter - 1
    let b = Glibc.pow(2, power)
    while true {
      let u = fraction()
      let v = fraction()
      let x = Glibc.floor(Glibc.pow(u, -1 / power))
      let t = Glibc.pow(1 + 1 / x, power)
      if v * x * (t - 1) / (b - 1) <= t / b, x <= Double(count), let rank = Int64(exactly: x) {
        return lower &+ (min(rank, count) &- 1)
      }
    }
  }

  /// A standard normal deviate (Box and Muller 1958).
  private mutating func normal() -> Double {
    let first = 1 - fraction()
    let second = 1 - fraction()
    return Glibc.sqrt(-2 * Glibc.log(first)) * Glibc.sin(2 * .pi * second)
  }

  /// The product without its fraction; rounding must not lead out of the range.
  private static func part(_ share: Double, of count: Int64) -> Int64 {
    let product = Double(count) * share
    return product >= Double(count) ? count &- 1 : max(0, Int64(exactly: product.rounded(.down)) ?? count &- 1)
  }
}
