/// Seeds as files state them: `0x` and 16 hexadecimal digits, since most readers of numbers lose the last bits.
enum Seed {
  /// A seed as a field.
  static func text(_ seed: UInt64) -> String {
    let digits = String(seed, radix: 16)
    return "0x" + String(repeating: "0", count: 16 - digits.count) + digits
  }

  /// The seed of a field; nil when it is not one.
  static func value(_ text: String) -> UInt64? {
    text.hasPrefix("0x") ? UInt64(text.dropFirst(2), radix: 16) : nil
  }
}
