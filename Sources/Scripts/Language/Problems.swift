/// What was found wrong so far.
struct Problems {
  private(set) var all: [ScriptProblem] = []

  mutating func add(_ place: ScriptPlace, _ message: String) {
    all.append(ScriptProblem(source: place.source, line: place.line, column: place.column, message))
  }

  /// Throws when there is something, in the order of the texts and lines.
  func check(order sources: [String]) throws(ScriptProblems) {
    guard !all.isEmpty else { return }
    let ranks = Dictionary(sources.enumerated().map { ($1, $0) }, uniquingKeysWith: min)
    let sorted = all.enumerated().sorted { first, second in
      let ranked = (ranks[first.element.source] ?? .max, first.element.line, first.element.column, first.offset)
      return ranked < (ranks[second.element.source] ?? .max, second.element.line, second.element.column, second.offset)
    }
    var seen: [ScriptProblem] = []
    for (_, problem) in sorted where !seen.contains(problem) { seen.append(problem) }
    throw ScriptProblems(seen)
  }
}
