public import Model

/// A verdict beside what was expected, in words that need no colour.
public func verdictWords(_ verdict: Verdict, _ expectation: Expectation) -> String {
  switch (verdict, expectation) {
  case (.pass, .violation): "pass (violation expected!)"
  case (.pass, _): "pass"
  case (.unknown, _): "unknown"
  case (.violation, .pass): "VIOLATION"
  case (.violation, .violation): "VIOLATION (expected)"
  case (.violation, .any): "VIOLATION (not judged)"
  }
}

/// The same in few letters, for a table without room: its rows stand below a rule that names them violations.
public func shortVerdictWords(_ verdict: Verdict, _ expectation: Expectation) -> String {
  switch (verdict, expectation) {
  case (.pass, .violation): "NO VIOLATION"
  case (.pass, _): "pass"
  case (.unknown, _): "unknown"
  case (.violation, .pass): "VIOLATION"
  case (.violation, .violation): "expected"
  case (.violation, .any): "not judged"
  }
}

extension Cell {
  /// A cell in a sentence: `redis.lock, 8 workers`, with its variant when there are several: `..., keys=16, hold=1ms`.
  public var name: String {
    let parts = [strategy, counted(workers, "worker"), variant]
    return parts.filter { !$0.isEmpty }.joined(separator: ", ").printable
  }
}

extension TrialResult {
  /// A trial in a sentence: `redis.lock, 8 workers, repetition 2`.
  public var name: String { "\(cell.name), repetition \(repetition)" + (measurement > 1 ? ", measured again" : "") }
}
