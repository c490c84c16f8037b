/// Text made harmless for GitHub Flavored Markdown: it appears as it is, whatever it holds.
enum MarkdownText {
  /// Running text on one line. Markup of HTML becomes entities, since renderers may let tags through; control
  /// characters, which could break a table, become blanks.
  static func escaped(_ text: String) -> String {
    var result = ""
    for scalar in text.unicodeScalars {
      switch scalar {
      case "&": result += "&amp;"
      case "<": result += "&lt;"
      case ">": result += "&gt;"
      case "\\", "`", "*", "_", "[", "]", "|", "~", "#", "!", "$": result += "\\\(scalar)"
      default: result.unicodeScalars.append(scalar.isControl ? " " : scalar)
      }
    }
    return result
  }

  /// A code span. Where backticks would not do (inside a table a bar ends the field even between them), an element.
  static func code(_ text: String) -> String {
    let isPlain = text.unicodeScalars.allSatisfy { $0 != "`" && $0 != "|" && !$0.isControl }
    return isPlain && !text.isEmpty ? "`\(text)`" : "<code>\(escaped(text))</code>"
  }

  /// A fenced block whose fence is longer than any run of backticks inside.
  static func fenced(_ text: String, language: String) -> String {
    var longest = 0
    var current = 0
    for character in text {
      current = character == "`" ? current + 1 : 0
      longest = max(longest, current)
    }
    let fence = String(repeating: "`", count: max(3, longest + 1))
    let printable = String(
      String.UnicodeScalarView(text.unicodeScalars.map { $0 == "\n" || !$0.isControl ? $0 : " " }))
    return "\(fence)\(language)\n\(printable)\(printable.hasSuffix("\n") ? "" : "\n")\(fence)\n"
  }

  /// A bar of eighths of a block for a share from 0 to 1, at most ten characters wide.
  static func bar(_ share: Double) -> String {
    guard share.isFinite, share > 0 else { return "" }
    let eighths = max(1, Int((min(1, share) * 80).rounded()))
    let rest = ["", "▏", "▎", "▍", "▌", "▋", "▊", "▉"][eighths % 8]
    return String(repeating: "█", count: eighths / 8) + rest
  }
}

extension Unicode.Scalar {
  /// Whether it is a control character, line feeds included, or one that turns the direction of writing around.
  var isControl: Bool {
    properties.generalCategory == .control || (0x202A...0x202E).contains(value) || (0x2066...0x2069).contains(value)
      || value == 0x2028 || value == 0x2029
  }
}
