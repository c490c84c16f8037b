internal import Model

/// What the names of bounds mean.
struct BoundContext {
  /// Of the transactions, by position.
  let transactions: [String]
  let definitions: [String: String]

  init(_ transactions: [String], _ definitions: [String: String]) {
    self.transactions = transactions
    self.definitions = definitions
  }
}

/// What is acknowledged over all scripts, by name, and what that asks of each script.
struct AcknowledgementNames {
  private(set) var names: [String] = []
  private var amounts: [(index: Int, script: Int, amount: Fragment)] = []

  /// Those that scripts state themselves.
  init(_ scripts: [ReadScript]) {
    for (script, read) in scripts.enumerated() {
      for (name, amount, _) in read.acknowledgements { add(name, amount, script: script) }
    }
  }

  private mutating func add(_ name: String, _ amount: Fragment, script: Int) {
    if !names.contains(name) { names.append(name) }
    amounts.append((names.firstIndex(of: name) ?? 0, script, amount))
  }

  /// The position of the sum of a variable over the committed runs of a script, which becomes acknowledged.
  mutating func sum(of variable: String, script: Int, named transaction: String, at place: ScriptPlace) -> Int {
    let name = "sum(\(variable)) of \(transaction)"
    if !names.contains(name) {
      let anchor = Fragment.Anchor(offset: 0, line: place.line, column: place.column)
      add(
        name, Fragment(source: place.source, bytes: Array(":\(variable)".utf8), anchors: [anchor]), script: script)
    }
    return names.firstIndex(of: name) ?? 0
  }

  func index(of name: String) -> Int? { names.firstIndex(of: name) }

  /// The bound that is what was acknowledged.
  func bound(_ name: String) -> ScriptBound? {
    index(of: name).map { ScriptBound(text: "acked.\(name)", steps: [.acknowledged($0)]) }
  }

  /// What the committed runs of a script add.
  func of(script: Int) -> [(index: Int, amount: Fragment)] {
    amounts.filter { $0.script == script }.map { ($0.index, $0.amount) }
  }
}

/// Parses bounds: `+ - * /`, parentheses, numbers, definitions, and what is acknowledged.
struct BoundParser {
  private let fragment: Fragment
  private let context: BoundContext
  private var acknowledgements: AcknowledgementNames
  private var position = 0
  private var nesting = 0
  private var steps: [ScriptBound.Step] = []

  static func parse(
    _ fragment: Fragment, _ context: BoundContext, _ acknowledgements: inout AcknowledgementNames
  ) throws(ExpressionProblem) -> ScriptBound {
    var parser = BoundParser(fragment: fragment, context: context, acknowledgements: acknowledgements)
    try parser.sum()
    guard parser.atEnd else { throw parser.unexpected() }
    acknowledgements = parser.acknowledgements
    return ScriptBound(text: fragment.text(fragment.trimmed(0..<fragment.bytes.count)), steps: parser.steps)
  }

  private init(fragment: Fragment, context: BoundContext, acknowledgements: AcknowledgementNames) {
    self.fragment = fragment
    self.context = context
    self.acknowledgements = acknowledgements
  }

  // MARK: reading

  private var atEnd: Bool {
    mutating get {
      skipBlanks()
      return fragment[position] == nil
    }
  }

  private mutating func skipBlanks() { while fragment[position]?.isSpace == true { position += 1 } }

  private mutating func take(_ text: String) -> Bool {
    skipBlanks()
    guard fragment.bytes[position...].starts(with: text.utf8) else { return false }
    position += text.utf8.count
    return true
  }

  private mutating func expect(_ text: String) throws(ExpressionProblem) {
    guard take(text) else { throw ExpressionProblem(position, "'\(text)' is missing here") }
  }

  private func run(_ belongs: (UInt8) -> Bool) -> String {
    var end = position
    while let byte = fragment[end], belongs(byte) { end += 1 }
    return fragment.text(position..<end)
  }

  private mutating func unexpected() -> ExpressionProblem {
    skipBlanks()
    let rest = run { !$0.isSpace }
    let form = "a bound is made of + - * /, numbers, acked.NAME, count(SCRIPT) and :sum(VARIABLE) of committed SCRIPT"
    return rest.isEmpty
      ? ExpressionProblem(position, "the bound ends too early; \(form)")
      : ExpressionProblem(position, "'\(rest)' is not understood; \(form)")
  }

  /// The longest of some names that stands here, as a whole word.
  private mutating func name(of kind: String, among names: [String]) throws(ExpressionProblem) -> String {
    skipBlanks()
    func belongs(_ byte: UInt8) -> Bool { byte.isNamePart || byte == UInt8(ascii: ".") }
    let fitting = names.sorted { $0.utf8.count > $1.utf8.count }.first { name in
      fragment.bytes[position...].starts(with: name.utf8)
        && !(fragment[position + name.utf8.count].map(belongs) ?? false)
    }
    guard let fitting else {
      let stated = run { belongs($0) || $0 == UInt8(ascii: "-") }
      let known = names.isEmpty ? "there is none" : "there are \(names.joined(separator: ", "))"
      throw ExpressionProblem(
        position, "unknown \(kind) '\(stated)'\(Suggestion.phrase(for: stated, among: names)); \(known)")
    }
    position += fitting.utf8.count
    return fitting
  }

  // MARK: grammar

  private mutating func sum() throws(ExpressionProblem) {
    nesting += 1
    if nesting > 100 { throw ExpressionProblem(position, "the bound is nested too deeply") }
    try product()
    while true {
      if take("+") {
        try product()
        steps.append(.add)
      } else if take("-") {
        try product()
        steps.append(.subtract)
      } else {
        break
      }
    }
    nesting -= 1
  }

  private mutating func product() throws(ExpressionProblem) {
    try factor()
    while true {
      if take("*") {
        try factor()
        steps.append(.multiply)
      } else if take("/") {
        try factor()
        steps.append(.divide)
      } else {
        break
      }
    }
  }

  private mutating func factor() throws(ExpressionProblem) {
    if take("(") {
      try sum()
      return try expect(")")
    }
    if take("-") {
      steps.append(.number(0))
      nesting += 1
      if nesting > 100 { throw ExpressionProblem(position, "the bound is nested too deeply") }
      try factor()
      nesting -= 1
      return steps.append(.subtract)
    }
    if take("acked.") {
      let name = try name(of: "acknowledgement", among: acknowledgements.names)
      return steps.append(.acknowledged(acknowledgements.index(of: name) ?? 0))
    }
    if take("unknown.") {
      throw ExpressionProblem(
        position, "what is unknown counts by itself: acked.NAME is an interval while answers are lost")
    }
    if take("count(") || take(":count(") {
      steps.append(.count(try transaction()))
      return try expect(")")
    }
    if take(":count of committed ") { return steps.append(.count(try transaction())) }
    if take(":sum(") { return try committedSum() }
    if take(":") { return try definition() }
    try number()
  }

  private mutating func transaction() throws(ExpressionProblem) -> Int {
    let name = try name(of: "script", among: context.transactions)
    return context.transactions.firstIndex(of: name) ?? 0
  }

  /// `:sum(VARIABLE) of committed SCRIPT`; a colon before the variable does no harm.
  private mutating func committedSum() throws(ExpressionProblem) {
    _ = take(":")
    skipBlanks()
    let place = fragment.place(position)
    let variable = run(\.isNamePart)
    guard SQLLexer.isName(variable) else { throw ExpressionProblem(position, "the name of a variable is missing") }
    position += variable.utf8.count
    try expect(")")
    for word in ["of", "committed"] { try expect(word) }
    let script = try transaction()
    let index = acknowledgements.sum(of: variable, script: script, named: context.transactions[script], at: place)
    steps.append(.acknowledged(index))
  }

  private mutating func definition() throws(ExpressionProblem) {
    let name = run(\.isNamePart)
    guard let text = context.definitions[name] else {
      let hint = Suggestion.phrase(for: name, among: context.definitions.keys.sorted())
      throw ExpressionProblem(position, "nothing defines ':\(name)'\(hint); a bound knows definitions, not variables")
    }
    guard let value = Double(text), value.isFinite else {
      throw ExpressionProblem(position, "':\(name)' is '\(text)', which is no number")
    }
    position += name.utf8.count
    steps.append(.number(value))
  }

  private mutating func number() throws(ExpressionProblem) {
    skipBlanks()
    let text = run { $0.isDigit || $0 == UInt8(ascii: ".") }
    guard let value = Double(text), value.isFinite else { throw unexpected() }
    position += text.utf8.count
    steps.append(.number(value))
  }
}
