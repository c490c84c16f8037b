internal import Model
internal import Runtime
internal import Scripts

/// The schema of a user's scripts: made anew for each trial, asked after it, removed.
extension PostgresAdministration {
  func prepareScript(_ program: ScriptProgram) throws(SetupFailure) {
    let session = try connected()
    try perform("prepare the schema of the scripts") { () throws(AdministrationConnection.Refusal) in
      if schemaState != .made { try createTables(session) }
      if scriptSchema != .absent { try session.run("DROP SCHEMA IF EXISTS \(scriptSchemaName) CASCADE") }
      do throws(AdministrationConnection.Refusal) {
        try session.run("CREATE SCHEMA \(scriptSchemaName)")
        scriptSchema = .made
      } catch {
        // It may be there, and be ours.
        if session.isLost { scriptSchema = .begun }
        throw error
      }
    }
    try run(program.setup, session)
    try perform("clean the tables of the scripts") { () throws(AdministrationConnection.Refusal) in
      let tables = try session.run(
        """
        SELECT format('%I.%I', nspname, relname) FROM pg_class JOIN pg_namespace ON pg_namespace.oid = relnamespace
        WHERE relkind = 'r' AND nspname = $1
        """, ["\(namespace)_script"])
      for table in tables { try session.run("VACUUM (ANALYZE) \(table[0])") }
    }
  }

  /// Runs texts of several statements each, with the schema of the scripts as the only one.
  private func run(
    _ texts: [ScriptSettings.Source], _ session: AdministrationConnection
  ) throws(SetupFailure) {
    var failed: ScriptPlace?
    var problem: AdministrationConnection.Refusal?
    do throws(AdministrationConnection.Refusal) {
      try session.run("SET search_path TO \(scriptSchemaName)")
      for statement in texts.flatMap({ $0.statements(store: "postgres") }) {
        failed = statement.place
        do throws(AdministrationConnection.Refusal) {
          _ = try session.runSimple(statement.text)
        } catch {
          let before = statement.text.unicodeScalars.prefix(max(0, (error.position ?? 1) - 1))
          failed = statement.place.advanced(over: String(String.UnicodeScalarView(before)))
          throw error
        }
      }
    } catch {
      problem = error
    }
    // Whatever they have set or left open.
    try perform("return from the scripts") { () throws(AdministrationConnection.Refusal) in
      _ = try session.runSimple("ROLLBACK")
      try session.run("RESET SESSION AUTHORIZATION")
      try session.run("RESET ALL")
      try DriverSetup.set(session)
    }
    guard let problem else { return }
    throw SetupFailure("\(failed.map { $0.description + ": " } ?? "")PostgreSQL: \(problem.text)")
  }

  func answer(_ check: ScriptCheck, limit: Int) throws(SetupFailure) -> QueryAnswer {
    let session = try connected()
    try perform("turn to the schema of the scripts") { () throws(AdministrationConnection.Refusal) in
      try session.run("SET search_path TO \(scriptSchemaName)")
      // Whatever looks must leave things as they are.
      try session.run("SET default_transaction_read_only TO on")
    }
    var answer: QueryAnswer?
    var problem: AdministrationConnection.Refusal?
    do throws(AdministrationConnection.Refusal) { answer = try session.ask(check.query, limit: limit) } catch {
      problem = error
    }
    try perform("return from the schema of the scripts") { () throws(AdministrationConnection.Refusal) in
      try session.run("RESET search_path")
      try session.run("SET default_transaction_read_only TO off")
    }
    if let answer { return answer }
    let reason = problem?.text ?? "no reason given"
    throw SetupFailure("\(check.place.description): PostgreSQL does not answer the check \(check.name): \(reason)")
  }

  func auditFindings(_ check: ScriptCheck, limit: Int) throws(SetupFailure) -> QueryAnswer {
    let session = try connected()
    let rows = try perform("read what was found") { () throws(AdministrationConnection.Refusal) in
      try session.run("SELECT answer FROM \(ScriptNames.findings(namespace)) WHERE name = $1", [check.name])
    }
    guard let text = rows.first?.first, var answer = QueryAnswer(keptText: text) else {
      return QueryAnswer(columns: [], rows: [], count: 0)
    }
    answer.rows = Array(answer.rows.prefix(limit))
    return answer
  }

  func tearDownScript(_ program: ScriptProgram) throws(SetupFailure) {
    let session = try connected()
    try run(program.teardown, session)
    try perform("remove the schema of the scripts") { () throws(AdministrationConnection.Refusal) in
      _ = try session.run("DROP SCHEMA IF EXISTS \(scriptSchemaName) CASCADE")
    }
    scriptSchema = .absent
  }

  private var scriptSchemaName: String { ScriptNames.schema(namespace) }
}
