/// How wide a text will be, without a font at hand.
enum TextWidth {
  /// The size of all text, in units of the drawing.
  static let fontSize = 13.0

  /// An upper estimate in units of the drawing: advance widths of DejaVu Sans, the widest of the fonts that
  /// `system-ui` commonly resolves to.
  static func of(_ text: String) -> Double {
    text.unicodeScalars.reduce(0) { $0 + advance($1) } * fontSize
  }

  /// The text itself if it fits, else its start and its end around an ellipsis: names of strategies often differ only
  /// in their last letters.
  static func shortened(_ text: String, toFit width: Double) -> String {
    guard of(text) > width else { return text }
    let characters = Array(text)
    var head = 0
    var tail = 0
    var room = width - of("…")
    while head + tail < characters.count {
      let isHead = head <= 2 * tail
      let character = isHead ? characters[head] : characters[characters.count - 1 - tail]
      room -= of(String(character))
      guard room >= 0 else { break }
      if isHead { head += 1 } else { tail += 1 }
    }
    return String(characters.prefix(head)) + "…" + String(characters.suffix(tail))
  }

  private static func advance(_ scalar: Unicode.Scalar) -> Double {
    switch scalar {
    case "i", "j", "l", "'", "|": 0.29
    case " ", ".", ",", ":", ";", "!", "/", "\\": 0.34
    case "f", "r", "t", "-", "(", ")", "[", "]", "I": 0.4
    case "m", "M", "W", "@", "%", "…": 1
    case "w", "<", ">", "=", "+", "×": 0.84
    case "A"..."Z": 0.74
    case _ where scalar.isASCII: 0.64
    case _ where scalar.properties.generalCategory == .nonspacingMark: 0
    case _ where scalar.value < 0x1100: 0.7
    default: 1.4
    }
  }
}
