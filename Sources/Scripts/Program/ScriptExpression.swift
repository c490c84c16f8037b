/// A compiled expression of pgbench's language. Evaluating it allocates nothing.
public struct ScriptExpression: Sendable {
  /// As it was written.
  public let text: String
  /// Where it begins.
  public let place: ScriptPlace
}

/// Why an expression has no value.
public struct ScriptEvaluationFailure: Error, Sendable {
  /// In one sentence.
  public let message: StaticString
  /// Makes a failure.
  public init(_ message: StaticString) { self.message = message }
}
