/// A small, fast, seeded generator: xoshiro256++ (Blackman and Vigna 2019), seeded by splitmix64.
///
/// The same seed and stream give the same numbers on every machine.
public struct RandomSource: RandomNumberGenerator, Sendable {
  @usableFromInline var state: (UInt64, UInt64, UInt64, UInt64)

  /// Starts the stream with the given number of a seed. Stream 0 is what other implementations give for the seed;
  /// streams do not overlap in practice.
  public init(seed: UInt64, stream: UInt64 = 0) {
    // The number of the stream is mixed before it meets the seed: an unmixed multiple of the golden ratio would only
    // move along the sequence of splitmix64, and neighbouring streams would share three of their four words.
    var sequence = seed ^ Self.mixed(stream &* Self.goldenRatio)
    func next() -> UInt64 {
      sequence &+= Self.goldenRatio
      return Self.mixed(sequence)
    }
    state = (next(), next(), next(), next())
  }

  /// Starts from a full state, as the published test sequences do; not all words may be 0.
  public init(state: (UInt64, UInt64, UInt64, UInt64)) { self.state = state }

  private static let goldenRatio: UInt64 = 0x9E37_79B9_7F4A_7C15

  /// The output function of splitmix64.
  private static func mixed(_ input: UInt64) -> UInt64 {
    var word = (input ^ (input >> 30)) &* 0xBF58_476D_1CE4_E5B9
    word = (word ^ (word >> 27)) &* 0x94D0_49BB_1331_11EB
    return word ^ (word >> 31)
  }

  /// The next 64 bits.
  @inlinable public mutating func next() -> UInt64 {
    func rotate(_ word: UInt64, _ by: UInt64) -> UInt64 { (word &<< by) | (word &>> (64 &- by)) }
    let result = rotate(state.0 &+ state.3, 23) &+ state.0
    let shifted = state.1 &<< 17
    state.2 ^= state.0
    state.3 ^= state.1
    state.1 ^= state.2
    state.0 ^= state.3
    state.2 ^= shifted
    state.3 = rotate(state.3, 45)
    return result
  }

  /// A number from 0 up to but not including `bound`, by multiplication (Lemire 2019, without the rare rejection).
  @inlinable public mutating func below(_ bound: UInt64) -> UInt64 { next().multipliedFullWidth(by: bound).high }

  /// A number from 0 up to but not including 1.
  @inlinable public mutating func fraction() -> Double { Double(next() >> 11) * 0x1p-53 }
}
