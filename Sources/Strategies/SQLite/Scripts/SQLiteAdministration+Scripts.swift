#if SQLite
internal import CSQLite
internal import Model
internal import Runtime
internal import Scripts

/// The file of a user's scripts: made anew for each trial, asked after it, removed.
extension SQLiteAdministration {
  private var scriptFile: ScriptFile { ScriptFile(besides: url, namespace: namespace) }

  func prepareScript(_ program: ScriptProgram) throws(SetupFailure) {
    try removeScripts()
    // First that of the records: only where it can be is there room beside it.
    let records = try opened()
    try perform("prepare for scripts", records) { () throws(Refusal) in
      _ = try records.run("DROP TABLE IF EXISTS \(scriptFile.findings)")
    }
    let database = try scripts(creates: true)
    scriptPath = database.path
    for text in program.setup { try run(text, database) }
    _ = try? database.run("ANALYZE")
  }

  func answer(_ check: ScriptCheck, limit: Int) throws(SetupFailure) -> QueryAnswer {
    let database = try scripts(creates: false)
    do throws(Refusal) {
      // Whatever looks must leave things as they are.
      try database.run("PRAGMA query_only = on")
      return try database.ask(check.query, limit: limit)
    } catch {
      throw SetupFailure(
        "\(check.place.description): SQLite does not answer the check \(check.name): \(database.message)")
    }
  }

  func auditFindings(_ check: ScriptCheck, limit: Int) throws(SetupFailure) -> QueryAnswer {
    let records = try opened()
    var text: String?
    // There is no such table before something is found.
    if let query = try? Statement(records, "SELECT answer FROM \(scriptFile.findings) WHERE name = ?1") {
      query.bind(1, check.name)
      if (try? query.next()) == true { text = String(decoding: query.text(0), as: UTF8.self) }
      query.reset()
    }
    guard let text, var answer = QueryAnswer(keptText: text) else {
      return QueryAnswer(columns: [], rows: [], count: 0)
    }
    answer.rows = Array(answer.rows.prefix(limit))
    return answer
  }

  func tearDownScript(_ program: ScriptProgram) throws(SetupFailure) {
    if !program.teardown.isEmpty {
      let database = try scripts(creates: false)
      for text in program.teardown { try run(text, database) }
    }
    try removeScripts()
  }

  /// Removes the file of the scripts and what was found, if they may be there.
  func removeScripts() throws(SetupFailure) {
    guard let path = scriptPath else { return }
    if path.isEmpty {
      // Another process has made it, if anybody has.
      if let database = try? Database(url: scriptFile.url, patience: 0) { ScriptFile.remove(database.path) }
    } else {
      ScriptFile.remove(path)
    }
    scriptPath = nil
  }

  /// Waits until nobody holds the write lock of the file of the scripts.
  func settleScripts(within limit: Duration) throws(SetupFailure) {
    guard let path = scriptPath, !path.isEmpty else { return }
    let database = try scripts(creates: false)
    sqlite3_busy_timeout(database.handle, Int32(clamping: limit.nanoseconds / 1_000_000))
    try perform("wait for the last writer", database) { () throws(Refusal) in
      try database.run("BEGIN EXCLUSIVE")
      _ = try database.run("ROLLBACK")
    }
  }

  private func scripts(creates: Bool) throws(SetupFailure) -> Database {
    do throws(Database.OpeningFailure) {
      return try Database(url: scriptFile.url, creates: creates, patience: 5_000)
    } catch {
      throw SetupFailure(
        "SQLite cannot open or create a file for the scripts beside that of the records: \(error.reason)")
    }
  }

  /// Runs a text of several statements.
  private func run(_ text: ScriptSettings.Source, _ database: Database) throws(SetupFailure) {
    let bytes = Array(text.text.utf8) + [0]
    var start = 0
    while start < bytes.count - 1 {
      let (length, problem) = bytes.withUnsafeBytes { memory -> (Int, (offset: Int, text: String)?) in
        guard let base = memory.baseAddress else { return (0, nil) }
        return database.runFirst(of: (base + start).assumingMemoryBound(to: CChar.self))
      }
      if let problem {
        let before = String(decoding: bytes[..<(start + problem.offset)], as: UTF8.self)
        let place = ScriptPlace(source: text.name, line: 1, column: 1).advanced(over: before)
        throw SetupFailure("\(place.description): SQLite: \(problem.text)")
      }
      if length == 0 { return }
      start += length
    }
  }
}

extension Database {
  /// Runs the first statement of a text. Returns how many bytes it took, or where in it and why it failed.
  fileprivate func runFirst(of text: UnsafePointer<CChar>) -> (length: Int, problem: (offset: Int, text: String)?) {
    // White space may stand before the statement.
    var start = 0
    while text[start] == 32 || (text[start] >= 9 && text[start] <= 13) { start += 1 }
    var compiled: OpaquePointer?
    var tail: UnsafePointer<CChar>?
    guard sqlite3_prepare_v2(handle, text, -1, &compiled, &tail) == SQLITE_OK else {
      let offset = Int(sqlite3_error_offset(handle))
      return (0, (offset < 0 ? start : offset, message))
    }
    defer { sqlite3_finalize(compiled) }
    var code = SQLITE_DONE
    if compiled != nil {
      repeat { code = sqlite3_step(compiled) } while code == SQLITE_ROW
    }
    return (tail.map { $0 - text } ?? 0, code == SQLITE_DONE ? nil : (start, message))
  }
}
#endif
