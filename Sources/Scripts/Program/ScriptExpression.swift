/// A compiled expression of pgbench's language. Evaluating it allocates nothing.
public struct ScriptExpression: Sendable {
  let code: ExpressionCode

  /// As it was written.
  public var text: String { code.text }
  /// Where it begins.
  public var place: ScriptPlace { code.place }
}

/// Why an expression has no value.
public struct ScriptEvaluationFailure: Error, Sendable {
  /// In one sentence.
  public let message: StaticString
  /// Makes a failure.
  public init(_ message: StaticString) { self.message = message }
}
