internal import Glibc
public import Model

/// Draws keys with a scenario's distribution.
///
/// Zipf by inverse transform over the exact cumulative weights: theta 0 to any size, record 0 the hottest. Used only
/// to draw the operations before a trial, so a binary search per draw is cheap enough.
public struct KeyChooser: Sendable {
  private let keys: Int
  private let cumulative: [Double]

  /// Prepares drawing among `keys` keys.
  public init(keys: Int, distribution: KeyDistribution) {
    self.keys = keys
    guard case .zipfian(let theta) = distribution, theta > 0, keys > 1 else {
      cumulative = []
      return
    }
    var sum = 0.0
    let weights = (1...keys).map { rank -> Double in
      sum += pow(Double(rank), -theta)
      return sum
    }
    cumulative = weights.map { $0 / sum }
  }

  /// One key.
  public func next(using random: inout RandomSource) -> Int {
    guard !cumulative.isEmpty else { return Int(random.below(UInt64(keys))) }
    let target = random.fraction()
    var low = 0
    var high = cumulative.count - 1
    while low < high {
      let middle = (low + high) / 2
      if cumulative[middle] <= target { low = middle + 1 } else { high = middle }
    }
    return low
  }

  /// Several different keys, in the order drawn; `count` must not exceed the number of keys.
  ///
  /// A key drawn twice is drawn again, so that the others keep their relative probabilities. After some draws in vain
  /// (few keys, or all the weight on a few) the next free key is taken.
  public func next(_ count: Int, using random: inout RandomSource) -> [Int] {
    precondition(count <= keys, "cannot draw \(count) different keys out of \(keys)")
    var chosen: [Int] = []
    while chosen.count < count {
      var key = next(using: &random)
      var redraws = 0
      while chosen.contains(key) {
        key = redraws < 32 ? next(using: &random) : (key + 1) % keys
        redraws += 1
      }
      chosen.append(key)
    }
    return chosen
  }

  /// Probability of each key, hottest first; for reports of p1 and of the sum of squares.
  public var probabilities: [Double] {
    guard !cumulative.isEmpty else { return Array(repeating: 1 / Double(keys), count: keys) }
    return cumulative.indices.map { cumulative[$0] - ($0 == 0 ? 0 : cumulative[$0 - 1]) }
  }
}
