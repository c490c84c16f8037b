/// A step of a compiled expression: takes values from a stack and puts one there.
struct Instruction: Sendable {
  enum Operation: UInt8, Sendable {
    /// Puts the value there.
    case constant
    /// Puts the value of a variable there: the operand is its slot.
    case variable
    case add, subtract, multiply, divide, modulo
    case less, lessOrEqual, greater, greaterOrEqual, equal, notEqual
    case bitAnd, bitOr, bitXor, shiftLeft, shiftRight
    case not
    /// Whether two values are of one type and equal.
    case same
    /// Goes on at the operand.
    case jump
    /// Takes a value, and goes on at the operand unless it counts as true.
    case jumpUnless
    /// Goes on at the operand with false or null on the stack, and drops true.
    case jumpIfNotTrue
    /// Goes on at the operand with true or null on the stack, and drops false.
    case jumpIfNotFalse
    /// The other side of AND and OR is a boolean or null.
    case logical
    case abs, sqrt, ln, exp, int, double, pi, pow
    /// Of as many values as the operand says.
    case least, greatest
    case random, exponential, gaussian, zipfian
    /// A number from the value to the bound, both of which are known and make a range.
    case uniform
    case hashMurmur2, hashFNV1a, permute
  }

  let operation: Operation
  var operand: Int32 = 0
  var value = ScriptValue.null
  var bound: Int64 = 0
}

/// The steps of an expression. A class, so that handing it around copies one reference.
final class ExpressionCode: Sendable {
  /// So many values an expression may need at once.
  static let largestDepth = 64

  let instructions: [Instruction]
  let text: String
  let place: ScriptPlace
  /// The slots of its variables, each once.
  let slots: [Int]

  init(_ instructions: [Instruction], text: String, place: ScriptPlace) {
    self.instructions = instructions
    self.text = text
    self.place = place
    slots = instructions.reduce(into: []) { slots, instruction in
      let slot = Int(instruction.operand)
      if instruction.operation == .variable, !slots.contains(slot) { slots.append(slot) }
    }
  }
}
