public import Model
internal import Words

extension StrategyDescriptor {
  /// Its documentation for a terminal: a paragraph per line of thought, none but code wider than the width.
  public func documentationLines(width: Int) -> [String] {
    let sections = documentation.sections.map { (heading: $0.heading, text: $0.text) }
    return ([(heading: "`\(id)`", text: documentation.introduction)] + sections)
      .flatMap { paragraphs("\($0.heading): \($0.text)") }
      .flatMap { $0.hasPrefix("    ") ? [$0] : $0.wrapped(width) }
  }

  /// Sentences about one thing are one paragraph, wherever the source breaks its lines. Indented lines are code.
  private func paragraphs(_ text: String) -> [String] {
    var result: [String] = []
    var isOpen = false
    for line in text.split(separator: "\n", omittingEmptySubsequences: false).map(String.init) {
      if line.isEmpty || line.hasPrefix("    ") {
        if !line.isEmpty { result.append(line) }
        isOpen = false
      } else if isOpen, let last = result.last {
        result[result.count - 1] = last + " " + line
      } else {
        result.append(line)
        isOpen = true
      }
    }
    return result
  }
}
