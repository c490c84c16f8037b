internal import Model

/// Compiles an expression by precedence climbing, straight into steps.
struct ExpressionParser {
  /// How tightly an operator binds, from the loosest.
  enum Binding: Int, Comparable {
    case or = 1, and, not, test, comparison, bits, sum, product, sign

    static func < (first: Binding, second: Binding) -> Bool { first.rawValue < second.rawValue }
    var tighter: Binding { Binding(rawValue: rawValue + 1) ?? .sign }
  }

  /// So deep parentheses may be nested.
  private static let largestNesting = 300

  private var lexer: ExpressionLexer
  private var token = ExpressionToken.end
  private var offset = 0
  private var instructions: [Instruction] = []
  private var depth = 0
  private var nesting = 0
  private let slot: (String, Int) -> Int

  /// Compiles the text of a fragment.
  ///
  /// - Parameter slot: gives the slot of a variable that is named at an offset.
  static func compile(
    _ fragment: Fragment, slot: @escaping (String, Int) -> Int
  ) throws(ExpressionProblem) -> ScriptExpression {
    var parser = ExpressionParser(lexer: ExpressionLexer(fragment), slot: slot)
    try parser.advance()
    if parser.token == .end { throw ExpressionProblem(0, "an expression is missing") }
    try parser.expression(.or)
    if parser.token != .end { throw parser.unexpected() }
    let text = fragment.text(fragment.trimmed(0..<fragment.bytes.count))
    return ScriptExpression(code: ExpressionCode(parser.instructions, text: text, place: fragment.place(0)))
  }

  private init(lexer: ExpressionLexer, slot: @escaping (String, Int) -> Int) {
    self.lexer = lexer
    self.slot = slot
  }

  private mutating func advance() throws(ExpressionProblem) { (token, offset) = try lexer.next() }

  private func unexpected() -> ExpressionProblem {
    switch token {
    case .end: ExpressionProblem(offset, "the expression ends too early")
    case .integer(let value): ExpressionProblem(offset, "\(value) is not expected here")
    case .integerMinimum: ExpressionProblem(offset, "9223372036854775808 is too large for an integer")
    case .double(let value): ExpressionProblem(offset, "\(value) is not expected here")
    case .variable(let name): ExpressionProblem(offset, "':\(name)' is not expected here")
    case .word(let word), .sign(let word): ExpressionProblem(offset, "'\(word)' is not expected here")
    }
  }

  private mutating func expect(_ wanted: ExpressionToken) throws(ExpressionProblem) {
    guard token == wanted else { throw unexpected() }
    try advance()
  }

  // MARK: steps

  /// - Parameter effect: how many more values are on the stack behind it.
  private mutating func emit(
    _ operation: Instruction.Operation, operand: Int = 0, effect: Int, at offset: Int
  ) throws(ExpressionProblem) {
    instructions.append(Instruction(operation: operation, operand: Int32(operand)))
    depth += effect
    if depth > ExpressionCode.largestDepth {
      throw ExpressionProblem(offset, "the expression needs more than \(ExpressionCode.largestDepth) values at once")
    }
  }

  private mutating func emit(_ value: ScriptValue, at offset: Int) throws(ExpressionProblem) {
    try emit(.constant, effect: 1, at: offset)
    instructions[instructions.count - 1].value = value
  }

  /// A jump whose target is not known yet.
  private mutating func emitJump(_ operation: Instruction.Operation, effect: Int) throws(ExpressionProblem) -> Int {
    try emit(operation, effect: effect, at: offset)
    return instructions.count - 1
  }

  private mutating func land(_ jump: Int) { instructions[jump].operand = Int32(instructions.count) }

  // MARK: grammar

  private mutating func expression(_ least: Binding) throws(ExpressionProblem) {
    nesting += 1
    if nesting > Self.largestNesting { throw ExpressionProblem(offset, "the expression is nested too deeply") }
    try prefix()
    var last: Binding?
    while let (binding, operation) = infix(), binding >= least {
      // Comparisons do not chain: `1 < 2 < 3` is no expression.
      if binding == last, binding == .comparison { throw unexpected() }
      last = binding
      try infix(binding, operation)
    }
    nesting -= 1
  }

  private func infix() -> (Binding, Instruction.Operation?)? {
    switch token {
    case .word("or"): (.or, nil)
    case .word("and"): (.and, nil)
    case .word("is"), .word("isnull"), .word("notnull"): (.test, nil)
    case .sign(let sign): Self.signs[sign].map { ($0.0, $0.1) }
    default: nil
    }
  }

  private static let signs: [String: (Binding, Instruction.Operation)] = [
    "<": (.comparison, .less), "<=": (.comparison, .lessOrEqual), ">": (.comparison, .greater),
    ">=": (.comparison, .greaterOrEqual), "=": (.comparison, .equal), "<>": (.comparison, .notEqual),
    "|": (.bits, .bitOr), "#": (.bits, .bitXor), "&": (.bits, .bitAnd), "<<": (.bits, .shiftLeft),
    ">>": (.bits, .shiftRight), "+": (.sum, .add), "-": (.sum, .subtract), "*": (.product, .multiply),
    "/": (.product, .divide), "%": (.product, .modulo),
  ]

  private mutating func infix(_ binding: Binding, _ operation: Instruction.Operation?) throws(ExpressionProblem) {
    if binding == .test { return try test() }
    let start = offset
    try advance()
    guard let operation else {
      let jump = try emitJump(binding == .or ? .jumpIfNotFalse : .jumpIfNotTrue, effect: -1)
      try expression(binding.tighter)
      try emit(.logical, effect: 0, at: start)
      return land(jump)
    }
    try expression(binding.tighter)
    try emit(operation, effect: -1, at: start)
  }

  /// `IS [NOT] NULL`, `IS [NOT] TRUE`, `ISNULL`, `NOTNULL`.
  private mutating func test() throws(ExpressionProblem) {
    let start = offset
    var isNegated = token == .word("notnull")
    var value = ScriptValue.null
    if token == .word("is") {
      try advance()
      if token == .word("not") {
        isNegated = true
        try advance()
      }
      switch token {
      case .word("null"): value = .null
      case .word("true"): value = .boolean(true)
      case .word("false"): value = .boolean(false)
      default: throw unexpected()
      }
    }
    try advance()
    try emit(value, at: start)
    try emit(.same, effect: -1, at: start)
    if isNegated { try emit(.not, effect: 0, at: start) }
  }

  private mutating func prefix() throws(ExpressionProblem) {
    let (first, start) = (token, offset)
    switch first {
    case .end, .integerMinimum: throw unexpected()
    default: try advance()
    }
    switch first {
    case .integer(let value): try emit(.integer(value), at: start)
    case .double(let value): try emit(.double(value), at: start)
    case .variable(let name): try emit(.variable, operand: slot(name, start), effect: 1, at: start)
    case .word(let word): try self.word(word, start)
    case .sign("("):
      try expression(.or)
      try expect(.sign(")"))
    case .sign("+"): try expression(.sign)
    case .sign("-") where token == .integerMinimum:
      try advance()
      try emit(.integer(.min), at: start)
    case .sign("-"):
      let first = instructions.count
      try emit(.integer(0), at: start)
      try expression(.sign)
      try emit(.subtract, effect: -1, at: start)
      foldNegation(from: first)
    case .sign("~"):
      try emit(.integer(-1), at: start)
      try expression(.sum)
      try emit(.bitXor, effect: -1, at: start)
    default:
      (token, offset) = (first, start)
      throw unexpected()
    }
  }

  private mutating func word(_ word: String, _ start: Int) throws(ExpressionProblem) {
    switch word {
    case "null": try emit(.null, at: start)
    case "true": try emit(.boolean(true), at: start)
    case "false": try emit(.boolean(false), at: start)
    case "not":
      try expression(.not)
      try emit(.not, effect: 0, at: start)
    case "case": try cases(start)
    default:
      if token == .sign("(") { return try call(word, start) }
      (token, offset) = (.word(word), start)
      if ScriptFunction.all[word] != nil { throw ExpressionProblem(start, "the function '\(word)' needs parentheses") }
      throw ExpressionProblem(start, "'\(word)' is not understood; a variable is written ':\(word)'")
    }
  }

  /// `CASE WHEN ... THEN ... [ELSE ...] END`.
  private mutating func cases(_ start: Int) throws(ExpressionProblem) {
    guard token == .word("when") else { throw unexpected() }
    var ends: [Int] = []
    while token == .word("when") {
      try advance()
      try expression(.or)
      let next = try emitJump(.jumpUnless, effect: -1)
      try expect(.word("then"))
      try expression(.or)
      ends.append(try emitJump(.jump, effect: -1))
      land(next)
    }
    if token == .word("else") {
      try advance()
      try expression(.or)
    } else {
      try emit(.null, at: start)
    }
    try expect(.word("end"))
    for end in ends { land(end) }
  }

  private mutating func call(_ name: String, _ start: Int) throws(ExpressionProblem) {
    guard let function = ScriptFunction.all[name] else {
      let hint = Suggestion.phrase(for: name, among: ScriptFunction.all.keys.sorted())
      throw ExpressionProblem(start, "unknown function '\(name)'\(hint)")
    }
    try advance()
    let first = instructions.count
    var count = 0
    while token != .sign(")") {
      if count > 0 { try expect(.sign(",")) }
      try expression(.or)
      count += 1
    }
    try advance()
    let wanted = function.arguments
    guard wanted.contains(count) else {
      let range = wanted.count == 1 ? "\(wanted.lowerBound)" : "\(wanted.lowerBound) to \(wanted.upperBound)"
      throw ExpressionProblem(start, "'\(name)' takes \(range) arguments, not \(count)")
    }
    if function.isSeeded, count < wanted.upperBound {
      try emit(.variable, operand: slot("default_seed", start), effect: 1, at: start)
      count += 1
    }
    if let operation = function.operation { try emit(operation, operand: count, effect: 1 - count, at: start) }
    if function.operation == .random { fuseRange(from: first) }
  }

  // MARK: shorter code

  /// The integer that a step puts on the stack; nil when it does something else.
  private func known(_ position: Int) -> Int64? {
    guard position < instructions.count, instructions[position].operation == .constant,
      case .integer(let value) = instructions[position].value
    else { return nil }
    return value
  }

  /// `0 - n` with a known n is a known number.
  private mutating func foldNegation(from first: Int) {
    guard instructions.count == first + 3, let value = known(first + 1), value > .min else { return }
    instructions.removeLast(2)
    instructions[first].value = .integer(-value)
  }

  /// `random(n, m)` with known n and m needs neither the stack nor a check.
  private mutating func fuseRange(from first: Int) {
    guard instructions.count == first + 3, let lower = known(first), let upper = known(first + 1),
      lower <= upper, case (let width, false) = upper.subtractingReportingOverflow(lower), width < .max
    else { return }
    instructions.removeLast(2)
    instructions[first] = Instruction(operation: .uniform, value: .integer(lower), bound: upper)
  }
}
