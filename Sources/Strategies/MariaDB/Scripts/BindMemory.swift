#if MariaDB
internal import CMariaDB

/// What the library reads parameters from, or puts columns into: a number or a text each. Owns its memory.
final class BindMemory {
  let binds: UnsafeMutablePointer<MYSQL_BIND>
  private let numbers: UnsafeMutablePointer<Int64>
  private let lengths: UnsafeMutablePointer<UInt>
  private let nulls: UnsafeMutablePointer<my_bool>
  private let texts: UnsafeMutablePointer<UnsafeMutableRawBufferPointer>
  private let count: Int

  /// Bytes for a text at first.
  private static let usualText = 256

  init(_ count: Int) {
    self.count = count
    let capacity = max(1, count)
    binds = .allocate(capacity: capacity)
    numbers = .allocate(capacity: capacity)
    lengths = .allocate(capacity: capacity)
    nulls = .allocate(capacity: capacity)
    texts = .allocate(capacity: capacity)
    binds.initialize(repeating: MYSQL_BIND(), count: capacity)
    numbers.initialize(repeating: 0, count: capacity)
    lengths.initialize(repeating: 0, count: capacity)
    nulls.initialize(repeating: 0, count: capacity)
    texts.initialize(repeating: UnsafeMutableRawBufferPointer(start: nil, count: 0), count: capacity)
    for index in 0..<count {
      binds[index].length = lengths + index
      binds[index].is_null = nulls + index
      use(index, MYSQL_TYPE_LONGLONG)
    }
  }

  deinit {
    for index in 0..<count { texts[index].deallocate() }
    binds.deallocate()
    numbers.deallocate()
    lengths.deallocate()
    nulls.deallocate()
    texts.deallocate()
  }

  private func use(_ index: Int, _ type: enum_field_types) {
    binds[index].buffer_type = type
    if type == MYSQL_TYPE_STRING {
      binds[index].buffer = texts[index].baseAddress
      binds[index].buffer_length = UInt(texts[index].count)
    } else {
      binds[index].buffer = UnsafeMutableRawPointer(numbers + index)
      binds[index].buffer_length = 8
    }
  }

  // MARK: parameters

  /// Sets a parameter to null, whatever its type.
  func setNull(_ index: Int) { nulls[index] = 1 }

  /// Sets a parameter to a number. Returns whether its type has changed.
  func set(_ index: Int, _ type: enum_field_types, _ bits: Int64) -> Bool {
    nulls[index] = 0
    numbers[index] = bits
    lengths[index] = 8
    if binds[index].buffer_type == type { return false }
    use(index, type)
    return true
  }

  /// Sets a parameter to a text. Returns whether its type or its memory has changed.
  func set(_ index: Int, _ text: UnsafeRawBufferPointer) -> Bool {
    nulls[index] = 0
    lengths[index] = UInt(text.count)
    let isLarger = text.count > texts[index].count
    if isLarger { enlarge(index, to: text.count) }
    UnsafeMutableRawBufferPointer(rebasing: texts[index][..<text.count]).copyMemory(from: text)
    if !isLarger && binds[index].buffer_type == MYSQL_TYPE_STRING { return false }
    use(index, MYSQL_TYPE_STRING)
    return true
  }

  private func enlarge(_ index: Int, to needed: Int) {
    texts[index].deallocate()
    texts[index] = .allocate(byteCount: max(Self.usualText, 2 * needed), alignment: 1)
  }

  // MARK: columns

  /// Gets ready for a column of a type.
  func prepare(_ index: Int, _ type: enum_field_types) {
    if type == MYSQL_TYPE_STRING { enlarge(index, to: Self.usualText / 2) }
    use(index, type)
  }

  func isNull(_ index: Int) -> Bool { nulls[index] != 0 }

  func bits(_ index: Int) -> Int64 { numbers[index] }

  /// The text of a column.
  func text(_ index: Int) -> UnsafeRawBufferPointer {
    UnsafeRawBufferPointer(rebasing: texts[index][..<min(Int(lengths[index]), texts[index].count)])
  }

  /// Makes room for a text that did not fit. Returns whether it did not: then it must be fetched again.
  func makeRoom(_ index: Int) -> Bool {
    guard Int(lengths[index]) > texts[index].count else { return false }
    enlarge(index, to: Int(lengths[index]))
    use(index, MYSQL_TYPE_STRING)
    return true
  }
}
#endif
