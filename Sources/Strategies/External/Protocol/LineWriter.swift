internal import Runtime

/// Lines on their way to the other side: a buffer that keeps its room, so that a request allocates nothing.
struct LineWriter {
  private(set) var bytes: [UInt8] = []

  init() { bytes.reserveCapacity(4096) }

  /// Appends text as it is.
  mutating func append(_ text: StaticString) {
    bytes.append(contentsOf: UnsafeBufferPointer(start: text.utf8Start, count: text.utf8CodeUnitCount))
  }

  /// Appends bytes as they are.
  mutating func append(bytes more: [UInt8]) { bytes.append(contentsOf: more) }

  /// Appends a whole number.
  mutating func append(_ number: Int64) {
    let start = bytes.count
    bytes.append(contentsOf: repeatElement(0, count: number.decimalLength))
    bytes.withUnsafeMutableBufferPointer { buffer in
      if let base = buffer.baseAddress { _ = number.writeDecimal(to: base + start) }
    }
  }

  /// Appends text as a string of JSON.
  mutating func append(quoted text: String) {
    bytes.append(UInt8(ascii: "\""))
    for byte in text.utf8 {
      switch byte {
      case UInt8(ascii: "\""), UInt8(ascii: "\\"):
        bytes.append(UInt8(ascii: "\\"))
        bytes.append(byte)
      case 0..<0x20:
        append("\\u00")
        for digit in [byte >> 4, byte & 15] {
          bytes.append(digit < 10 ? UInt8(ascii: "0") + digit : UInt8(ascii: "a") + digit - 10)
        }
      default: bytes.append(byte)
      }
    }
    bytes.append(UInt8(ascii: "\""))
  }

  /// Forgets the first bytes, which have been sent.
  mutating func remove(_ count: Int) {
    if count == bytes.count { bytes.removeAll(keepingCapacity: true) } else { bytes.removeFirst(count) }
  }
}
