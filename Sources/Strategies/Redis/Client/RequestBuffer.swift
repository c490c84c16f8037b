internal import Runtime

/// The bytes of the request being built (RESP2), in memory that is used again for every request.
///
/// Numbers are formatted here, so that an operation allocates nothing. Source: the Redis serialization protocol
/// specification.
struct RequestBuffer: ~Copyable {
  private(set) var bytes: UnsafeMutablePointer<UInt8>
  private(set) var count = 0
  private var capacity: Int

  init(capacity: Int = 1024) {
    self.capacity = capacity
    bytes = .allocate(capacity: capacity)
  }

  deinit { bytes.deallocate() }

  /// Forgets the request before.
  @inline(__always) mutating func clear() { count = 0 }

  /// Takes bytes off that have been sent.
  mutating func removeFirst(_ sent: Int) {
    count -= sent
    bytes.update(from: bytes + sent, count: count)
  }

  /// Begins a command of so many words, its name included.
  mutating func command(words: Int) { header(UInt8(ascii: "*"), words) }

  /// A word known when the program was built.
  mutating func append(_ word: StaticString) {
    append(UnsafeRawBufferPointer(start: word.utf8Start, count: word.utf8CodeUnitCount))
  }

  /// A word of any bytes.
  mutating func append(_ word: UnsafeRawBufferPointer) {
    header(UInt8(ascii: "$"), word.count)
    copy(word)
    endLine()
  }

  /// A word from a string; not for operations.
  mutating func append(text: String) {
    var text = text
    text.withUTF8 { append(UnsafeRawBufferPointer($0)) }
  }

  /// A number in decimal digits.
  mutating func append(_ number: Int64) {
    header(UInt8(ascii: "$"), number.decimalLength)
    digits(number)
    endLine()
  }

  /// A prefix and a number, as one word: the name of a key.
  mutating func append(_ prefix: KeyPrefix, _ number: Int32) {
    let number = Int64(number)
    header(UInt8(ascii: "$"), prefix.bytes.count &+ number.decimalLength)
    copy(prefix.bytes)
    digits(number)
    endLine()
  }

  /// A prefix and three numbers with colons between them, as one word.
  mutating func append(_ prefix: KeyPrefix, _ first: Int64, _ second: Int64, _ third: Int64) {
    let digitCount = first.decimalLength &+ second.decimalLength &+ third.decimalLength
    header(UInt8(ascii: "$"), prefix.bytes.count &+ digitCount &+ 2)
    copy(prefix.bytes)
    digits(first)
    colon()
    digits(second)
    colon()
    digits(third)
    endLine()
  }

  private mutating func colon() {
    reserve(1)
    bytes[count] = UInt8(ascii: ":")
    count &+= 1
  }

  private mutating func header(_ kind: UInt8, _ length: Int) {
    reserve(24)
    bytes[count] = kind
    count &+= 1
    digits(Int64(length))
    endLine()
  }

  @inline(__always) private mutating func endLine() {
    reserve(2)
    bytes[count] = 13
    bytes[count &+ 1] = 10
    count &+= 2
  }

  private mutating func digits(_ number: Int64) {
    reserve(20)
    count &+= number.writeDecimal(to: bytes + count)
  }

  @inline(__always) private mutating func copy(_ source: UnsafeRawBufferPointer) {
    reserve(source.count)
    guard let base = source.baseAddress else { return }
    UnsafeMutableRawPointer(bytes + count).copyMemory(from: base, byteCount: source.count)
    count &+= source.count
  }

  @inline(__always) private mutating func reserve(_ more: Int) {
    if _slowPath(capacity &- count < more) { grow(by: more) }
  }

  @inline(never) private mutating func grow(by more: Int) {
    capacity = max(capacity * 2, count + more)
    let larger = UnsafeMutablePointer<UInt8>.allocate(capacity: capacity)
    larger.update(from: bytes, count: count)
    bytes.deallocate()
    bytes = larger
  }
}
