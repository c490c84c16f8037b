/// Signed numbers of variable length: ZigZag, then 7 bits a byte, and a ninth byte of 8 bits (LEB128-64b9B).
public enum ZigZag {
  /// Appends a number: 1 to 9 bytes.
  public static func append(_ value: Int64, to bytes: inout [UInt8]) {
    var rest = UInt64(bitPattern: value &<< 1 ^ value >> 63)
    for _ in 0..<8 {
      if rest < 0x80 { break }
      bytes.append(UInt8(rest & 0x7F) | 0x80)
      rest >>= 7
    }
    bytes.append(UInt8(rest))
  }

  /// The number at a position, which moves past it; nil when the bytes end inside.
  public static func next(in bytes: [UInt8], at position: inout Int) -> Int64? {
    var word: UInt64 = 0
    for group in 0..<9 {
      guard position < bytes.count else { return nil }
      let byte = UInt64(bytes[position])
      position += 1
      let isLast = group == 8 || byte < 0x80
      word |= (group == 8 ? byte : byte & 0x7F) << UInt64(7 * group)
      if isLast { break }
    }
    return Int64(bitPattern: word >> 1) ^ -Int64(bitPattern: word & 1)
  }
}
