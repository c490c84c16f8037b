/// Commands of Redis: arrays of bulk strings, or words on a line (redis.io, "RESP protocol specification").
struct RedisRequests: RequestProtocol {
  private(set) var isOpaque = false

  mutating func length(_ bytes: UnsafeRawBufferPointer) -> Int? {
    if bytes[0] == 0x16 {
      // TLS.
      isOpaque = true
      return nil
    }
    guard var (count, next) = Self.number(bytes, at: 0, sign: UInt8(ascii: "*")) else {
      return bytes[0] == UInt8(ascii: "*") ? nil : bytes.firstIndex(of: UInt8(ascii: "\n")).map { $0 + 1 }
    }
    while count > 0 {
      guard let (length, start) = Self.number(bytes, at: next, sign: UInt8(ascii: "$")) else { return nil }
      next = start + length + 2
      count -= 1
    }
    return next
  }

  /// The number of a line such as `$3`, and where the line after it begins.
  private static func number(
    _ bytes: UnsafeRawBufferPointer, at offset: Int, sign: UInt8
  ) -> (number: Int, next: Int)? {
    guard offset < bytes.count, bytes[offset] == sign else { return nil }
    var number = 0
    var index = offset + 1
    while index < bytes.count, number < 1 << 40 {
      let byte = bytes[index]
      if byte == UInt8(ascii: "\n") { return (number, index + 1) }
      if byte >= UInt8(ascii: "0"), byte <= UInt8(ascii: "9") { number = number * 10 + Int(byte - UInt8(ascii: "0")) }
      index += 1
    }
    return nil
  }

  mutating func read(_ message: UnsafeRawBufferPointer, _ request: (UnsafeRawBufferPointer) -> Void) -> RequestEvent {
    guard let (_, first) = Self.number(message, at: 0, sign: UInt8(ascii: "*")) else {
      request(message)
      return .completeRequest
    }
    guard let (length, start) = Self.number(message, at: first, sign: UInt8(ascii: "$")),
      start + length <= message.count
    else { return .other }
    request(UnsafeRawBufferPointer(rebasing: message[start..<(start + length)]))
    return .completeRequest
  }
}
