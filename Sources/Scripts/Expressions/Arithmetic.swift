internal import Glibc

/// What operators and functions do to values. None of these values is a text or null.
enum Arithmetic {
  static func integer(_ value: ScriptValue) throws(ScriptEvaluationFailure) -> Int64 {
    switch value {
    case .integer(let integer): return integer
    case .double(let double):
      guard let integer = Int64(exactly: double.rounded(.toNearestOrEven)) else {
        throw ScriptEvaluationFailure("a double is too large for an integer")
      }
      return integer
    case .boolean: throw ScriptEvaluationFailure("a boolean stands where an integer is needed")
    case .null, .text: throw ScriptEvaluationFailure("NULL stands where an integer is needed")
    }
  }

  static func double(_ value: ScriptValue) throws(ScriptEvaluationFailure) -> Double {
    switch value {
    case .integer(let integer): return Double(integer)
    case .double(let double): return double
    case .boolean: throw ScriptEvaluationFailure("a boolean stands where a number is needed")
    case .null, .text: throw ScriptEvaluationFailure("NULL stands where a number is needed")
    }
  }

  static func boolean(_ value: ScriptValue) throws(ScriptEvaluationFailure) -> Bool {
    guard case .boolean(let boolean) = value else {
      throw ScriptEvaluationFailure(
        "a number stands where true or false is needed: AND, OR and NOT compare none with 0")
    }
    return boolean
  }

  /// Whether `\if` and `CASE` take a value for true.
  static func isTrue(_ value: ScriptValue) -> Bool {
    switch value {
    case .boolean(let boolean): boolean
    case .integer(let integer): integer != 0
    case .double(let double): double != 0
    case .null, .text: false
    }
  }

  /// An operator with two operands.
  static func apply(
    _ operation: Instruction.Operation, _ left: ScriptValue, _ right: ScriptValue
  ) throws(ScriptEvaluationFailure) -> ScriptValue {
    if case (.integer(let first), .integer(let second)) = (left, right) {
      return try integers(operation, first, second)
    }
    let isDouble =
      switch (left, right) {
      case (.double, _), (_, .double): operation.takesDoubles
      default: false
      }
    return isDouble
      ? doubles(operation, try double(left), try double(right))
      : try integers(operation, try integer(left), try integer(right))
  }

  private static func doubles(_ operation: Instruction.Operation, _ left: Double, _ right: Double) -> ScriptValue {
    switch operation {
    case .add: .double(left + right)
    case .subtract: .double(left - right)
    case .multiply: .double(left * right)
    case .divide: .double(left / right)
    case .less: .boolean(left < right)
    case .lessOrEqual: .boolean(left <= right)
    case .greater: .boolean(left > right)
    case .greaterOrEqual: .boolean(left >= right)
    case .equal: .boolean(left == right)
    default: .boolean(left != right)
    }
  }

  private static func integers(
    _ operation: Instruction.Operation, _ left: Int64, _ right: Int64
  ) throws(ScriptEvaluationFailure) -> ScriptValue {
    switch operation {
    case .add: return try exact(left.addingReportingOverflow(right))
    case .subtract: return try exact(left.subtractingReportingOverflow(right))
    case .multiply: return try exact(left.multipliedReportingOverflow(by: right))
    case .divide:
      if right == 0 { throw ScriptEvaluationFailure("division by zero") }
      return try exact(left.dividedReportingOverflow(by: right))
    case .modulo:
      if right == 0 { throw ScriptEvaluationFailure("division by zero") }
      return .integer(right == -1 ? 0 : left % right)
    case .less: return .boolean(left < right)
    case .lessOrEqual: return .boolean(left <= right)
    case .greater: return .boolean(left > right)
    case .greaterOrEqual: return .boolean(left >= right)
    case .equal: return .boolean(left == right)
    case .notEqual: return .boolean(left != right)
    case .bitAnd: return .integer(left & right)
    case .bitOr: return .integer(left | right)
    case .bitXor: return .integer(left ^ right)
    default:
      // What C leaves undefined, pgbench computes as the processor happens to.
      guard (0...63).contains(right) else {
        throw ScriptEvaluationFailure("bits can be shifted by 0 to 63 places")
      }
      return .integer(operation == .shiftLeft ? left << right : left >> right)
    }
  }

  private static func exact(
    _ result: (partialValue: Int64, overflow: Bool)
  ) throws(ScriptEvaluationFailure) -> ScriptValue {
    if result.overflow { throw ScriptEvaluationFailure("the result is too large for an integer") }
    return .integer(result.partialValue)
  }

  /// A function of one value.
  static func apply(
    _ operation: Instruction.Operation, _ value: ScriptValue
  ) throws(ScriptEvaluationFailure) -> ScriptValue {
    switch operation {
    case .not: return .boolean(try !boolean(value))
    case .int: return .integer(try integer(value))
    case .sqrt: return .double(Glibc.sqrt(try double(value)))
    case .ln: return .double(Glibc.log(try double(value)))
    case .exp: return .double(Glibc.exp(try double(value)))
    case .abs:
      guard case .double(let double) = value else {
        let integer = try integer(value)
        return integer < 0 ? try exact((0 as Int64).subtractingReportingOverflow(integer)) : .integer(integer)
      }
      return .double(double.magnitude)
    default: return .double(try double(value))
    }
  }

  /// The least or the greatest of some values; a double if one of them is.
  static func extreme(
    _ operation: Instruction.Operation, _ values: UnsafeMutablePointer<ScriptValue>, _ count: Int
  ) throws(ScriptEvaluationFailure) -> ScriptValue {
    var hasDouble = false
    for index in 0..<count { if case .double = values[index] { hasDouble = true } }
    if hasDouble {
      var result = try double(values[0])
      for index in 1..<max(count, 1) {
        let value = try double(values[index])
        result = operation == .least ? Swift.min(result, value) : Swift.max(result, value)
      }
      return .double(result)
    }
    var result = try integer(values[0])
    for index in 1..<max(count, 1) {
      let value = try integer(values[index])
      result = operation == .least ? Swift.min(result, value) : Swift.max(result, value)
    }
    return .integer(result)
  }
}

extension Instruction.Operation {
  /// Whether it becomes one of doubles when an operand is one.
  fileprivate var takesDoubles: Bool {
    switch self {
    case .modulo, .bitAnd, .bitOr, .bitXor, .shiftLeft, .shiftRight: false
    default: true
    }
  }
}
