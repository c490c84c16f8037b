internal import Terminal

/// The doc comments of the strategies, which are their documentation for users. The other files of this folder hold
/// copies of them, one file per backend; a test keeps them in step and writes them again when it is asked to.
enum StrategyTexts {
  /// The doc comment of a strategy without its comment marks; nil when it has none.
  static func text(of id: String) -> String? { all.lazy.compactMap { $0[id] }.first }

  /// The doc comment of a strategy for a terminal: one paragraph per line of thought, none wider than the width.
  static func lines(of id: String, width: Int) -> [String] {
    paragraphs(text(of: id) ?? "").flatMap { $0.hasPrefix("    ") ? [$0] : $0.wrapped(width) }
  }

  /// Sentences about one thing are one paragraph, wherever the source breaks its lines. Indented lines are code.
  private static func paragraphs(_ text: String) -> [String] {
    var result: [String] = []
    var isOpen = false
    for line in text.split(separator: "\n", omittingEmptySubsequences: false).map(String.init) {
      if line.isEmpty || line.hasPrefix("    ") {
        if !line.isEmpty { result.append(line) }
        isOpen = false
      } else if isOpen, let last = result.last, !opens(line) {
        result[result.count - 1] = last + " " + line
      } else {
        result.append(line)
        isOpen = true
      }
    }
    return result
  }

  /// Whether a line begins with what it is about: `Guarantees: ...`.
  private static func opens(_ line: String) -> Bool {
    let labels = [
      "Algorithm", "Guarantees", "Does not guarantee", "Failure window", "Round trips under the lock", "Source",
    ]
    return labels.contains { line.hasPrefix($0 + ":") }
  }
}
