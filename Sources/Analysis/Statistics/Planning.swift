internal import Glibc

/// Standard deviation of a sample, with n - 1 in the denominator; nil for fewer than two values.
public func standardDeviation(_ values: [Double]) -> Double? {
  guard values.count > 1 else { return nil }
  let mean = values.reduce(0, +) / Double(values.count)
  return (values.reduce(0) { $0 + ($1 - mean) * ($1 - mean) } / Double(values.count - 1)).squareRoot()
}

/// How many paired differences it takes to tell no difference from one of the given size, at 5 % error each way.
///
/// n = ceil(1.15 (3.29 s / size)^2) + 2: the formula of the z test with 2 x 1.645 = 3.29 standard errors, more for the
/// efficiency of ranks and for small samples. It agrees with simulations of the signed-rank rule to one difference.
///
/// - Parameters:
///   - deviation: standard deviation of the differences.
///   - size: the difference to detect, in the same unit; above 0.
/// - Returns: nil when the numbers give none.
public func neededPairs(deviation: Double, size: Double) -> Int? {
  guard size > 0, deviation >= 0 else { return nil }
  let ratio = 3.29 * deviation / size
  return Int(exactly: (1.15 * ratio * ratio).rounded(.up)).map { $0 + 2 }
}
