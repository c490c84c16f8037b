internal import Model

/// A comment line that begins with `--@`: what pgbench cannot say.
struct Annotation {
  /// What it begins with.
  static let directives = [
    "ack", "backend", "check", "define", "enter", "hold", "instead", "isolation", "leave", "on", "refused", "setup",
    "teardown",
  ]
  /// Where scripts can run.
  static let stores = ["postgres", "mariadb", "sqlite"]

  let fragment: Fragment
  let place: ScriptPlace
  let dialect: Dialect
  /// What stands before the first colon with a blank behind it.
  let head: Range<Int>
  /// What stands behind it; nil without a colon.
  let body: Fragment?
  let words: [Range<Int>]
  var script: ReadScript
  var problems: Problems

  static func begins(_ fragment: Fragment, at offset: Int) -> Bool {
    fragment[offset] == UInt8(ascii: "-") && fragment[offset + 1] == UInt8(ascii: "-")
      && fragment[offset + 2] == UInt8(ascii: "@")
  }

  static func continues(_ fragment: Fragment, at offset: Int) -> Bool {
    begins(fragment, at: offset) && fragment[offset + 3] == UInt8(ascii: "|")
  }

  /// Reads one into a script.
  static func read(
    _ fragment: Fragment, at place: ScriptPlace, _ dialect: Dialect, into script: inout ReadScript,
    _ problems: inout Problems
  ) {
    var annotation = Annotation(fragment, place, dialect, script, problems)
    annotation.read()
    script = annotation.script
    problems = annotation.problems
  }

  private init(
    _ fragment: Fragment, _ place: ScriptPlace, _ dialect: Dialect, _ script: ReadScript, _ problems: Problems
  ) {
    self.fragment = fragment
    self.place = place
    self.dialect = dialect
    self.script = script
    self.problems = problems
    let colon = fragment.bytes.indices.first {
      fragment.bytes[$0] == UInt8(ascii: ":") && (fragment[$0 + 1]?.isSpace ?? true)
    }
    let head = 0..<(colon ?? fragment.bytes.count)
    self.head = head
    body = colon.map { fragment.part(fragment.trimmed($0 + 1..<fragment.bytes.count)) }
    words = fragment.words.filter { $0.lowerBound < head.upperBound }.map { $0.clamped(to: head) }
  }

  private mutating func read() {
    guard let first = words.first else { return refuse(0, "an annotation needs a word behind '--@'") }
    switch text(0) {
    case "setup": administrative(\.setup)
    case "teardown": administrative(\.teardown)
    case "instead": instead()
    case "on": rule()
    case "isolation": isolation()
    case "backend": backend()
    case "define": define()
    case "ack": acknowledgement()
    case "refused": refusal()
    case "check": check()
    case "hold": mark(.hold(place))
    case "enter": enter()
    case "leave": mark(.leave)
    case let word:
      problems.add(
        fragment.place(first.lowerBound),
        "unknown annotation '\(word)'\(Suggestion.phrase(for: word, among: Self.directives))")
    }
  }

  // MARK: parts

  func text(_ word: Int) -> String { words.indices.contains(word) ? fragment.text(words[word]) : "" }

  /// From a word to the end of the head.
  func rest(from word: Int) -> Range<Int> {
    fragment.trimmed((words.indices.contains(word) ? words[word].lowerBound : head.upperBound)..<head.upperBound)
  }

  mutating func refuse(_ word: Int, _ message: String) {
    problems.add(
      words.indices.contains(word) ? fragment.place(words[word].lowerBound) : place, message)
  }

  /// What stands behind the colon, or a complaint that nothing does.
  mutating func requireBody(_ what: String) -> Fragment? {
    if let body, !body.bytes.isEmpty { return body }
    problems.add(place, "'\(text(0))' needs \(what) behind a colon and a blank")
    return nil
  }

  /// `only VARIANT` and `on STORE` from a word to the end of the head.
  mutating func qualifier(from first: Int) -> Qualifier? {
    var qualifier = Qualifier()
    var word = first
    while word < words.count {
      let value = text(word + 1)
      switch text(word) {
      case "only" where !value.isEmpty: qualifier.variant = value
      case "on" where Self.stores.contains(value): qualifier.store = value
      case "on" where !value.isEmpty:
        refuse(word + 1, "unknown store '\(value)'\(Suggestion.phrase(for: value, among: Self.stores))")
        return nil
      case let other:
        refuse(word, "'\(other)' is not understood here; 'only VARIANT' and 'on STORE' are")
        return nil
      }
      word += 2
    }
    script.note(qualifier)
    return qualifier
  }

  // MARK: what has few words

  private mutating func mark(_ item: ReadScript.Item) {
    if words.count > 1 || body != nil { return refuse(1, "'\(text(0))' stands alone") }
    script.items.append(item)
  }

  private mutating func enter() {
    if words.count != 2 || body != nil { return refuse(0, "'enter' takes the name of one critical section") }
    script.items.append(.enter)
  }

  private mutating func administrative(_ list: WritableKeyPath<ReadScript, [ReadScript.AdministrativeText]>) {
    guard let qualifier = qualifier(from: 1), let body = requireBody("SQL") else { return }
    script[keyPath: list].append(ReadScript.AdministrativeText(qualifier: qualifier, sql: body))
  }

  private mutating func backend() {
    let names = fragment.text(rest(from: 1)).split { $0 == "," || $0.isWhitespace }.map(String.init)
    if names.isEmpty { return refuse(0, "'backend' needs the names of stores: \(Self.stores.joined(separator: ", "))") }
    let unknown = names.filter { !Self.stores.contains($0) }
    for name in unknown { refuse(1, "unknown store '\(name)'\(Suggestion.phrase(for: name, among: Self.stores))") }
    if unknown.isEmpty { script.backends = (names, place) }
  }

  private mutating func define() {
    guard words.count >= 4, text(2) == "=", SQLLexer.isName(text(1)) else {
      return refuse(0, "'define' is written: define NAME = VALUE")
    }
    let value = fragment.text(fragment.trimmed(words[3].lowerBound..<fragment.bytes.count))
    script.definitions.append((text(1), value, fragment.place(words[1].lowerBound)))
  }

  /// `isolation LEVEL`, or `isolation only VARIANT: LEVEL`.
  private mutating func isolation() {
    var qualifier = Qualifier()
    var stated = fragment.text(rest(from: 1))
    if body != nil {
      guard let own = self.qualifier(from: 1), let body = requireBody("a level") else { return }
      qualifier = own
      stated = body.text(0..<body.bytes.count)
    }
    let words = stated.uppercased().split { $0 == "-" || $0 == "_" || $0.isWhitespace }
    let level = words.joined(separator: " ")
    let levels = ["READ UNCOMMITTED", "READ COMMITTED", "REPEATABLE READ", "SERIALIZABLE"]
    guard levels.contains(level) else {
      return refuse(0, "unknown isolation level '\(stated)'\(Suggestion.phrase(for: level, among: levels))")
    }
    script.isolation.append((qualifier, level, place))
  }
}

extension SQLLexer {
  /// Whether a text can be the name of a variable.
  static func isName(_ text: String) -> Bool {
    guard let first = text.utf8.first else { return false }
    return first.isLetter && text.utf8.allSatisfy(\.isNamePart)
  }
}
