internal import Words

/// Parts of GitHub Flavored Markdown that hold any text, which appears as it is.
enum MarkdownText {
  /// A code span. Where backticks would not do (inside a table a bar ends the field even between them), an element.
  static func code(_ text: String) -> String {
    let isPlain = text.unicodeScalars.allSatisfy { $0 != "`" && $0 != "|" && $0.isPrintable }
    return isPlain && !text.isEmpty ? "`\(text)`" : "<code>\(text.inMarkdown)</code>"
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
      String.UnicodeScalarView(text.unicodeScalars.map { $0 == "\n" || $0.isPrintable ? $0 : " " }))
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
