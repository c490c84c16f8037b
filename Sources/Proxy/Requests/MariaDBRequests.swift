/// Commands of MariaDB and MySQL (MariaDB knowledge base, "Clientserver protocol"): packets of a length in three bytes and
/// a number that is 0 at the beginning of a command.
///
/// The number of a prepared statement is in the server's answer; clients wait for it, so it is the next thing that the
/// server sends.
struct MariaDBRequests: RequestProtocol {
  private(set) var isOpaque = false
  private var statements: [Int: [UInt8]] = [:]
  /// The text of a statement that the server prepares, and what has arrived of its answer.
  private var preparing: [UInt8]?
  private var answer: [UInt8] = []

  private enum Command {
    static let query: UInt8 = 0x03
    static let prepare: UInt8 = 0x16
    static let execute: UInt8 = 0x17
  }

  mutating func length(_ bytes: UnsafeRawBufferPointer) -> Int? {
    bytes.count < 4 ? nil : 4 + bytes.littleEndian(at: 0, bytes: 3)
  }

  mutating func read(_ message: UnsafeRawBufferPointer, _ request: (UnsafeRawBufferPointer) -> Void) -> RequestEvent {
    guard message[3] == 0 else {
      // The first packet asks for TLS when it ends before the name of the user.
      isOpaque = message[3] == 1 && message.count == 36
      return .other
    }
    guard message.count > 4 else { return .other }
    let text = UnsafeRawBufferPointer(rebasing: message[5...])
    switch message[4] {
    case Command.query:
      request(text)
      return .completeRequest
    case Command.prepare:
      preparing = Array(text)
      answer = []
    case Command.execute where text.count >= 4:
      statements[text.littleEndian(at: 0, bytes: 4)]?.withUnsafeBytes(request)
      return .completeRequest
    default: break
    }
    return .other
  }

  mutating func readAnswer(_ bytes: UnsafeRawBufferPointer) {
    guard let text = preparing else { return }
    answer.append(contentsOf: bytes.prefix(9 - answer.count))
    guard answer.count == 9 else { return }
    if answer[4] == 0 { statements[answer.withUnsafeBytes { $0.littleEndian(at: 5, bytes: 4) }] = text }
    preparing = nil
  }
}
