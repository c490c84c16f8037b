internal import Model

/// The locks that one worker holds or may hold, each with the token by which the server knows the holder.
struct LockHolds: ~Copyable {
  /// 20 random bytes in hexadecimal.
  private static var tokenLength: Int { 40 }
  private static var capacity: Int { Operation.maximumSteps }

  private let keys = UnsafeMutablePointer<Int32>.allocate(capacity: capacity)
  private let tokens = UnsafeMutablePointer<UInt8>.allocate(capacity: capacity * tokenLength)
  private var used: UInt32 = 0
  private var random: RandomSource

  init(_ random: RandomSource) { self.random = random }

  deinit {
    keys.deallocate()
    tokens.deallocate()
  }

  /// A hold with a token that was never used before. A worker never has more than one operation's.
  mutating func add(_ key: Int32) -> Int {
    let index = (~used).trailingZeroBitCount
    precondition(index < Self.capacity, "a worker holds the locks of one operation at most")
    used |= 1 << UInt32(index)
    keys[index] = key
    writeToken(to: tokens + index &* Self.tokenLength)
    return index
  }

  /// Forgets a hold.
  mutating func remove(_ index: Int) { used &= ~(1 << UInt32(index)) }

  /// The hold of a key; nil when there is none.
  func find(_ key: Int32) -> Int? {
    for index in 0..<Self.capacity where used & (1 << UInt32(index)) != 0 && keys[index] == key { return index }
    return nil
  }

  /// Any hold; nil when there is none.
  var first: Int? { used == 0 ? nil : used.trailingZeroBitCount }

  /// The record of a hold.
  func key(_ index: Int) -> Int32 { keys[index] }

  /// The token of a hold; valid until it is removed.
  func token(_ index: Int) -> UnsafeRawBufferPointer {
    UnsafeRawBufferPointer(start: tokens + index &* Self.tokenLength, count: Self.tokenLength)
  }

  private mutating func writeToken(to bytes: UnsafeMutablePointer<UInt8>) {
    var position = 0
    while position < Self.tokenLength {
      var word = random.next()
      let end = min(position &+ 16, Self.tokenLength)
      while position < end {
        let digit = UInt8(truncatingIfNeeded: word & 15)
        bytes[position] = digit &+ (digit < 10 ? UInt8(ascii: "0") : UInt8(ascii: "a") &- 10)
        word >>= 4
        position &+= 1
      }
    }
  }
}
