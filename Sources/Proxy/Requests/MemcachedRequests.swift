/// Commands of memcached's text protocol (memcached, `doc/protocol.txt`): a line, and a block of data behind those that
/// store something.
struct MemcachedRequests: RequestProtocol {
  let isOpaque = false

  mutating func length(_ bytes: UnsafeRawBufferPointer) -> Int? {
    guard let end = bytes.firstIndex(of: UInt8(ascii: "\n")) else { return nil }
    let words = bytes[..<end].split(whereSeparator: { $0 == UInt8(ascii: " ") || $0 == UInt8(ascii: "\r") })
    let index =
      switch words.first.map({ String(decoding: $0, as: UTF8.self) }) {
      case "set", "add", "replace", "append", "prepend", "cas": 4
      case "ms": 2
      default: Int.max
      }
    guard index < words.count, let data = Int(String(decoding: words[index], as: UTF8.self)) else { return end + 1 }
    return end + 1 + data + 2
  }

  mutating func read(_ message: UnsafeRawBufferPointer, _ request: (UnsafeRawBufferPointer) -> Void) -> RequestEvent {
    request(message)
    return .completeRequest
  }
}
