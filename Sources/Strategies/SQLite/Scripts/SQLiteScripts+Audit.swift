#if SQLite
internal import CSQLite
internal import Model
internal import Runtime
internal import Scripts

/// Looking at invariants while transactions run.
extension SQLiteScripts {
  mutating func audit(_ program: ScriptProgram) async throws(AttemptFailure) -> Bool {
    var found: [(name: String, answer: QueryAnswer)] = []
    do throws(Refusal) {
      try database.run("BEGIN")
      for check in program.checks where check.isTimeless {
        let answer = try database.ask(check.query, limit: Self.keptRows)
        if answer.count > 0 { found.append((check.name, answer)) }
      }
      try database.run("COMMIT")
      if !found.isEmpty { try keep(found) }
    } catch {
      await rollBack()
      throw .error
    }
    return found.isEmpty
  }

  /// Rows of an answer that are kept as evidence.
  private static var keptRows: Int { 20 }

  /// The first ones that were found stay. In the file of the records, where no check of the user looks.
  private func keep(_ found: [(name: String, answer: QueryAnswer)]) throws(Refusal) {
    guard let records = try? Database(url: configuration.records, patience: 5_000) else { return }
    let table = configuration.file.findings
    try records.run("CREATE TABLE IF NOT EXISTS \(table) (name TEXT PRIMARY KEY, answer TEXT NOT NULL)")
    for finding in found {
      try records.run(
        "INSERT OR IGNORE INTO \(table) VALUES (\(finding.name.quoted), \(finding.answer.keptText.quoted))")
    }
  }
}

extension String {
  /// As a literal of SQL.
  fileprivate var quoted: String {
    "'" + split(separator: "'", omittingEmptySubsequences: false).joined(separator: "''") + "'"
  }
}

extension Database {
  /// Runs a query of a user. Returns its columns and first rows, as text.
  func ask(_ query: String, limit: Int) throws(Refusal) -> QueryAnswer {
    var compiled: OpaquePointer?
    let prepared = sqlite3_prepare_v2(handle, query, -1, &compiled, nil)
    guard prepared == SQLITE_OK else { throw .code(ResultCode(number: prepared)) }
    defer { sqlite3_finalize(compiled) }
    let columns = 0..<sqlite3_column_count(compiled)
    var answer = QueryAnswer(
      columns: columns.map { sqlite3_column_name(compiled, $0).map { String(cString: $0) } ?? "" }, rows: [], count: 0)
    while true {
      let code = sqlite3_step(compiled)
      if code == SQLITE_DONE { return answer }
      guard code == SQLITE_ROW else { throw .code(ResultCode(number: code)) }
      answer.count += 1
      if answer.rows.count < limit {
        answer.rows.append(columns.map { sqlite3_column_text(compiled, $0).map { String(cString: $0) } })
      }
    }
  }
}
#endif
