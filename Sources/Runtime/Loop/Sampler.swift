internal import Model

/// Decides which operations are timed: the gap to the next is uniform in 1 ... 2 * interval - 1, so that sampling never
/// falls into step with the operations.
struct Sampler {
  private var countdown = 1

  @inline(__always) mutating func next(interval: Int, using random: inout RandomSource) -> Bool {
    countdown &-= 1
    if _fastPath(countdown > 0) { return false }
    countdown = Self.gap(interval, &random)
    return true
  }

  // Apart, so that the registers of the loop are not spent on it.
  @inline(never) private static func gap(_ interval: Int, _ random: inout RandomSource) -> Int {
    interval == 1 ? 1 : 1 &+ Int(random.below(UInt64(2 &* interval &- 1)))
  }
}
