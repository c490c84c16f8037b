#if Memcached
internal import Runtime

/// The bytes of the request being built (text protocol), in memory that is used again for every request, so that an
/// operation allocates nothing. Source: memcached, `doc/protocol.txt`.
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
  mutating func clear() { count = 0 }

  /// Takes bytes off that have been sent.
  mutating func removeFirst(_ sent: Int) {
    count -= sent
    bytes.update(from: bytes + sent, count: count)
  }

  /// Text known when the program was built, blanks and ends of lines included.
  mutating func append(_ text: StaticString) {
    append(UnsafeRawBufferPointer(start: text.utf8Start, count: text.utf8CodeUnitCount))
  }

  /// Any bytes.
  mutating func append(_ source: UnsafeRawBufferPointer) {
    reserve(source.count)
    guard let base = source.baseAddress else { return }
    UnsafeMutableRawPointer(bytes + count).copyMemory(from: base, byteCount: source.count)
    count &+= source.count
  }

  /// A number in decimal digits.
  mutating func append(_ number: Int64) {
    reserve(20)
    count &+= number.writeDecimal(to: bytes + count)
  }

  /// The name of a key: a prefix and a number.
  mutating func append(_ prefix: KeyPrefix, _ number: Int32) {
    append(prefix.bytes)
    append(Int64(number))
  }

  private mutating func reserve(_ more: Int) {
    if capacity &- count >= more { return }
    capacity = max(capacity * 2, count + more)
    let larger = UnsafeMutablePointer<UInt8>.allocate(capacity: capacity)
    larger.update(from: bytes, count: count)
    bytes.deallocate()
    bytes = larger
  }
}

/// What the keys of a run begin with: `<namespace>:` for records, `<namespace>:lock:` for locks; the number of the record
/// follows.
final class KeyPrefix: @unchecked Sendable {  // because the bytes never change and are freed with the object
  let bytes: UnsafeRawBufferPointer

  init(_ text: String) {
    let copy = UnsafeMutableRawBufferPointer.allocate(byteCount: text.utf8.count, alignment: 1)
    copy.copyBytes(from: text.utf8)
    bytes = UnsafeRawBufferPointer(copy)
  }

  deinit { bytes.deallocate() }
}
#endif
