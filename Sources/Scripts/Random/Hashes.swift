/// The functions of pgbench that spread numbers without drawing any.
enum Spreading {
  /// MurmurHash64A of eight bytes (Appleby), where pgbench lets the seed meet the length.
  static func murmur2(_ value: Int64, seed: Int64) -> Int64 {
    let multiplier: UInt64 = 0xC6A4_A793_5BD1_E995
    var mixed = UInt64(bitPattern: value) &* multiplier
    mixed ^= mixed >> 47
    mixed = mixed &* multiplier
    var result = UInt64(bitPattern: seed) ^ (multiplier &* 8)
    result = (result ^ mixed) &* multiplier
    result ^= result >> 47
    result = result &* multiplier
    result ^= result >> 47
    return Int64(bitPattern: result)
  }

  /// FNV-1a of eight bytes, the lowest first; the seed changes the offset.
  static func fnv1a(_ value: Int64, seed: Int64) -> Int64 {
    var result = 0xCBF2_9CE4_8422_2325 ^ UInt64(bitPattern: seed)
    for octet in 0..<8 {
      result ^= UInt64(bitPattern: value) >> UInt64(octet * 8) & 0xFF
      result = result &* 0x0000_0100_0000_01B3
    }
    return Int64(bitPattern: result)
  }

  /// The place of a number in a permutation of all numbers below `size`, which must be positive: six rounds of bijections
  /// on the lower and on the upper numbers (as many as the largest power of two), each followed by a rotation of all.
  static func permute(_ value: Int64, size: Int64, seed: Int64) -> Int64 {
    guard size > 1 else { return 0 }
    var random = Xoroshiro(seed: UInt64(bitPattern: seed))
    let size = UInt64(bitPattern: size)
    let width = UInt64(63 - size.leadingZeroBitCount)
    let mask = (1 as UInt64) << width - 1
    var position = UInt64(bitPattern: value) % size
    for _ in 0..<6 {
      var (factor, pattern) = (random.next() & mask | 1, random.next() & mask)
      if position <= mask { position = mixed(position, factor, pattern, mask, width) }
      (factor, pattern) = (random.next() & mask | 1, random.next() & mask)
      let mirrored = size - 1 - position
      if mirrored <= mask { position = size - 1 - mixed(mirrored, factor, pattern, mask, width) }
      position = (position + random.upTo(size - 1)) % size
    }
    return Int64(bitPattern: position)
  }

  /// Multiplies by an odd number, applies a pattern, and turns the topmost bit to the lowest, all modulo a power of two.
  private static func mixed(
    _ value: UInt64, _ factor: UInt64, _ pattern: UInt64, _ mask: UInt64, _ width: UInt64
  ) -> UInt64 {
    let product = (value &* factor ^ pattern) & mask
    return product << 1 & mask | product >> (width - 1)
  }
}

/// xoroshiro128** (Blackman and Vigna 2018), the generator of PostgreSQL 15 and later: `permute` promises its numbers.
struct Xoroshiro {
  private var first: UInt64
  private var second: UInt64

  /// Seeded by splitmix64.
  init(seed: UInt64) {
    var sequence = seed
    func next() -> UInt64 {
      sequence &+= 0x9E37_79B9_7F4A_7C15
      var word = (sequence ^ sequence >> 30) &* 0xBF58_476D_1CE4_E5B9
      word = (word ^ word >> 27) &* 0x94D0_49BB_1331_11EB
      return word ^ word >> 31
    }
    (first, second) = (next(), next())
  }

  mutating func next() -> UInt64 {
    let mixed = second ^ first
    let result = Self.rotated(first &* 5, 7) &* 9
    first = Self.rotated(first, 24) ^ mixed ^ mixed << 16
    second = Self.rotated(mixed, 37)
    return result
  }

  /// A number up to and including a bound.
  mutating func upTo(_ bound: UInt64) -> UInt64 {
    guard bound > 0 else { return 0 }
    let shift = UInt64(bound.leadingZeroBitCount)
    while true {
      let value = next() >> shift
      if value <= bound { return value }
    }
  }

  private static func rotated(_ word: UInt64, _ by: UInt64) -> UInt64 { word << by | word >> (64 - by) }
}
