/// A small, fast, seeded generator: xoshiro256++ (Blackman and Vigna 2019), seeded by splitmix64.
///
/// The same seed and stream give the same numbers on every machine.
public struct RandomSource: RandomNumberGenerator, Sendable {
  @usableFromInline var state: (UInt64, UInt64, UInt64, UInt64)

  /// Starts the stream with the given number of a seed; streams do not overlap in practice.
  public init(seed: UInt64, stream: UInt64 = 0) {
    var mixer = seed &+ 0x9E37_79B9_7F4A_7C15 &* (stream &+ 1)
    func next() -> UInt64 {
      mixer &+= 0x9E37_79B9_7F4A_7C15
      var word = mixer
      word = (word ^ (word >> 30)) &* 0xBF58_476D_1CE4_E5B9
      word = (word ^ (word >> 27)) &* 0x94D0_49BB_1331_11EB
      return word ^ (word >> 31)
    }
    state = (next(), next(), next(), next())
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
