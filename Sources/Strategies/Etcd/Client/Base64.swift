#if Etcd
/// Bytes as text (RFC 4648, section 4): how the gateway writes keys and values.
enum Base64 {
  private static let digits = Array("ABCDEFGHIJKLMNOPQRSTUVWXYZabcdefghijklmnopqrstuvwxyz0123456789+/".utf8)

  static func encoded(_ text: String) -> String {
    var result: [UInt8] = []
    var bits = 0
    var word = 0
    for byte in text.utf8 {
      word = word << 8 | Int(byte)
      bits += 8
      while bits >= 6 {
        bits -= 6
        result.append(digits[word >> bits & 63])
      }
    }
    if bits > 0 { result.append(digits[word << (6 - bits) & 63]) }
    while result.count % 4 != 0 { result.append(UInt8(ascii: "=")) }
    return String(decoding: result, as: UTF8.self)
  }

  /// Nil when it is not base64, or not text.
  static func decoded(_ text: String) -> String? {
    var result: [UInt8] = []
    var bits = 0
    var word = 0
    for byte in text.utf8 where byte != UInt8(ascii: "=") {
      guard let digit = digits.firstIndex(of: byte) else { return nil }
      word = (word << 6 | digit) & 0xFFFF
      bits += 6
      if bits >= 8 {
        bits -= 8
        result.append(UInt8(word >> bits & 255))
      }
    }
    return String(validating: result, as: UTF8.self)
  }
}
#endif
