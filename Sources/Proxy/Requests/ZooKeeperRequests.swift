/// Requests of ZooKeeper: a length, then a number of the client's and the kind of the request (`ZooDefs.OpCode`); the
/// first message opens the session.
struct ZooKeeperRequests: RequestProtocol {
  let isOpaque = false
  private var isConnected = false

  private static let names: [Int: StaticString] = [
    1: "create", 2: "delete", 3: "exists", 4: "get", 5: "set", 8: "children", 12: "children", 14: "multi",
    15: "create", 19: "create", 21: "create", -11: "close",
  ]

  mutating func length(_ bytes: UnsafeRawBufferPointer) -> Int? {
    bytes.count < 4 ? nil : 4 + bytes.bigEndian(at: 0)
  }

  mutating func read(_ message: UnsafeRawBufferPointer, _ request: (UnsafeRawBufferPointer) -> Void) -> RequestEvent {
    guard isConnected, message.count >= 12 else {
      isConnected = true
      return .other
    }
    let kind = Int(Int32(truncatingIfNeeded: message.bigEndian(at: 8)))
    guard let name = Self.names[kind] else { return .other }
    request(UnsafeRawBufferPointer(start: name.utf8Start, count: name.utf8CodeUnitCount))
    return .completeRequest
  }
}
