#if MariaDB
/// The text of the statement being built, in memory that is used again for every statement: an operation allocates
/// nothing.
struct StatementText: ~Copyable {
  private let bytes = UnsafeMutablePointer<CChar>.allocate(capacity: Self.capacity)
  private var count = 0
  /// More than the longest statement: one of eight records takes 500 bytes.
  private static var capacity: Int { 4096 }

  deinit { bytes.deallocate() }

  /// What was built.
  var text: UnsafeBufferPointer<CChar> { UnsafeBufferPointer(start: bytes, count: count) }

  /// Begins another statement.
  mutating func clear() { count = 0 }

  /// Words known when the program was built.
  mutating func append(_ words: StaticString) {
    append(UnsafeBufferPointer(start: words.utf8Start, count: words.utf8CodeUnitCount))
  }

  /// Words from a string.
  mutating func append(text: String) {
    var text = text
    text.withUTF8 { append($0) }
  }

  private mutating func append(_ words: UnsafeBufferPointer<UInt8>) {
    precondition(count + words.count <= Self.capacity, "a statement has a few hundred bytes")
    for byte in words {
      bytes[count] = CChar(bitPattern: byte)
      count &+= 1
    }
  }

  /// A number in decimal digits.
  mutating func append(_ number: Int64) {
    precondition(count + 20 <= Self.capacity, "a statement has a few hundred bytes")
    if number < 0 {
      bytes[count] = CChar(bitPattern: UInt8(ascii: "-"))
      count &+= 1
    }
    let start = count
    var rest = number.magnitude
    repeat {
      bytes[count] = CChar(bitPattern: UInt8(ascii: "0") &+ UInt8(truncatingIfNeeded: rest % 10))
      count &+= 1
      rest /= 10
    } while rest > 0
    var digits = UnsafeMutableBufferPointer(start: bytes + start, count: count &- start)
    digits.reverse()
  }
}
#endif
