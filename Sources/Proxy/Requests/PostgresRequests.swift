/// Requests of PostgreSQL's protocol 3.0 (manual, "Message Formats").
///
/// Statements that were prepared are known by their texts. In the extended protocol a request is finished by the Sync
/// behind it: without it, what is not in a transaction block is not committed.
struct PostgresRequests: RequestProtocol {
  private(set) var isOpaque = false
  private var hasStarted = false
  private var statements: [[UInt8]: [UInt8]] = [:]
  private var portals: [[UInt8]: [UInt8]] = [:]

  private enum Code {
    static let cancel = 80_877_102
    static let tls = 80_877_103
    static let gss = 80_877_104
  }

  mutating func length(_ bytes: UnsafeRawBufferPointer) -> Int? {
    let typeBytes = hasStarted ? 1 : 0
    // A TLS record where a start-up packet was expected.
    if !hasStarted && bytes[0] == 0x16 { isOpaque = true }
    guard !isOpaque, bytes.count >= typeBytes + 4 else { return nil }
    let length = bytes.bigEndian(at: typeBytes)
    if length < 4 || length > 1 << 30 || (!hasStarted && length < 8) {
      isOpaque = true
      return nil
    }
    return typeBytes + length
  }

  mutating func read(_ message: UnsafeRawBufferPointer, _ request: (UnsafeRawBufferPointer) -> Void) -> RequestEvent {
    guard hasStarted else {
      let code = message.bigEndian(at: 4)
      isOpaque = code == Code.cancel
      hasStarted = code != Code.tls && code != Code.gss
      return .other
    }
    switch message[0] {
    case UInt8(ascii: "Q"):
      if let statement = message.text(at: 5) { request(statement.text) }
      return .completeRequest
    case UInt8(ascii: "P"): prepare(message)
    case UInt8(ascii: "B"): bind(message)
    case UInt8(ascii: "E"):
      guard let portal = message.text(at: 5) else { return .other }
      if let statement = portals[Array(portal.text)].flatMap({ statements[$0] }) {
        statement.withUnsafeBytes(request)
      }
      return .request
    case UInt8(ascii: "S"): return .completion
    default: break
    }
    return .other
  }

  private mutating func prepare(_ message: UnsafeRawBufferPointer) {
    guard let name = message.text(at: 5), let statement = message.text(at: name.next) else { return }
    statements[Array(name.text)] = Array(statement.text)
  }

  private mutating func bind(_ message: UnsafeRawBufferPointer) {
    guard let portal = message.text(at: 5), let name = message.text(at: portal.next) else { return }
    portals[Array(portal.text)] = Array(name.text)
  }
}
