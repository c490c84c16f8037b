/// The text of the statement being built, in memory that is used again for every statement: an operation allocates
/// nothing.
public struct StatementText: ~Copyable {
  private let bytes = UnsafeMutablePointer<CChar>.allocate(capacity: Self.capacity)
  private var count = 0
  /// More than the longest statement: one of eight records takes 500 bytes.
  private static var capacity: Int { 4096 }

  /// Room for a statement.
  public init() {}

  deinit { bytes.deallocate() }

  /// What was built.
  public var text: UnsafeBufferPointer<CChar> { UnsafeBufferPointer(start: bytes, count: count) }

  /// Begins another statement.
  public mutating func clear() { count = 0 }

  /// Words known when the program was built.
  public mutating func append(_ words: StaticString) {
    append(UnsafeBufferPointer(start: words.utf8Start, count: words.utf8CodeUnitCount))
  }

  /// Words from a string.
  public mutating func append(text: String) {
    var text = text
    text.withUTF8 { append($0) }
  }

  /// Bytes from anywhere.
  public mutating func append(_ words: UnsafeBufferPointer<UInt8>) {
    precondition(count + words.count <= Self.capacity, "a statement has a few hundred bytes")
    for byte in words {
      bytes[count] = CChar(bitPattern: byte)
      count &+= 1
    }
  }

  /// A zero after what was built, for libraries that ask for one; it is no part of the text.
  public mutating func terminate() {
    precondition(count < Self.capacity, "a statement has a few hundred bytes")
    bytes[count] = 0
  }

  /// A number in decimal digits.
  public mutating func append(_ number: Int64) {
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
