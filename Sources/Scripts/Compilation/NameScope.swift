internal import Model

/// Which names have a value where, over all scripts of a scenario.
struct NameScope {
  /// How a name that a script uses comes to a value.
  enum Origin: Equatable {
    /// A definition, an automatic variable, or a `\set`.
    case known
    /// Only a column that a statement captures can give it one.
    case column
  }

  /// A statement that captures columns.
  private struct Captured {
    let script: Int
    let position: Int
    let prefix: String
    let keepsOldValue: Bool
    let words: Set<String>

    /// Whether the statement mentions the column that would become a variable.
    func mentions(_ name: String) -> Bool {
      name.hasPrefix(prefix) && words.contains(String(name.dropFirst(prefix.count)).uppercased())
    }
  }

  private let definitions: Set<String>
  private var assignments: [String: [(script: Int, position: Int)]] = [:]
  private var captures: [Captured] = []

  init(definitions: Set<String>) { self.definitions = definitions.union(AutomaticVariable.names) }

  mutating func noteAssignment(of name: String, script: Int, position: Int) {
    assignments[name, default: []].append((script, position))
  }

  mutating func note(_ statement: ReadStatement, script: Int, position: Int) {
    switch statement.capture {
    case .none: break
    case .row(let prefix):
      captures.append(
        Captured(script: script, position: position, prefix: prefix, keepsOldValue: false, words: statement.words))
    case .anyRow(let prefix):
      captures.append(
        Captured(script: script, position: position, prefix: prefix, keepsOldValue: true, words: statement.words))
    }
  }

  /// Whether a name has its value from a definition, or automatically.
  func isDefined(_ name: String) -> Bool { definitions.contains(name) }

  /// Whether something in quotes is meant as a variable: by what is written down, not by what columns turn out to be.
  func isMeant(_ name: String) -> Bool {
    definitions.contains(name) || assignments[name] != nil || captures.contains { $0.mentions(name) }
  }

  /// How a name that is used at a position of a script comes to its value.
  func origin(of name: String, in script: Int, at position: Int) throws(NameProblem) -> Origin {
    if definitions.contains(name) { return .known }
    let assigned = assignments[name] ?? []
    if assigned.contains(where: { $0.script != script || $0.position < position }) { return .known }
    let fitting = captures.filter { name.hasPrefix($0.prefix) && name != $0.prefix }
    let before = fitting.filter { $0.script != script || $0.position < position }
    if before.isEmpty {
      if !assigned.isEmpty { throw NameProblem("':\(name)' is used before it is set") }
      if fitting.contains(where: { $0.mentions(name) }) {
        throw NameProblem("':\(name)' is used before the statement whose column it is")
      }
      throw NameProblem("nothing defines ':\(name)'\(Suggestion.phrase(for: name, among: names))")
    }
    let mentioning = before.filter { $0.mentions(name) }
    if (mentioning.isEmpty ? before : mentioning).allSatisfy(\.keepsOldValue) {
      throw NameProblem(
        "':\(name)' keeps its value of an earlier run when \\aset gets no row; put '\\set \(name) NULL' before the statement"
      )
    }
    return .column
  }

  private var names: [String] { (definitions.union(assignments.keys)).sorted() }
}

/// Why a name has no value.
struct NameProblem: Error {
  let message: String
  init(_ message: String) { self.message = message }
}

/// The slots of variables, in the order in which they are named first.
struct Symbols {
  private(set) var names: [String] = []
  private var slots: [String: Int] = [:]

  mutating func slot(_ name: String) -> Int {
    if let slot = slots[name] { return slot }
    slots[name] = names.count
    names.append(name)
    return names.count - 1
  }
}
