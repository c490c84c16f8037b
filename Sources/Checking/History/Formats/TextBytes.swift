/// Text under construction as UTF-8: what writers of histories append to, a million lines without a `String` for each.
struct TextBytes {
  private(set) var bytes: [UInt8] = []

  /// What was written so far, which is forgotten.
  mutating func take() -> [UInt8] {
    defer { bytes.removeAll(keepingCapacity: true) }
    return bytes
  }

  mutating func append(_ text: StaticString) {
    bytes.append(contentsOf: UnsafeBufferPointer(start: text.utf8Start, count: text.utf8CodeUnitCount))
  }

  mutating func append(text: String) { bytes.append(contentsOf: text.utf8) }

  mutating func append(_ value: Int64) {
    if value < 0 { append("-") }
    var rest = value.magnitude
    let start = bytes.count
    repeat {
      bytes.append(UInt8(truncatingIfNeeded: 48 + rest % 10))
      rest /= 10
    } while rest > 0
    bytes[start...].reverse()
  }

  /// A number, or the word for none: `null`, `nil`.
  mutating func append(_ value: Int64?, orNone none: StaticString) {
    if let value { append(value) } else { append(none) }
  }

  /// Values with something between them.
  mutating func append<Element>(
    _ values: some Sequence<Element>, separator: StaticString, _ write: (inout Self, Element) -> Void
  ) {
    var isFirst = true
    for value in values {
      if !isFirst { append(separator) }
      isFirst = false
      write(&self, value)
    }
  }

  /// A quoted string as JSON and EDN both read it.
  mutating func append(quoted text: String) {
    append("\"")
    for byte in text.utf8 {
      switch byte {
      case UInt8(ascii: "\""), UInt8(ascii: "\\"): bytes += [UInt8(ascii: "\\"), byte]
      case UInt8(ascii: "\n"): append("\\n")
      case UInt8(ascii: "\t"): append("\\t")
      case UInt8(ascii: "\r"): append("\\r")
      case 0..<0x20: append(text: "\\u00\(byte < 16 ? "0" : "")\(String(byte, radix: 16))")
      default: bytes.append(byte)
      }
    }
    append("\"")
  }
}
