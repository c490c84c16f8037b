internal import Words

/// Seeds as files state them: `0x` and 16 hexadecimal digits, since most readers of numbers lose the last bits.
enum Seed {
  /// A seed as a field.
  static func text(_ seed: UInt64) -> String {
    "0x" + String(seed, radix: 16).rightAligned(16, fill: "0")
  }

  /// The seed of a field; nil when it is not one.
  static func value(_ text: String) -> UInt64? {
    text.hasPrefix("0x") ? UInt64(text.dropFirst(2), radix: 16) : nil
  }
}
