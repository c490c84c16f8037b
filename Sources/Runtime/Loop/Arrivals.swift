@preconcurrency internal import Glibc
internal import Model

/// When operations arrive at a worker, whether or not earlier ones have ended.
enum ArrivalSchedule: Sendable {
  /// A Poisson process: exponential gaps with a mean in nanoseconds.
  case poisson(meanInterval: Double)
  /// Equal gaps in nanoseconds, the first arrival so long after the start.
  case even(interval: Double, offset: Double)
  /// So many at once, every so many nanoseconds after the start: a crowd that comes together. One at a time is a tick,
  /// which all workers that start together have in common.
  case bursts(of: Int, every: Int64)
  /// At every multiple of an interval, later by so much and by a drawn time up to so much; what passes while the worker is
  /// busy is left out. In nanoseconds.
  case ticks(every: Int64, lateness: Int64, jitter: Int64)
}

/// The arrivals at one worker: computed and never slept, so that a late worker does not shift the schedule.
struct Arrivals {
  private let schedule: ArrivalSchedule
  private let first: Int64
  private var count: Int64 = 0
  private var moment: Double

  /// - Parameter first: the start, a moment of ``monotonicNow()``; the first burst comes then.
  init(_ schedule: ArrivalSchedule, first: Int64) {
    self.schedule = schedule
    self.first = first
    moment = Double(first)
  }

  /// The next arrival.
  mutating func next(using random: inout RandomSource) -> Int64 {
    switch schedule {
    case .poisson(let meanInterval):
      moment -= meanInterval * log(1 - random.fraction())
      return Int64(moment)
    case .even(let interval, let offset):
      defer { count += 1 }
      return first &+ Int64(offset + Double(count) * interval)
    case .bursts(let size, let interval):
      defer { count += 1 }
      return first &+ count / Int64(size) &* interval
    case .ticks(let interval, let lateness, let jitter):
      count = max(count, (max(first, monotonicNow()) &- lateness) / interval) &+ 1
      return count &* interval &+ lateness &+ Int64(random.below(UInt64(jitter) &+ 1))
    }
  }
}
