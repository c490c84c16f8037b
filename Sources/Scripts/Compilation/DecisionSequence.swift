/// Which variables of a script are not known yet when the answer that decides is lost.
struct DecisionSequence {
  private enum Event {
    case capture(prefix: String, words: Set<String>, decides: Bool)
    case decision
    case assignment(String, from: Set<String>)
  }

  private var events: [Event] = []

  mutating func note(_ statement: ReadStatement, decides: Bool) {
    switch statement.capture {
    case .none: if decides { events.append(.decision) }
    case .row(let prefix), .anyRow(let prefix):
      events.append(.capture(prefix: prefix, words: statement.words, decides: decides))
      if decides { events.append(.decision) }
    }
  }

  mutating func noteAssignment(of name: String, from names: Set<String>) {
    events.append(.assignment(name, from: names))
  }

  /// Whether one of some names may get its value only with or after a statement that decides.
  func leavesOpen(_ names: Set<String>) -> Bool {
    var open: Set<String> = []
    var hasDecided = false
    for event in events {
      switch event {
      case .decision: hasDecided = true
      case .assignment(let name, let sources):
        if hasDecided || !sources.isDisjoint(with: open) { open.insert(name) }
      case .capture(let prefix, let words, let decides):
        for name in captured(prefix, words, among: names.union(sources)) where decides || hasDecided {
          open.insert(name)
        }
      }
    }
    return !names.isDisjoint(with: open)
  }

  private var sources: Set<String> {
    events.reduce(into: []) { if case .assignment(_, let names) = $1 { $0.formUnion(names) } }
  }

  private var assigned: Set<String> {
    events.reduce(into: []) { if case .assignment(let name, _) = $1 { $0.insert(name) } }
  }

  /// The names that may be columns of a statement: those that it mentions, and those that nothing else gives a value.
  private func captured(_ prefix: String, _ words: Set<String>, among names: Set<String>) -> [String] {
    names.filter {
      $0.hasPrefix(prefix)
        && (words.contains(String($0.dropFirst(prefix.count)).uppercased()) || !assigned.contains($0))
    }
  }
}
