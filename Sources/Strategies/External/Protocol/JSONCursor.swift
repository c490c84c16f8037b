internal import Runtime

/// What stands in a line is no JSON object as the protocol has them.
struct Malformed: Error {}

/// A place in a line of JSON. It reads the members of one object without allocating, and passes over what nobody asked
/// for; texts are looked at where they stand.
struct JSONCursor {
  private let bytes: UnsafeRawBufferPointer
  private var index = 0

  /// A text as it stands in the line, without its quotes.
  struct Text {
    let bytes: UnsafeRawBufferPointer
    /// Whether something is written with a backslash.
    let hasEscapes: Bool

    /// Whether it is this word.
    func equals(_ word: StaticString) -> Bool {
      guard bytes.count == word.utf8CodeUnitCount else { return false }
      for index in 0..<bytes.count where bytes[index] != word.utf8Start[index] { return false }
      return true
    }

    /// A copy, the usual escapes resolved.
    var copy: String {
      let text = String(decoding: bytes, as: UTF8.self)
      guard hasEscapes else { return text }
      return text.replacing("\\n", with: "\n").replacing("\\t", with: "\t").replacing("\\\"", with: "\"")
        .replacing("\\/", with: "/").replacing("\\\\", with: "\\")
    }
  }

  init(_ bytes: UnsafeRawBufferPointer) { self.bytes = bytes }

  /// The next byte that is no blank, without passing over it.
  mutating func peek() throws(Malformed) -> UInt8 {
    while index < bytes.count {
      let byte = bytes[index]
      if byte != 0x20 && byte != 0x09 && byte != 0x0D { return byte }
      index &+= 1
    }
    throw Malformed()
  }

  /// Passes over a byte that must stand here.
  mutating func expect(_ character: Unicode.Scalar) throws(Malformed) {
    guard try peek() == UInt8(ascii: character) else { throw Malformed() }
    index &+= 1
  }

  /// Passes over a byte if it stands here.
  mutating func take(_ character: Unicode.Scalar) throws(Malformed) -> Bool {
    guard try peek() == UInt8(ascii: character) else { return false }
    index &+= 1
    return true
  }

  /// Nothing but blanks may follow.
  mutating func expectEnd() throws(Malformed) {
    while index < bytes.count {
      guard [0x20, 0x09, 0x0D].contains(bytes[index]) else { throw Malformed() }
      index &+= 1
    }
  }

  /// A text.
  mutating func text() throws(Malformed) -> Text {
    try expect("\"")
    let start = index
    var hasEscapes = false
    while index < bytes.count {
      switch bytes[index] {
      case UInt8(ascii: "\""):
        defer { index &+= 1 }
        return Text(bytes: UnsafeRawBufferPointer(rebasing: bytes[start..<index]), hasEscapes: hasEscapes)
      case UInt8(ascii: "\\"):
        hasEscapes = true
        index &+= 2
      default: index &+= 1
      }
    }
    throw Malformed()
  }

  /// A whole number within 64 bits; nil for `null`.
  mutating func integer() throws(Malformed) -> Int64? {
    if try peek() == UInt8(ascii: "n") {
      try skipWord()
      return nil
    }
    let start = index
    while index < bytes.count, bytes[index] == UInt8(ascii: "-") || (0x30...0x39).contains(bytes[index]) { index &+= 1 }
    guard let number = Int64(decimal: UnsafeRawBufferPointer(rebasing: bytes[start..<index])) else { throw Malformed() }
    return number
  }

  /// A copy of a text; nil for `null`.
  mutating func optionalText() throws(Malformed) -> String? {
    if try peek() == UInt8(ascii: "\"") { return try text().copy }
    guard try word().equals("null") else { throw Malformed() }
    return nil
  }

  /// `true` or `false`; nil for `null`.
  mutating func flag() throws(Malformed) -> Bool? {
    _ = try peek()
    let word = try word()
    if word.equals("true") { return true }
    if word.equals("false") { return false }
    guard word.equals("null") else { throw Malformed() }
    return nil
  }

  /// Anything that stands without quotes.
  private mutating func word() throws(Malformed) -> Text {
    let start = index
    try skipWord()
    return Text(bytes: UnsafeRawBufferPointer(rebasing: bytes[start..<index]), hasEscapes: false)
  }

  private mutating func skipWord() throws(Malformed) {
    let start = index
    while index < bytes.count, ![0x2C, 0x5D, 0x7D, 0x20, 0x0D].contains(bytes[index]) { index &+= 1 }
    guard index > start else { throw Malformed() }
  }

  /// Passes over any value.
  mutating func skip(depth: Int = 0) throws(Malformed) {
    guard depth < 64 else { throw Malformed() }
    switch try peek() {
    case UInt8(ascii: "\""): _ = try text()
    case UInt8(ascii: "{"):
      index &+= 1
      if try take("}") { return }
      repeat {
        _ = try text()
        try expect(":")
        try skip(depth: depth + 1)
      } while try take(",")
      try expect("}")
    case UInt8(ascii: "["):
      index &+= 1
      if try take("]") { return }
      repeat { try skip(depth: depth + 1) } while try take(",")
      try expect("]")
    default: try skipWord()
    }
  }
}
