internal import Model
internal import Runtime

/// How an attempt that failed ends, and what is said about it.
extension Connection {
  /// Ends an attempt that failed: rolls back, notes what a person must know. Returns the failure.
  mutating func abandon(_ failure: AttemptFailure, _ attempt: Attempt) async -> AttemptFailure {
    // The answer to ROLLBACK replaces them.
    let (state, text) = (reply.state, reply.errorText)
    await rollBack()
    if failure == .error, let text {
      attempt.note(error: state == .queryCanceled ? await cancellation(text) : text)
    } else if failure.breaksSession, let setting = state.endingSetting {
      attempt.note(
        error: "PostgreSQL ended a session because its \(setting) had passed: raise it, or make pauses shorter")
    }
    return failure
  }

  /// Who cancelled a statement. The state is the same for a limit and for a person, and the text is in the language of
  /// the server, so the setting tells.
  private mutating func cancellation(_ text: String) async -> String {
    if hasNamedLimit { return text }
    hasNamedLimit = true
    switch await ask("SELECT setting::int8 FROM pg_settings WHERE name = 'statement_timeout'") {
    case nil: return text
    case 0: return "PostgreSQL cancelled a statement at somebody's request; no statement_timeout is set (\(text))"
    case let limit?:
      return "PostgreSQL cancelled a statement: statement_timeout of the role, the database or the server is \(limit) "
        + "ms; raise it, or hold locks for shorter (\(text))"
    }
  }
}
