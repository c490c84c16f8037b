/// The last lines that a program has printed.
struct OutputTail {
  private var lines: [String] = []
  private var rest: [UInt8] = []

  private static let mostLines = 32
  private static let longestLine = 240

  /// Takes what has been printed.
  mutating func append(_ bytes: UnsafeRawBufferPointer) {
    for byte in bytes {
      if byte == UInt8(ascii: "\n") {
        endLine()
      } else if rest.count < Self.longestLine {
        rest.append(byte)
      }
    }
  }

  private mutating func endLine() {
    let line = String(decoding: rest, as: UTF8.self)
    rest.removeAll(keepingCapacity: true)
    guard line.contains(where: { !$0.isWhitespace }) else { return }
    lines.append(line)
    if lines.count > Self.mostLines { lines.removeFirst() }
  }

  /// Them, in one line; nothing when there are none.
  var text: String {
    var copy = self
    copy.endLine()
    return copy.lines.joined(separator: " | ")
  }

  /// How a sentence about the program ends.
  var clause: String {
    let text = text
    return text.isEmpty ? "; it has printed nothing" : "; its last lines: \(text)"
  }
}
