internal import CLibpq
internal import Model
internal import Runtime
internal import Scripts

/// Runs the statements of a user's scripts, which find their tables in a schema of their own.
struct PostgresScripts: ScriptClient, ~Copyable {
  struct Configuration: Sendable {
    let session: SessionPlan
    let program: ScriptProgram
    let statements: StatementTable
    let namespace: String
  }

  private var session: Session
  private let configuration: Configuration
  private let statements: StatementTable
  private let mode: ScriptSettings.Mode
  private var values: ScriptParameters
  private var columns: ScriptColumns
  /// The statement that was sent last.
  private var last = 0

  static func configure(_ environment: StrategyEnvironment) throws(SetupFailure) -> Configuration {
    let program = try environment.program()
    return Configuration(
      session: try SessionPlan(scripts: environment, isolation: program.isolation), program: program,
      statements: StatementTable(program, numbered: true), namespace: environment.namespace)
  }

  static func open(
    _ configuration: Configuration, _ worker: WorkerContext
  ) async throws(SetupFailure) -> PostgresScripts {
    var scripts = PostgresScripts(session: try await Session(configuration.session, worker), configuration)
    try await scripts.prepare()
    return scripts
  }

  private init(session: consuming Session, _ configuration: Configuration) {
    self.session = session
    self.configuration = configuration
    statements = configuration.statements
    mode = configuration.program.mode
    values = ScriptParameters(capacity: configuration.statements.largestParameterCount)
    columns = ScriptColumns(statements: configuration.statements.count, configuration.program.variables)
  }

  mutating func reopen() async throws(SetupFailure) {
    try await session.reopen()
    try await prepare()
  }

  consuming func close() async {}

  /// Its connection, for what is no statement of a script.
  var connection: Connection {
    _read { yield session.connection }
    _modify { yield &session.connection }
  }
  /// Of the run.
  var namespace: String { configuration.namespace }

  // MARK: opening

  /// Prepares all statements, which the server looks at meanwhile, and learns the columns of those that become variables.
  /// Without parameters there is nothing that could be prepared.
  private mutating func prepare() async throws(SetupFailure) {
    if mode == .simple { return }
    for position in 0..<statements.count {
      let entry = statements.entries + position
      do throws(AttemptFailure) {
        // Without a name of its own it is forgotten with the next one.
        let name = mode == .prepared ? entry.pointee.name : nil
        let description = try await session.connection.prepare(entry, named: name)
        learn(position, from: description)
        PQclear(description)
      } catch {
        throw SetupFailure(refusal(position))
      }
    }
    let problems = configuration.program.problems(captured: columns.names)
    if let first = problems.first { throw SetupFailure(first.description) }
  }

  private mutating func learn(_ position: Int, from result: OpaquePointer?) {
    if let prefix = statements.prefix(position) { columns.learn(position, prefix: prefix, from: result) }
  }

  /// What the server says against a statement, and where.
  private func refusal(_ position: Int) -> String {
    let statement = statements.statements[position]
    let place = session.connection.errorPosition.map { statement.place(ofCharacter: $0, numbered: true) }
    return "\((place ?? statement.place).description): PostgreSQL: \(session.connection.lastError)"
  }

  // MARK: statements

  var isInTransaction: Bool { session.connection.lastStatus != PQTRANS_IDLE }

  mutating func run(
    script: Int, statement: Int, _ variables: inout ScriptVariables, decides: Bool
  ) async throws(AttemptFailure) -> Int {
    let position = statements.position(of: statement, in: script)
    let entry = statements.entries + position
    last = position
    try send(entry, variables)
    if session.connection.isPipelined { return 0 }
    var answer = ScriptAnswer(keepsRows: entry.pointee.rows != .ignored)
    try await session.connection.take(&answer, decides: decides)
    if entry.pointee.kind == .commit { try session.connection.checkEnd(answer) }
    if entry.pointee.rows != .ignored { try capture(position, answer, &variables) }
    return answer.count
  }

  private mutating func send(
    _ entry: UnsafePointer<StatementTable.Entry>, _ variables: borrowing ScriptVariables
  ) throws(AttemptFailure) {
    switch mode {
    case .prepared:
      values.fill(entry, variables)
      try session.connection.send(prepared: entry, values)
    case .extended:
      values.fill(entry, variables)
      try session.connection.send(unprepared: entry, values)
    case .simple:
      values.compose(entry, variables)
      try session.connection.send(composed: values)
    }
  }

  private mutating func capture(
    _ position: Int, _ answer: borrowing ScriptAnswer, _ variables: inout ScriptVariables
  ) throws(AttemptFailure) {
    let entry = statements.entries + position
    if entry.pointee.rows == .one && answer.count != 1 {
      if statements.statements[position].meaning(ofRows: answer.count) != nil { return }
      session.connection.reply.fail("\\gset needs exactly one row, and there were \(answer.count)")
      throw .error
    }
    for result in answer.earlier {
      learn(position, from: result)
      columns.take(position, from: result, &variables)
    }
    guard let kept = answer.kept else { return }
    if entry.pointee.isCombined || !columns.knows(position) { learn(position, from: kept) }
    columns.take(position, from: kept, &variables)
  }

  mutating func startPipeline() throws(AttemptFailure) { try session.connection.enterPipeline() }

  mutating func synchronisePipeline(decides: Bool) async throws(AttemptFailure) {
    try session.connection.sendSync()
    var answer = ScriptAnswer(keepsRows: false)
    try await session.connection.take(&answer, decides: decides)
  }

  mutating func endPipeline() async throws(AttemptFailure) { try session.connection.leavePipeline() }

  // MARK: the end of an attempt

  func lastError(is code: String) -> Bool {
    let state = session.connection.reply.state.description
    return code.utf8.count == 2 ? state.hasPrefix(code) : state == code
  }

  mutating func rollBack() async { await session.connection.rollBackScript() }

  mutating func abandon(_ failure: AttemptFailure, _ attempt: Attempt) async -> AttemptFailure {
    if failure == .error, session.connection.reply.errorText != nil { attempt.note(error: refusal(last)) }
    // A session that has lost its connection is described by the state with which it ended.
    if failure.breaksSession { return await session.connection.abandon(failure, attempt) }
    await session.connection.rollBackScript()
    // It has been told, and is none of the next attempt.
    session.connection.reply.clear()
    return failure
  }
}
