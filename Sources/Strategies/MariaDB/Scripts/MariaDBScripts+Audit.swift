#if MariaDB
internal import CMariaDB
internal import Model
internal import Runtime
internal import Scripts

/// Looking at invariants while transactions run.
extension MariaDBScripts {
  mutating func audit(_ program: ScriptProgram) async throws(AttemptFailure) -> Bool {
    do throws(AttemptFailure) {
      try await connection.run("SET TRANSACTION ISOLATION LEVEL REPEATABLE READ")
      try await connection.run("START TRANSACTION WITH CONSISTENT SNAPSHOT, READ ONLY")
      var found: [(name: String, answer: QueryAnswer)] = []
      for check in program.checks where check.isTimeless {
        let answer = try await ask(check.query)
        if answer.count > 0 { found.append((check.name, answer)) }
      }
      try await connection.run("COMMIT")
      worker.events.add(.serverCommits)
      for finding in found {
        _ = try await run(
          "INSERT IGNORE INTO \(ScriptDatabase.findings(configuration.namespace)) VALUES "
            + "(\(finding.name.hexLiteral), \(finding.answer.keptText.hexLiteral))")
      }
      return found.isEmpty
    } catch {
      await rollBack()
      throw error
    }
  }

  /// Rows of an answer that are kept as evidence.
  private static var keptRows: Int { 20 }

  private func run(_ text: String) async throws(AttemptFailure) -> Int {
    try await connection.run(text: Array(text.utf8) + [0], decides: false) { _, _ in }
  }

  private func ask(_ query: String) async throws(AttemptFailure) -> QueryAnswer {
    var answer = QueryAnswer(columns: [], rows: [], count: 0)
    _ = try await connection.run(text: Array(query.utf8) + [0], decides: false) { result, row in
      answer.take(row, of: result, limit: Self.keptRows)
    }
    return answer
  }
}

extension QueryAnswer {
  /// Takes the next row of a result.
  mutating func take(_ row: MYSQL_ROW, of result: UnsafeMutablePointer<MYSQL_RES>, limit: Int) {
    let width = Int(mysql_num_fields(result))
    if columns.isEmpty {
      columns = (0..<width).map { index in
        mysql_fetch_field_direct(result, UInt32(index)).pointee.name.map { String(cString: $0) } ?? ""
      }
    }
    count += 1
    if rows.count < limit { rows.append((0..<width).map { index in row[index].map { String(cString: $0) } }) }
  }
}

extension String {
  /// As a literal of SQL that needs no quotes.
  var hexLiteral: String {
    isEmpty
      ? "''" : "CONVERT(x'" + utf8.map { ($0 < 16 ? "0" : "") + String($0, radix: 16) }.joined() + "' USING utf8mb4)"
  }
}
#endif
