internal import CLibpq
internal import Model
internal import Runtime
internal import Scripts

/// Looking at invariants while transactions run.
extension PostgresScripts {
  mutating func audit(_ program: ScriptProgram) async throws(AttemptFailure) -> Bool {
    do throws(AttemptFailure) {
      PQclear(try await connection.fetch("BEGIN ISOLATION LEVEL REPEATABLE READ READ ONLY"))
      var found: [(name: String, answer: QueryAnswer)] = []
      for check in program.checks where check.isTimeless {
        let result = try await connection.fetch(check.query)
        defer { PQclear(result) }
        if PQntuples(result) > 0 { found.append((check.name, QueryAnswer(result, limit: Self.keptRows))) }
      }
      PQclear(try await connection.fetch("COMMIT"))
      for finding in found { try await keep(finding.name, finding.answer) }
      return found.isEmpty
    } catch {
      await connection.rollBackScript()
      throw error
    }
  }

  /// Rows of an answer that are kept as evidence.
  private static var keptRows: Int { 20 }

  /// The first ones that were found stay.
  private mutating func keep(_ name: String, _ answer: QueryAnswer) async throws(AttemptFailure) {
    let text = "INSERT INTO \(ScriptNames.findings(namespace)) VALUES ($1, $2) ON CONFLICT DO NOTHING"
    PQclear(try await connection.fetch(text, [name, answer.keptText]))
  }
}
