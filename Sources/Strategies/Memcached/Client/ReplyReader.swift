#if Memcached
internal import Runtime

/// What the server answered to one command.
enum ReplyKind: UInt8 {
  /// A value, to `get` or `gets`.
  case value
  /// The key is not there.
  case missing
  /// It was stored.
  case stored
  /// `add` found the key taken.
  case notStored
  /// `cas`, or a meta command with `C`, found another version.
  case exists
  /// It was done: `DELETED`, `HD`, `MN`.
  case done
  /// The new value, to `incr` or `decr`.
  case number
  /// `ERROR`, `CLIENT_ERROR` or `SERVER_ERROR`.
  case error
}

/// Parses the replies to one request, one for each command of it; a `get` has one key.
///
/// Keeps all bytes of a request's replies, which are few. Source: memcached, `doc/protocol.txt`.
struct ReplyReader: ~Copyable {
  static let capacity = 16
  private var bytes: UnsafeMutablePointer<UInt8>
  private var room = 2048
  private var count = 0
  private var position = 0
  private var expected = 0
  private var complete = 0
  private var valueRange = 0..<0
  private var hasValue = false
  private let kinds = UnsafeMutablePointer<ReplyKind>.allocate(capacity: capacity)
  private let numbers = UnsafeMutablePointer<Int64>.allocate(capacity: capacity)
  private let versions = UnsafeMutablePointer<Int64>.allocate(capacity: capacity)
  private var numbered: UInt32 = 0
  private var errorRange = 0..<0

  init() { bytes = .allocate(capacity: room) }

  deinit {
    bytes.deallocate()
    kinds.deallocate()
    numbers.deallocate()
    versions.deallocate()
  }

  /// Before a request is sent: how many replies it will have, at most ``capacity``.
  mutating func expect(_ count: Int) {
    precondition(count <= Self.capacity, "more replies than there is room for")
    expected = count
    complete = 0
    self.count = 0
    position = 0
    hasValue = false
    numbered = 0
    errorRange = 0..<0
  }

  /// Where the next bytes go.
  mutating func space() -> UnsafeMutableRawBufferPointer {
    if room - count < 1024 {
      let larger = UnsafeMutablePointer<UInt8>.allocate(capacity: room * 2)
      larger.update(from: bytes, count: count)
      bytes.deallocate()
      bytes = larger
      room *= 2
    }
    return UnsafeMutableRawBufferPointer(start: bytes + count, count: room - count)
  }

  /// Takes bytes that were written to ``space()``.
  /// - Returns: whether all replies are complete; nil when the bytes are no replies.
  mutating func take(_ added: Int) -> Bool? {
    count += added
    while complete < expected {
      guard let end = endOfLine(from: position) else { return count - position > 4096 ? nil : false }
      switch parse(position..<end) {
      case .incomplete: return false
      case .line: position = end + 2
      case .block(let size): position = end + 2 + size
      case .noReply: return nil
      }
    }
    return true
  }

  private enum Parsed {
    case line, incomplete, noReply
    case block(Int)
  }

  /// The position of `\r\n`.
  private func endOfLine(from start: Int) -> Int? {
    var index = start
    while index + 1 < count {
      if bytes[index] == 13 && bytes[index + 1] == 10 { return index }
      index &+= 1
    }
    return nil
  }

  private mutating func parse(_ line: Range<Int>) -> Parsed {
    if starts(line, with: "VALUE ") { return parseValue(line) }
    if let number = number(line) {
      note(.number, number)
    } else if starts(line, with: "END") {
      if hasValue { complete &+= 1 } else { note(.missing) }
      hasValue = false
    } else if starts(line, with: "STORED") {
      note(.stored)
    } else if starts(line, with: "NOT_STORED") {
      note(.notStored)
    } else if starts(line, with: "EXISTS") || starts(line, with: "EX") {
      note(.exists)
    } else if starts(line, with: "NOT_FOUND") || starts(line, with: "NF") {
      note(.missing)
    } else if starts(line, with: "DELETED") || starts(line, with: "HD") || starts(line, with: "MN") {
      note(.done)
    } else if starts(line, with: "ERROR") || starts(line, with: "CLIENT_ERROR") || starts(line, with: "SERVER_ERROR") {
      if errorRange.isEmpty { errorRange = line }
      note(.error)
    } else {
      return .noReply
    }
    return .line
  }

  /// `VALUE key flags length [version]`, and the value itself on the next line.
  private mutating func parseValue(_ line: Range<Int>) -> Parsed {
    var fields: (Int64?, Int64?) = (nil, nil)
    var start = line.lowerBound
    var index = 0
    for position in line.lowerBound...line.upperBound where position == line.upperBound || bytes[position] == 32 {
      if index == 3 { fields.0 = number(start..<position) }
      if index == 4 { fields.1 = number(start..<position) }
      start = position + 1
      index &+= 1
    }
    guard let length = fields.0, length >= 0, complete < Self.capacity else { return .noReply }
    let value = line.upperBound + 2..<line.upperBound + 2 + Int(length)
    if count < value.upperBound + 2 { return .incomplete }
    valueRange = value
    kinds[complete] = .value
    versions[complete] = fields.1 ?? 0
    if let number = number(trimmed(value)) {
      numbers[complete] = number
      numbered |= 1 << UInt32(complete)
    }
    hasValue = true
    return .block(Int(length) + 2)
  }

  /// `decr` leaves blanks where digits were.
  private func trimmed(_ range: Range<Int>) -> Range<Int> {
    var end = range.upperBound
    while end > range.lowerBound && bytes[end - 1] == 32 { end -= 1 }
    return range.lowerBound..<end
  }

  private func starts(_ line: Range<Int>, with text: StaticString) -> Bool {
    line.count >= text.utf8CodeUnitCount
      && UnsafeRawBufferPointer(start: bytes + line.lowerBound, count: text.utf8CodeUnitCount)
        .elementsEqual(UnsafeRawBufferPointer(start: text.utf8Start, count: text.utf8CodeUnitCount))
  }

  private func number(_ range: Range<Int>) -> Int64? {
    Int64(decimal: UnsafeRawBufferPointer(start: bytes + range.lowerBound, count: range.count))
  }

  private mutating func note(_ kind: ReplyKind, _ number: Int64? = nil) {
    kinds[complete] = kind
    if let number {
      numbers[complete] = number
      numbered |= 1 << UInt32(complete)
    }
    complete &+= 1
  }

  /// The kind of a reply.
  func kind(_ index: Int) -> ReplyKind { kinds[index] }
  /// The number that a reply holds; nil when it holds none.
  func number(_ index: Int) -> Int64? { numbered & (1 << UInt32(index)) == 0 ? nil : numbers[index] }
  /// The version (cas unique) of a value that `gets` has got.
  func version(_ index: Int) -> Int64 { versions[index] }
  /// The bytes of the last value.
  var value: UnsafeRawBufferPointer {
    UnsafeRawBufferPointer(start: bytes + valueRange.lowerBound, count: valueRange.count)
  }
  /// The first error; nil when there is none.
  var error: String? {
    if errorRange.isEmpty { return nil }
    return String(
      decoding: UnsafeRawBufferPointer(start: bytes + errorRange.lowerBound, count: errorRange.count), as: UTF8.self)
  }
}
#endif
