/// A text, or a part of one, that knows where each of its bytes stands in its file.
struct Fragment {
  /// Where a line of it begins.
  struct Anchor {
    /// First byte of the line.
    let offset: Int
    let line: Int
    let column: Int
  }

  let source: String
  let bytes: [UInt8]
  private let anchors: [Anchor]

  init(source: String, bytes: [UInt8], anchors: [Anchor]) {
    self.source = source
    self.bytes = bytes
    self.anchors = anchors
  }

  /// A whole text.
  init(source: String, text: String) {
    let bytes = Array(text.utf8)
    var anchors = [Anchor(offset: 0, line: 1, column: 1)]
    for (offset, byte) in bytes.enumerated() where byte == .newline {
      anchors.append(Anchor(offset: offset + 1, line: anchors.count + 1, column: 1))
    }
    self.init(source: source, bytes: bytes, anchors: anchors)
  }

  /// Where a byte stands; columns count characters.
  func place(_ offset: Int) -> ScriptPlace {
    var low = 0
    var high = anchors.count
    while high - low > 1 {
      let middle = (low + high) / 2
      if anchors[middle].offset <= offset { low = middle } else { high = middle }
    }
    let anchor = anchors[low]
    let upTo = min(offset, bytes.count)
    let characters = anchor.offset < upTo ? bytes[anchor.offset..<upTo].count { !$0.isContinuation } : 0
    return ScriptPlace(source: source, line: anchor.line, column: anchor.column + characters)
  }

  /// The text of a range.
  func text(_ range: Range<Int>) -> String { String(decoding: bytes[range], as: UTF8.self) }

  /// A byte, or nil behind the end.
  subscript(offset: Int) -> UInt8? { offset >= 0 && offset < bytes.count ? bytes[offset] : nil }

  /// A range without the blanks at both ends.
  func trimmed(_ range: Range<Int>) -> Range<Int> {
    var range = range
    while let first = range.first, bytes[first].isSpace { range = first + 1..<range.upperBound }
    while let last = range.last, bytes[last].isSpace { range = range.lowerBound..<last }
    return range
  }

  /// A range as a fragment of its own.
  func part(_ range: Range<Int>) -> Fragment {
    let first = place(range.lowerBound)
    var lines = [Anchor(offset: 0, line: first.line, column: first.column)]
    for anchor in anchors where anchor.offset > range.lowerBound && anchor.offset <= range.upperBound {
      lines.append(Anchor(offset: anchor.offset - range.lowerBound, line: anchor.line, column: anchor.column))
    }
    return Fragment(source: source, bytes: Array(bytes[range]), anchors: lines)
  }
}

/// What bytes are to a lexer. Bytes of other alphabets count as letters, as in PostgreSQL.
extension UInt8 {
  static let newline = UInt8(ascii: "\n")

  var isSpace: Bool { self == 0x20 || (0x09...0x0D).contains(self) }
  var isDigit: Bool { (0x30...0x39).contains(self) }
  var isLetter: Bool { (0x41...0x5A).contains(self & 0xDF) || self == UInt8(ascii: "_") || self >= 0x80 }
  /// Part of a name behind its first byte.
  var isNamePart: Bool { isLetter || isDigit }
  /// Not the first byte of a character of UTF-8.
  var isContinuation: Bool { self & 0xC0 == 0x80 }
}
