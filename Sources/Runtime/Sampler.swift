internal import Model

/// Decides which operations are timed: the gap to the next is uniform in 1 ... 2 * interval - 1, so that sampling never
/// falls into step with the operations.
struct Sampler {
  private let interval: Int
  private var countdown = 1

  init(interval: Int) { self.interval = interval }

  @inline(__always) mutating func next(using random: inout RandomSource) -> Bool {
    countdown &-= 1
    if countdown > 0 { return false }
    countdown = interval == 1 ? 1 : 1 &+ Int(random.below(UInt64(2 &* interval &- 1)))
    return true
  }
}
