/// Numbers as text protocols spell them, written and read without allocating.
extension Int64 {
  /// How many bytes ``writeDecimal(to:)`` writes: 1 to 20.
  public var decimalLength: Int {
    var rest = magnitude
    var length = self < 0 ? 2 : 1
    while rest >= 10 {
      rest /= 10
      length &+= 1
    }
    return length
  }

  /// Writes the number in decimal digits, a minus sign before negative ones.
  /// - Returns: how many bytes were written.
  public func writeDecimal(to bytes: UnsafeMutablePointer<UInt8>) -> Int {
    let length = decimalLength
    var rest = magnitude
    var position = length
    repeat {
      position &-= 1
      bytes[position] = UInt8(ascii: "0") &+ UInt8(truncatingIfNeeded: rest % 10)
      rest /= 10
    } while rest > 0
    if self < 0 { bytes[0] = UInt8(ascii: "-") }
    return length
  }

  /// The number that the bytes spell; nil when they are anything but decimal digits within 64 bits.
  public init?(decimal bytes: UnsafeRawBufferPointer) {
    let isNegative = bytes.first == UInt8(ascii: "-")
    let digits = isNegative ? bytes.dropFirst() : bytes[...]
    guard !digits.isEmpty, digits.count <= 19 else { return nil }
    var magnitude: UInt64 = 0
    for byte in digits {
      let digit = byte &- UInt8(ascii: "0")
      guard digit < 10 else { return nil }
      magnitude = magnitude &* 10 &+ UInt64(digit)
    }
    guard magnitude <= UInt64(Int64.max) + (isNegative ? 1 : 0) else { return nil }
    self = isNegative ? 0 &- Int64(truncatingIfNeeded: magnitude) : Int64(magnitude)
  }
}
