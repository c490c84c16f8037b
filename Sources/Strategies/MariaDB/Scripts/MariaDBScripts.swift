#if MariaDB
internal import CMariaDB
internal import Model
internal import Runtime
internal import Scripts

/// Runs the statements of a user's scripts, which find their tables in a database of their own.
struct MariaDBScripts: ScriptClient, ~Copyable {
  struct Configuration: Sendable {
    let session: MariaDBConfiguration
    let namespace: String
    let program: ScriptProgram
    let statements: StatementTable
    let slots: [String: Int]
  }

  let configuration: Configuration
  let worker: WorkerContext
  private(set) var connection: Connection
  private let statements: StatementTable
  private let isSimple: Bool
  /// In the order of the table; nil for one that the server knows no preparation of, which goes out as a text.
  private var prepared: [PreparedScript?] = []
  private var text: [UInt8] = []
  /// The statement that ran last.
  private var last = 0
  /// How the last failure is told; the answer to `ROLLBACK` replaces what the library knows of it.
  private var failed = Failed()

  private struct Failed {
    var code = ErrorCode(number: 0)
    var state = ""
    var text = ""
  }

  static func configure(_ environment: StrategyEnvironment) throws(SetupFailure) -> Configuration {
    let program = try environment.program()
    return Configuration(
      session: try MariaDBConfiguration(scripts: environment, isolation: program.isolation),
      namespace: environment.namespace, program: program, statements: StatementTable(program, numbered: false),
      slots: Dictionary(
        program.variables.enumerated().map { ($0.element.name, $0.offset) }, uniquingKeysWith: { first, _ in first }))
  }

  static func open(
    _ configuration: Configuration, _ worker: WorkerContext
  ) async throws(SetupFailure) -> MariaDBScripts {
    let connection = try await Session.connect(configuration.session, worker)
    var scripts = MariaDBScripts(configuration, worker, connection)
    try await scripts.prepare()
    return scripts
  }

  private init(_ configuration: Configuration, _ worker: WorkerContext, _ connection: Connection) {
    self.configuration = configuration
    self.worker = worker
    self.connection = connection
    statements = configuration.statements
    isSimple = configuration.program.mode == .simple
  }

  mutating func reopen() async throws(SetupFailure) {
    // They belong to the connection that was lost.
    prepared = []
    connection = try await Session.connect(configuration.session, worker)
    try await prepare()
  }

  consuming func close() async {}

  /// Prepares all statements, which the server looks at meanwhile.
  private mutating func prepare() async throws(SetupFailure) {
    if isSimple { return await connection.allowSeveralStatements() }
    for position in 0..<statements.count {
      guard let made = await connection.prepare(statements.entries + position) else {
        guard connection.error.isUnprepared else {
          throw SetupFailure("\(statements.statements[position].place.description): MariaDB: \(connection.errorText)")
        }
        prepared.append(nil)
        continue
      }
      if let prefix = statements.prefix(position) { made.learn(prefix: prefix, configuration.slots) }
      prepared.append(made)
    }
    let captured = Set(prepared.flatMap { $0?.names ?? [] })
    if let first = configuration.program.problems(captured: captured).first { throw SetupFailure(first.description) }
  }

  // MARK: statements

  var isInTransaction: Bool { connection.isInTransaction }

  mutating func run(
    script: Int, statement: Int, _ variables: inout ScriptVariables, decides: Bool
  ) async throws(AttemptFailure) -> Int {
    last = statements.position(of: statement, in: script)
    let entry = statements.entries + last
    let rows: Int
    do throws(AttemptFailure) {
      if !isSimple, let one = prepared[last] {
        rows = try await connection.run(one, &variables, decides: decides)
      } else {
        rows = try await runComposed(entry, &variables, decides)
      }
    } catch {
      failed = Failed(code: connection.error, state: connection.errorState, text: connection.errorText)
      throw error
    }
    switch entry.pointee.kind {
    case .commit: worker.events.add(.serverCommits)
    case .rollback: worker.events.add(.serverRollbacks)
    case .begin, .write, .other: break
    }
    if entry.pointee.rows == .one && rows != 1 && statements.statements[last].meaning(ofRows: rows) == nil {
      failed = Failed(text: "\\gset needs exactly one row, and there were \(rows)")
      throw .error
    }
    return rows
  }

  private mutating func runComposed(
    _ entry: UnsafePointer<StatementTable.Entry>, _ variables: inout ScriptVariables, _ decides: Bool
  ) async throws(AttemptFailure) -> Int {
    entry.pointee.compose(variables, into: &text)
    let prefix = statements.prefix(last)
    let slots = configuration.slots
    return try await connection.run(text: text, decides: decides) { result, row in
      guard let prefix, let lengths = mysql_fetch_lengths(result) else { return }
      for index in 0..<Int(mysql_num_fields(result)) {
        let name = mysql_fetch_field_direct(result, UInt32(index)).pointee.name.map { String(cString: $0) } ?? ""
        guard let slot = slots[prefix + name] else { continue }
        if let bytes = row[index] {
          variables.set(slot, text: UnsafeRawBufferPointer(start: bytes, count: Int(lengths[index])))
        } else {
          variables.set(slot, .null)
        }
      }
    }
  }

  /// Nothing to do: the library sends statements one by one.
  mutating func startPipeline() throws(AttemptFailure) {}
  /// All answers are there.
  mutating func synchronisePipeline(decides: Bool) async throws(AttemptFailure) {}
  /// All answers are there.
  mutating func endPipeline() async throws(AttemptFailure) {}

  // MARK: the end of an attempt

  /// Five characters are a SQLSTATE, two the class of one, others the number of an error.
  func lastError(is code: String) -> Bool {
    switch code.utf8.count {
    case 5: failed.state == code
    case 2: failed.state.hasPrefix(code)
    default: UInt32(code) == failed.code.number
    }
  }

  mutating func rollBack() async {
    if connection.isInTransaction { await sendRollback() }
  }

  private mutating func sendRollback() async {
    do throws(AttemptFailure) {
      try await connection.run("ROLLBACK")
      worker.events.add(.serverRollbacks)
    } catch {
      return
    }
  }

  /// After a lock wait timeout the transaction is still open, with its locks. After a deadlock the server has rolled it
  /// back, and doing so again does no harm, but is how deadlocks are counted.
  mutating func abandon(_ failure: AttemptFailure, _ attempt: Attempt) async -> AttemptFailure {
    if failure == .error, !failed.text.isEmpty {
      attempt.note(error: "\(statements.statements[last].place.description): \(failed.code.note(failed.text))")
    }
    failed.text = ""
    if failure.breaksSession { return failure }
    if connection.isInTransaction || failure == .deadlock { await sendRollback() }
    return failure
  }
}
#endif
