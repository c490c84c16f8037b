internal import Model

/// The mapping `expect`: expectations by label, id or alias, for those who like them in one place.
enum ExpectSection {
  static let format = ValueFormat<Expectation>.cases

  /// Gives the stated expectations to the strategies that they name.
  ///
  /// - Parameter isComplete: whether all strategies of the file could be read; otherwise an expectation may well name
  ///   one of the others, and no problem is made of it.
  static func apply(
    _ node: YAMLNode, to strategies: inout [StrategyReading], isComplete: Bool, _ vocabulary: Vocabulary,
    _ diagnostics: inout Diagnostics
  ) {
    guard let entries = node.entries else {
      diagnostics.reportKind(node, Subject("expect"), expected: "a mapping of strategies to \(format.expected)")
      return
    }
    for entry in entries {
      let subject = Subject("expect.\(entry.key)")
      let expectation = format.read(entry.value, subject, &diagnostics)
      let matches = indices(of: entry.key, in: strategies, vocabulary)
      if matches.isEmpty && isComplete { reportNoMatch(entry, strategies, &diagnostics) }
      guard let expectation else { continue }
      for index in matches {
        if let other = strategies[index].selection.expectation, other != expectation {
          let label = strategies[index].selection.label
          let message = "\(label) is already expected to show '\(other.rawValue)'; state one expectation for it"
          diagnostics.report(entry.place, subject.path, message)
        }
        strategies[index].selection.expectation = expectation
      }
    }
  }

  /// A label names one strategy; an id or alias names all of its selections.
  private static func indices(of name: String, in strategies: [StrategyReading], _ vocabulary: Vocabulary) -> [Int] {
    let labelled = strategies.indices.filter { strategies[$0].selection.label == name }
    if !labelled.isEmpty { return labelled }
    guard let id = vocabulary.strategy(name)?.id else { return [] }
    return strategies.indices.filter { strategies[$0].selection.id == id }
  }

  private static func reportNoMatch(
    _ entry: YAMLNode.Entry, _ strategies: [StrategyReading], _ diagnostics: inout Diagnostics
  ) {
    let hint = Suggestion.phrase(for: entry.key, among: strategies.map(\.selection.label))
    diagnostics.report(
      entry.place, "expect", "\(entry.key.quotedForMessage) is no strategy of this scenario\(hint)")
  }
}
