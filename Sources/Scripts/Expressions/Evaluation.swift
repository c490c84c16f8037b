internal import Glibc
internal import Model

extension ScriptVariables {
  /// The value of an expression; never a text.
  public mutating func evaluate(
    _ expression: ScriptExpression
  ) throws(ScriptEvaluationFailure) -> ScriptValue {
    let instructions = expression.code.instructions
    var top = -1
    var position = 0
    while position < instructions.count {
      let instruction = instructions[position]
      position &+= 1
      switch instruction.operation {
      case .constant:
        top &+= 1
        stack[top] = instruction.value
      case .variable:
        top &+= 1
        stack[top] = try typed(Int(instruction.operand))
      case .uniform:
        top &+= 1
        if case .integer(let lower) = instruction.value {
          stack[top] = .integer(random.uniform(lower, instruction.bound))
        }
      case .jump: position = Int(instruction.operand)
      case .jumpUnless:
        if !Arithmetic.isTrue(stack[top]) { position = Int(instruction.operand) }
        top &-= 1
      case .jumpIfNotTrue, .jumpIfNotFalse:
        if try stops(instruction.operation, at: stack[top]) {
          position = Int(instruction.operand)
        } else {
          top &-= 1
        }
      case .logical: if stack[top] != .null { _ = try Arithmetic.boolean(stack[top]) }
      case .same:
        top &-= 1
        stack[top] = .boolean(stack[top] == stack[top &+ 1])
      case .pi:
        top &+= 1
        stack[top] = .double(.pi)
      case .not, .abs, .sqrt, .ln, .exp, .int, .double:
        if stack[top] != .null { stack[top] = try Arithmetic.apply(instruction.operation, stack[top]) }
      case .pow, .least, .greatest, .random, .exponential, .gaussian, .zipfian, .hashMurmur2, .hashFNV1a, .permute:
        let count = Int(instruction.operand)
        top &-= count &- 1
        stack[top] = try call(instruction.operation, stack + top, count)
      default:
        top &-= 1
        let (left, right) = (stack[top], stack[top &+ 1])
        stack[top] =
          left == .null || right == .null ? .null : try Arithmetic.apply(instruction.operation, left, right)
      }
    }
    return stack[0]
  }

  /// Whether an expression is true, as `\if` asks: a number other than 0, or true; null is false.
  public mutating func holds(_ expression: ScriptExpression) throws(ScriptEvaluationFailure) -> Bool {
    Arithmetic.isTrue(try evaluate(expression))
  }

  /// Whether the left side of AND or OR decides: unlike in SQL, null does.
  private func stops(
    _ operation: Instruction.Operation, at left: ScriptValue
  ) throws(ScriptEvaluationFailure) -> Bool {
    if left == .null { return true }
    return try Arithmetic.boolean(left) == (operation == .jumpIfNotFalse)
  }

  /// A function; null if one of its values is.
  private mutating func call(
    _ operation: Instruction.Operation, _ values: UnsafeMutablePointer<ScriptValue>, _ count: Int
  ) throws(ScriptEvaluationFailure) -> ScriptValue {
    for index in 0..<count where values[index] == .null { return .null }
    switch operation {
    case .pow: return .double(Glibc.pow(try Arithmetic.double(values[0]), try Arithmetic.double(values[1])))
    case .least, .greatest: return try Arithmetic.extreme(operation, values, count)
    case .hashMurmur2:
      return .integer(Spreading.murmur2(try Arithmetic.integer(values[0]), seed: try Arithmetic.integer(values[1])))
    case .hashFNV1a:
      return .integer(Spreading.fnv1a(try Arithmetic.integer(values[0]), seed: try Arithmetic.integer(values[1])))
    case .permute:
      let size = try Arithmetic.integer(values[1])
      if size <= 0 { throw ScriptEvaluationFailure("the size of permute must be positive") }
      let seed = try Arithmetic.integer(values[2])
      return .integer(Spreading.permute(try Arithmetic.integer(values[0]), size: size, seed: seed))
    default: return .integer(try draw(operation, values))
    }
  }

  private mutating func draw(
    _ operation: Instruction.Operation, _ values: UnsafeMutablePointer<ScriptValue>
  ) throws(ScriptEvaluationFailure) -> Int64 {
    let lower = try Arithmetic.integer(values[0])
    let upper = try Arithmetic.integer(values[1])
    if lower > upper { throw ScriptEvaluationFailure("the range of a random number is empty") }
    let (width, overflow) = upper.subtractingReportingOverflow(lower)
    if overflow || width == .max { throw ScriptEvaluationFailure("the range of a random number is too large") }
    if operation == .random { return random.uniform(lower, upper) }
    let parameter = try Arithmetic.double(values[2])
    switch operation {
    case .exponential:
      guard parameter > 0 else { throw ScriptEvaluationFailure("the parameter of random_exponential must be above 0") }
      return random.exponential(lower, upper, parameter)
    case .gaussian:
      guard parameter >= 2 else { throw ScriptEvaluationFailure("the parameter of random_gaussian must be 2 or more") }
      return random.gaussian(lower, upper, parameter)
    default:
      guard (1.001...1000).contains(parameter) else {
        throw ScriptEvaluationFailure("the parameter of random_zipfian must be from 1.001 to 1000")
      }
      return random.zipfian(lower, upper, parameter)
    }
  }

  /// The value of a variable, with a type: a text becomes what it looks like.
  private func typed(_ slot: Int) throws(ScriptEvaluationFailure) -> ScriptValue {
    guard case .text(let offset, let length) = self[slot] else { return self[slot] }
    return try withText(offset: offset, length: length) { LazyText.value(of: $0) }.get()
  }
}
