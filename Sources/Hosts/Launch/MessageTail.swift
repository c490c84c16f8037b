/// The last lines of what a program says, without secrets.
struct MessageTail {
  /// How many lines are kept, and how much of one.
  static let limit = 40
  static let length = 2000

  private let secrets: [String]
  private var complete: [String] = []
  private var open: [UInt8] = []

  /// Of a program that has said nothing.
  ///
  /// - Parameter secrets: what is replaced wherever it stands.
  init(secrets: [String]) { self.secrets = secrets }

  /// The lines, the last of which may not be complete.
  var lines: [String] { open.isEmpty ? complete : Array((complete + [text(open)]).suffix(Self.limit)) }

  /// Adds what it has said.
  mutating func append(_ bytes: ArraySlice<UInt8>) {
    for byte in bytes {
      if byte == 10 || byte == 13 {
        if !open.isEmpty { complete.append(text(open)) }
        open = []
        if complete.count > Self.limit { complete.removeFirst() }
      } else if open.count < Self.length {
        open.append(byte)
      }
    }
  }

  /// Control characters could move a terminal's cursor.
  private func text(_ bytes: [UInt8]) -> String {
    var text = String(decoding: bytes.map { $0 < 32 && $0 != 9 || $0 == 127 ? 63 : $0 }, as: UTF8.self)
    for secret in secrets { text.replace(secret, with: "***") }
    return text
  }
}
