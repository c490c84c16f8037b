/// The hash by which scenario files are compared. Source: FIPS 180-4, sections 4.1.2, 5 and 6.2.
enum SHA256 {
  /// The hash of bytes, as 64 hexadecimal digits.
  static func hexadecimal(of bytes: [UInt8]) -> String {
    var state = initialState
    let message = padded(bytes)
    for start in stride(from: 0, to: message.count, by: 64) { compress(message[start..<start + 64], into: &state) }
    return state.map { word in
      let digits = String(word, radix: 16)
      return String(repeating: "0", count: 8 - digits.count) + digits
    }.joined()
  }

  /// The message, a 1 bit, zeros, and its length in bits: a multiple of 64 bytes.
  private static func padded(_ bytes: [UInt8]) -> [UInt8] {
    let zeros = (119 - bytes.count % 64) % 64
    let length = UInt64(bytes.count) * 8
    return bytes + [0x80] + Array(repeating: 0, count: zeros)
      + (0..<8).map { UInt8(truncatingIfNeeded: length >> UInt64(56 - 8 * $0)) }
  }

  private static func compress(_ block: ArraySlice<UInt8>, into state: inout [UInt32]) {
    var schedule = stride(from: block.startIndex, to: block.endIndex, by: 4).map { start in
      block[start..<start + 4].reduce(UInt32(0)) { $0 << 8 | UInt32($1) }
    }
    for round in 16..<64 {
      let early = schedule[round - 15]
      let late = schedule[round - 2]
      let first = rotated(early, 7) ^ rotated(early, 18) ^ early >> 3
      let second = rotated(late, 17) ^ rotated(late, 19) ^ late >> 10
      schedule.append(schedule[round - 16] &+ first &+ schedule[round - 7] &+ second)
    }
    var (a, b, c, d, e, f, g, h) = (
      state[0], state[1], state[2], state[3], state[4], state[5], state[6], state[7]
    )
    for round in 0..<64 {
      let choice = (e & f) ^ (~e & g)
      let majority = (a & b) ^ (a & c) ^ (b & c)
      let first =
        h &+ (rotated(e, 6) ^ rotated(e, 11) ^ rotated(e, 25)) &+ choice &+ constants[round] &+ schedule[round]
      let second = (rotated(a, 2) ^ rotated(a, 13) ^ rotated(a, 22)) &+ majority
      (h, g, f, e, d, c, b, a) = (g, f, e, d &+ first, c, b, a, first &+ second)
    }
    for (index, word) in [a, b, c, d, e, f, g, h].enumerated() { state[index] &+= word }
  }

  private static func rotated(_ word: UInt32, _ bits: UInt32) -> UInt32 { word >> bits | word << (32 - bits) }

  /// The first 64 primes.
  private static let primes: [UInt64] = (2...311).filter { candidate in
    !(2..<candidate).contains { candidate.isMultiple(of: $0) }
  }
  /// The first 32 bits of the fractional parts of the square roots of the first 8 primes.
  private static let initialState = primes.prefix(8).map { fraction(of: $0, power: 2) }
  /// The same of the cube roots of the first 64 primes.
  private static let constants = primes.map { fraction(of: $0, power: 3) }

  /// The first 32 bits after the point of a root, by bisection over integers.
  private static func fraction(of prime: UInt64, power: Int) -> UInt32 {
    // The greatest r with r^power <= prime * 2^(32 * power).
    let target = UInt128(prime) << UInt128(32 * power)
    var root: UInt128 = 0
    for bit in stride(from: UInt128(37), through: 0, by: -1) {
      let candidate = root | UInt128(1) << bit
      let raised = power == 2 ? candidate * candidate : candidate * candidate * candidate
      if raised <= target { root = candidate }
    }
    return UInt32(truncatingIfNeeded: root)
  }
}
