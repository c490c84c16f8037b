internal import Model

/// Compiles one script for a variant and a store.
struct ScriptCompiler {
  let settings: ScriptSettings
  let scope: NameScope
  let index: Int
  private let source: String
  var symbols: Symbols
  var problems: Problems

  private(set) var commands: [ScriptCommand] = []
  private(set) var statements: [ScriptStatement] = []
  private(set) var unresolved: [(slot: Int, place: ScriptPlace)] = []
  private var conditions: [OpenCondition] = []
  private var pipeline: (place: ScriptPlace, depth: Int)?
  private var block = BlockState.outside
  private var begun: ScriptPlace?
  private var sequence = DecisionSequence()
  /// Position of the step in hand among the steps of the script.
  private var position = 0

  init(_ settings: ScriptSettings, _ scope: NameScope, index: Int, _ symbols: Symbols, _ problems: Problems) {
    self.settings = settings
    self.scope = scope
    self.index = index
    source = settings.transactions[index].source.name
    self.symbols = symbols
    self.problems = problems
  }

  /// Compiles its steps.
  mutating func compile(_ steps: [ScriptStep]) {
    for (position, step) in steps.enumerated() {
      self.position = position
      switch step {
      case .statement(let statement, let rules): compile(statement, rules)
      case .command(let name, let arguments, let place): compile(name, arguments, place)
      case .hold(let place):
        if pipeline != nil { problems.add(place, "'hold' inside a pipeline would hold nothing: statements wait there") }
        commands.append(.hold)
      case .enter: commands.append(.enter)
      case .leave: commands.append(.leave)
      }
    }
    position = steps.count
    for condition in conditions { problems.add(condition.place, "\\if without \\endif") }
    if let pipeline { problems.add(pipeline.place, "\\startpipeline without \\endpipeline") }
    if conditions.isEmpty, block == .inside, let begun {
      problems.add(begun, "the transaction is still open at the end of the script; COMMIT is missing")
    }
  }

  /// An expression that is judged when the script has ended.
  mutating func closing(_ fragment: Fragment) -> ScriptExpression? { expression(fragment) }

  /// What a committed operation adds.
  mutating func acknowledgement(_ index: Int, _ amount: Fragment) -> ScriptAcknowledgement? {
    guard let amount = expression(amount) else { return nil }
    let names = Set(amount.code.slots.map { symbols.names[$0] }).filter { !scope.isDefined($0) }
    return ScriptAcknowledgement(index: index, amount: amount, isLate: sequence.leavesOpen(names))
  }

  // MARK: statements

  private mutating func compile(_ statement: ReadStatement, _ rules: [ReadRule]) {
    let nature = StatementNature(statement.parts, store: settings.store)
    if let refusal = nature.refusal { problems.add(statement.place, refusal) }
    let isCombined = statement.parts.count > 1
    if isCombined, settings.mode != .simple {
      problems.add(
        statement.place,
        "'\\;' sends several statements as one, which is possible in simple mode only: state 'mode: simple'")
    }
    if pipeline != nil, statement.capture != .none {
      problems.add(statement.place, "\\gset and \\aset get nothing inside a pipeline")
    }
    check(rules)
    follow(nature, statement)
    var pieces: [ScriptStatement.Piece] = []
    for segment in statement.segments { append(segment, to: &pieces) }
    commands.append(.statement(statements.count))
    statements.append(
      ScriptStatement(
        pieces: pieces, names: symbols.names, capture: statement.capture, nature: nature, isCombined: isCombined,
        rules: rules.map(\.rule), place: statement.place, origins: statement.origins))
  }

  private mutating func append(_ segment: ReadStatement.Segment, to pieces: inout [ScriptStatement.Piece]) {
    switch segment {
    case .text(let text): append(text, to: &pieces)
    case .variable(let name, _, isQuoted: true) where !scope.isMeant(name): append(":" + name, to: &pieces)
    case .variable(let name, let place, let isQuoted):
      if isQuoted, settings.mode != .simple {
        problems.add(
          place,
          "':\(name)' inside quotes is no variable in \(settings.mode.rawValue) mode; put texts together with ||, "
            + "or state 'mode: simple'")
      }
      pieces.append(.variable(use(name, place)))
    }
  }

  private func append(_ text: String, to pieces: inout [ScriptStatement.Piece]) {
    if case .text(let last)? = pieces.last {
      pieces[pieces.count - 1] = .text(last + text)
    } else {
      pieces.append(.text(text))
    }
  }

  private mutating func check(_ rules: [ReadRule]) {
    for rule in rules {
      if pipeline != nil { problems.add(rule.place, "'on' has no answer inside a pipeline") }
      if case .error = rule.rule.condition, rule.rule.meaning == .ignore, settings.store == "postgres", block == .inside
      {
        problems.add(
          rule.place,
          "an error inside a transaction cannot be ignored: PostgreSQL refuses all that follows; "
            + "use a savepoint or ON CONFLICT DO NOTHING")
      }
    }
  }

  /// What a statement does to transaction blocks.
  private mutating func follow(_ nature: StatementNature, _ statement: ReadStatement) {
    let decides = nature.kind == .commit || (nature.kind == .write && block.contains(.outside))
    sequence.note(statement, decides: decides)
    switch nature.kind {
    case .begin:
      if block == .inside, settings.store != "postgres" {
        problems.add(statement.place, "a transaction is open already, which this would commit or refuse")
      }
      block = .inside
      begun = statement.place
    case .commit, .rollback: block = .outside
    case .write, .other: break
    }
  }

  // MARK: commands

  private mutating func compile(_ name: String, _ arguments: Fragment, _ place: ScriptPlace) {
    switch name {
    case "set": assign(arguments, place)
    case "setrandom": assignRandom(arguments, place)
    case "sleep": sleep(arguments, place)
    case "if": openCondition(arguments, place)
    case "elif": nextCondition(arguments, place)
    case "else": lastCondition(arguments, place)
    case "endif": closeCondition(arguments, place)
    case "startpipeline", "syncpipeline", "endpipeline": changePipeline(name, arguments, place)
    case "shell", "setshell":
      problems.add(place, "\\\(name) runs a program, which would be measured, too; it is not supported")
    default:
      let known = [
        "aset", "elif", "else", "endif", "endpipeline", "gset", "if", "set", "setrandom", "sleep", "startpipeline",
        "syncpipeline",
      ]
      problems.add(place, "unknown command \\\(name)\(Suggestion.phrase(for: name, among: known))")
    }
  }

  private mutating func refuseArguments(_ name: String, _ arguments: Fragment) {
    if !arguments.bytes.isEmpty { problems.add(arguments.place(0), "\\\(name) takes no arguments") }
  }

  private mutating func assign(_ arguments: Fragment, _ place: ScriptPlace) {
    guard let name = ScriptStep.target(arguments) else {
      return problems.add(place, "\\set needs the name of a variable (a letter first) and an expression")
    }
    let end = arguments.words.first?.upperBound ?? 0
    guard let value = expression(arguments.part(end..<arguments.bytes.count), missing: place) else { return }
    set(name, value)
  }

  private mutating func set(_ name: String, _ value: ScriptExpression) {
    sequence.noteAssignment(of: name, from: Set(value.code.slots.map { symbols.names[$0] }))
    commands.append(.set(slot: symbols.slot(name), value))
  }

  /// `\setrandom v a b [uniform | gaussian p | exponential p]`, which pgbench had up to 9.5.
  private mutating func assignRandom(_ arguments: Fragment, _ place: ScriptPlace) {
    let words = arguments.words.map(arguments.text)
    guard let name = ScriptStep.target(arguments), let call = Self.randomCall(words) else {
      return problems.add(
        place,
        "\\setrandom is written \\setrandom NAME LOWER UPPER [gaussian P | exponential P]; "
          + "since pgbench 9.6 it is \\set NAME random(LOWER, UPPER)")
    }
    let first = arguments.place(arguments.words[1].lowerBound)
    let anchor = Fragment.Anchor(offset: 0, line: first.line, column: first.column)
    let fragment = Fragment(source: source, bytes: Array(call.utf8), anchors: [anchor])
    if let value = expression(fragment) { set(name, value) }
  }

  private static func randomCall(_ words: [String]) -> String? {
    switch (words.count, words.count > 3 ? words[3].lowercased() : "") {
    case (3, _), (4, "uniform"): "random(\(words[1]), \(words[2]))"
    case (5, "gaussian"), (5, "exponential"): "random_\(words[3].lowercased())(\(words[1]), \(words[2]), \(words[4]))"
    default: nil
    }
  }

  private mutating func sleep(_ arguments: Fragment, _ place: ScriptPlace) {
    let words = arguments.words
    let units: [String: Int64] = ["us": 1000, "ms": 1_000_000, "s": 1_000_000_000]
    guard let first = words.first, words.count < 3 else {
      return problems.add(place, "\\sleep needs a number or a variable, and us, ms or s")
    }
    var end = first.upperBound
    if arguments.bytes[first.lowerBound].isDigit {
      end = first.first { !arguments.bytes[$0].isDigit } ?? first.upperBound
    }
    let attached = arguments.text(end..<first.upperBound)
    let unit = words.count > 1 ? arguments.text(words[1]) : (attached.isEmpty ? "s" : attached)
    guard let nanoseconds = units[unit.lowercased()], words.count == 1 || attached.isEmpty else {
      return problems.add(arguments.place(end), "unknown unit '\(unit)'; there are us, ms and s")
    }
    if let value = expression(arguments.part(first.lowerBound..<end)) {
      commands.append(.sleep(value, nanoseconds: nanoseconds))
    }
  }

  // MARK: conditions

  private mutating func openCondition(_ arguments: Fragment, _ place: ScriptPlace) {
    var condition = OpenCondition(place: place, before: block, pipelines: pipeline == nil ? 0 : 1)
    condition.next = jump(arguments, place)
    conditions.append(condition)
  }

  private mutating func nextCondition(_ arguments: Fragment, _ place: ScriptPlace) {
    guard endBranch("elif", place) else { return }
    conditions[conditions.count - 1].next = jump(arguments, place)
  }

  private mutating func lastCondition(_ arguments: Fragment, _ place: ScriptPlace) {
    refuseArguments("else", arguments)
    _ = endBranch("else", place)
  }

  /// The branch in hand has ended, and another one begins.
  private mutating func endBranch(_ name: String, _ place: ScriptPlace) -> Bool {
    guard var condition = conditions.last else {
      problems.add(place, "\\\(name) without \\if")
      return false
    }
    guard let next = condition.next else {
      problems.add(place, "\\\(name) after \\else")
      return false
    }
    checkPipeline(condition, place)
    condition.ends.append(commands.count)
    commands.append(.jump(0))
    land(next)
    condition.next = nil
    condition.after.formUnion(block)
    block = condition.before
    conditions[conditions.count - 1] = condition
    return true
  }

  private mutating func closeCondition(_ arguments: Fragment, _ place: ScriptPlace) {
    refuseArguments("endif", arguments)
    guard let condition = conditions.popLast() else { return problems.add(place, "\\endif without \\if") }
    checkPipeline(condition, place)
    for end in condition.ends { land(end) }
    block.formUnion(condition.after)
    if let next = condition.next {
      land(next)
      block.formUnion(condition.before)
    }
  }

  private mutating func jump(_ arguments: Fragment, _ place: ScriptPlace) -> Int {
    if let expression = expression(arguments, missing: place) {
      commands.append(.jumpUnless(expression, 0))
    } else {
      commands.append(.jump(0))
    }
    return commands.count - 1
  }

  private mutating func land(_ jump: Int) {
    switch commands[jump] {
    case .jumpUnless(let expression, _): commands[jump] = .jumpUnless(expression, commands.count)
    default: commands[jump] = .jump(commands.count)
    }
  }

  // MARK: pipelines

  private mutating func checkPipeline(_ condition: OpenCondition, _ place: ScriptPlace) {
    if (pipeline == nil ? 0 : 1) != condition.pipelines {
      problems.add(place, "a pipeline must begin and end in the same branch")
      pipeline = nil
    }
  }

  private mutating func changePipeline(_ name: String, _ arguments: Fragment, _ place: ScriptPlace) {
    refuseArguments(name, arguments)
    if name == "startpipeline" {
      if settings.store != "postgres" { return problems.add(place, "only PostgreSQL has pipelines") }
      if settings.mode == .simple {
        return problems.add(place, "a pipeline needs 'mode: extended' or 'mode: prepared'")
      }
      if pipeline != nil { problems.add(place, "a pipeline is open already") }
      pipeline = (place, conditions.count)
      commands.append(.startPipeline)
    } else if pipeline == nil {
      if settings.store == "postgres", settings.mode != .simple {
        problems.add(place, "\\\(name) without \\startpipeline")
      }
    } else if name == "syncpipeline" {
      commands.append(.synchronisePipeline)
    } else {
      pipeline = nil
      commands.append(.endPipeline)
    }
  }

  // MARK: expressions

  /// The slot of a variable that is used.
  private mutating func use(_ name: String, _ place: ScriptPlace) -> Int {
    let slot = symbols.slot(name)
    do throws(NameProblem) {
      if try scope.origin(of: name, in: index, at: position) == .column { unresolved.append((slot, place)) }
    } catch {
      problems.add(place, error.message)
    }
    return slot
  }

  private mutating func expression(_ fragment: Fragment, missing place: ScriptPlace? = nil) -> ScriptExpression? {
    if fragment.trimmed(0..<fragment.bytes.count).isEmpty {
      problems.add(place ?? fragment.place(0), "an expression is missing")
      return nil
    }
    let fragment = fragment.part(fragment.trimmed(0..<fragment.bytes.count))
    var compiler = self
    do throws(ExpressionProblem) {
      let result = try ExpressionParser.compile(fragment) { name, offset in compiler.use(name, fragment.place(offset)) }
      self = compiler
      return result
    } catch {
      problems.add(fragment.place(error.offset), error.message)
      return nil
    }
  }
}
