@preconcurrency internal import Glibc
internal import Model

/// Arrival times of an open loop: exponential gaps (a Poisson process), computed and never slept, so that a late worker
/// does not shift the schedule.
struct Arrivals {
  private let meanInterval: Double
  private var moment: Double

  /// - Parameter meanInterval: nanoseconds between two arrivals.
  init(meanInterval: Double, first: Int64) {
    self.meanInterval = meanInterval
    moment = Double(first)
  }

  mutating func next(using random: inout RandomSource) -> Int64 {
    moment -= meanInterval * log(1 - random.fraction())
    return Int64(moment)
  }
}
