public import Model

/// The value of a variable or of an expression.
public enum ScriptValue: Sendable, Equatable {
  /// SQL's null; also that of a variable that has none.
  case null
  /// True or false.
  case boolean(Bool)
  /// A whole number.
  case integer(Int64)
  /// A number with a fraction.
  case double(Double)
  /// A text from a column or a definition, which an expression turns into one of the others: where it lies in
  /// ``ScriptVariables/bytes``.
  case text(offset: Int32, length: Int32)
}

/// The variables of one worker. Nothing here allocates while operations run, except when a text is longer than any before.
///
/// Owned by the session of the worker, used on its thread only.
public struct ScriptVariables: ~Copyable {
  /// The generator of the operation in hand.
  public var random: RandomSource
  private var values: [ScriptValue]
  private var storage: [UInt8] = []

  /// The variables of a worker at its start.
  public init(_ program: ScriptProgram, worker: Int, seed: UInt64) {
    random = RandomSource(seed: seed)
    values = program.variables.map { _ in .null }
  }

  /// An operation begins: what is drawn depends on its generator only, and ``rewind()`` comes back to here.
  public mutating func begin(_ random: RandomSource) {}

  /// Another attempt at the operation begins: every variable and the generator are as they were at its begin. pgbench
  /// restores the generator only.
  public mutating func rewind() {}

  /// The value of a variable.
  public subscript(slot: Int) -> ScriptValue { values[slot] }

  /// Gives a variable a value that is not a text.
  public mutating func set(_ slot: Int, _ value: ScriptValue) { values[slot] = value }

  /// Gives a variable a text, of which a copy is kept.
  public mutating func set(_ slot: Int, text: UnsafeRawBufferPointer) {}

  /// The value of an expression.
  public mutating func evaluate(_ expression: ScriptExpression) throws(ScriptEvaluationFailure) -> ScriptValue { .null }

  /// Whether an expression is true, as `\if` asks: a number other than 0, or true; null is false.
  public mutating func holds(_ expression: ScriptExpression) throws(ScriptEvaluationFailure) -> Bool { false }

  /// Appends the value of a variable as text, as it stands in a statement or goes out as a parameter; nothing for null.
  ///
  /// - Returns: false for null.
  public func write(_ slot: Int, to buffer: inout [UInt8]) -> Bool { false }

  /// Calls a body with the bytes of a text value.
  public func withText<Result>(offset: Int32, length: Int32, _ body: (UnsafeRawBufferPointer) -> Result) -> Result {
    storage.withUnsafeBytes { body(UnsafeRawBufferPointer(rebasing: $0[Int(offset)..<Int(offset) + Int(length)])) }
  }
}
