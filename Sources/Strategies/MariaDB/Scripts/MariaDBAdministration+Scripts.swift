#if MariaDB
internal import Model
internal import Runtime
internal import Scripts

/// The database of a user's scripts: made anew for each trial, asked after it, removed.
extension MariaDBAdministration {
  private var scripts: String { "`\(ScriptDatabase.name(namespace))`" }

  func prepareScript(_ program: ScriptProgram) throws(SetupFailure) {
    try makeDatabase()
    try removeScripts()
    try connection.run(
      "CREATE TABLE IF NOT EXISTS \(ScriptDatabase.findings(namespace)) "
        + "(name VARCHAR(255) PRIMARY KEY, answer LONGTEXT NOT NULL) CHARACTER SET utf8mb4")
    try connection.run("TRUNCATE \(ScriptDatabase.findings(namespace))")
    // Before it is sent: the answer may be lost.
    hasScripts = true
    try connection.run("CREATE DATABASE \(scripts)")
    try run(program.setup)
    let own = try session(readOnly: false)
    let tables = try own.run("SHOW FULL TABLES WHERE table_type = 'BASE TABLE'")
    for table in tables { try own.run("ANALYZE TABLE `\(table[0])`") }
  }

  /// Runs texts of several statements each.
  private func run(_ texts: [ScriptSettings.Source]) throws(SetupFailure) {
    if texts.isEmpty { return }
    let own = try session(readOnly: false)
    for text in texts {
      for statement in text.statements(store: "mariadb") where own.ask(statement.text, limit: 0) == nil {
        throw SetupFailure("\(statement.place.description): MariaDB: \(own.refusalText)")
      }
    }
  }

  /// A session of our own, for whatever it sets ends with it.
  ///
  /// - Parameter readOnly: whatever looks must leave things as they are.
  private func session(readOnly: Bool) throws(SetupFailure) -> AdministrationConnection {
    let session = try AdministrationConnection(address)
    try session.run("USE \(scripts)")
    if readOnly { try session.run("SET SESSION TRANSACTION READ ONLY") }
    return session
  }

  func answer(_ check: ScriptCheck, limit: Int) throws(SetupFailure) -> QueryAnswer {
    let own = try session(readOnly: true)
    if let answer = own.ask(check.query, limit: limit) { return answer }
    throw SetupFailure(
      "\(check.place.description): MariaDB does not answer the check \(check.name): \(own.refusalText)")
  }

  func auditFindings(_ check: ScriptCheck, limit: Int) throws(SetupFailure) -> QueryAnswer {
    let rows = try connection.run(
      "SELECT answer FROM \(ScriptDatabase.findings(namespace)) WHERE name = \(check.name.hexLiteral)")
    guard let text = rows.first?.first, var answer = QueryAnswer(keptText: text) else {
      return QueryAnswer(columns: [], rows: [], count: 0)
    }
    answer.rows = Array(answer.rows.prefix(limit))
    return answer
  }

  func tearDownScript(_ program: ScriptProgram) throws(SetupFailure) {
    try run(program.teardown)
    try removeScripts()
  }

  func removeScripts() throws(SetupFailure) {
    guard hasScripts else { return }
    try connection.run("DROP DATABASE IF EXISTS \(scripts)")
    hasScripts = false
  }
}
#endif
