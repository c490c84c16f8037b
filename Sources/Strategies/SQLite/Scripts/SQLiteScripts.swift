#if SQLite
internal import CSQLite
internal import Model
internal import Runtime
internal import Scripts

/// Runs the statements of a user's scripts on a database file of their own. Blocks its thread, which no other worker has.
struct SQLiteScripts: ScriptClient, ~Copyable {
  struct Configuration: Sendable {
    let file: ScriptFile
    /// The URL of the file of the records.
    let records: String
    let shared: SQLiteConfiguration
    let program: ScriptProgram
    let statements: StatementTable
    let slots: [String: Int]
    /// Whether invariants are looked at while transactions run.
    let isAudited: Bool
  }

  let configuration: Configuration
  let database: Database
  private let statements: StatementTable
  private var prepared: PreparedScripts
  private let isSimple: Bool
  private let rollback: Statement
  private var text: [UInt8] = []
  /// The statement that ran last, how SQLite refused it, and in which words.
  private var last = 0
  private var refusal: ResultCode?
  private var problem: String?
  /// Where the auditor has its turn on this thread; nil where there is none.
  private let loop: EventLoop?
  private var turn: Int64 = 0

  /// How long the auditor waits for its turn at most, in nanoseconds.
  private static var longestTurn: Int64 { 2_000_000 }

  static func configure(_ environment: StrategyEnvironment) throws(SetupFailure) -> Configuration {
    let program = try environment.program()
    let records = try environment.endpoint("sqlite")
    let file = ScriptFile(besides: records, namespace: environment.namespace)
    return Configuration(
      file: file, records: records, shared: try SQLiteConfiguration(environment, file: file.url), program: program,
      statements: StatementTable(program, numbered: false),
      slots: Dictionary(
        program.variables.enumerated().map { ($0.element.name, $0.offset) }, uniquingKeysWith: { first, _ in first }),
      isAudited: environment.script?.interval != nil)
  }

  static func open(_ configuration: Configuration, _ worker: WorkerContext) async throws(SetupFailure) -> SQLiteScripts
  {
    let database = try configuration.shared.open()
    let rollback: Statement
    do throws(Refusal) { rollback = try Statement(database, "ROLLBACK") } catch {
      throw SetupFailure("SQLite cannot use \(database.path): \(database.message)")
    }
    let prepared = try prepare(configuration, database)
    return SQLiteScripts(configuration, worker, database, prepared, rollback)
  }

  private init(
    _ configuration: Configuration, _ worker: WorkerContext, _ database: Database,
    _ prepared: consuming PreparedScripts, _ rollback: Statement
  ) {
    self.configuration = configuration
    self.database = database
    self.prepared = prepared
    self.rollback = rollback
    statements = configuration.statements
    isSimple = configuration.program.mode == .simple
    loop = configuration.isAudited && worker.index == 0 ? worker.loop : nil
  }

  /// Compiles all statements, unless the values are put into their texts.
  private static func prepare(
    _ configuration: Configuration, _ database: Database
  ) throws(SetupFailure) -> PreparedScripts {
    var prepared = PreparedScripts(database)
    if configuration.program.mode == .simple { return prepared }
    let table = configuration.statements
    for position in 0..<table.count {
      do throws(PreparedScripts.Refusal) {
        try prepared.append(table.entries + position, prefix: table.prefix(position), configuration.slots)
      } catch {
        throw SetupFailure(sentence(error, table.statements[position]))
      }
    }
    if let first = configuration.program.problems(captured: prepared.names).first {
      throw SetupFailure(first.description)
    }
    return prepared
  }

  private static func sentence(_ refusal: PreparedScripts.Refusal, _ statement: ScriptStatement) -> String {
    let place = refusal.offset.map { offset in
      let before = statement.text(numbered: false).utf8.prefix(offset)
      let characters = String(decoding: before, as: UTF8.self).unicodeScalars.count
      return statement.place(ofCharacter: characters + 1, numbered: false)
    }
    return "\((place ?? statement.place).description): SQLite: \(refusal.text)"
  }

  consuming func close() async {}

  // MARK: statements

  var isInTransaction: Bool { !database.isIdle }

  mutating func run(
    script: Int, statement: Int, _ variables: inout ScriptVariables, decides: Bool
  ) async throws(AttemptFailure) -> Int {
    if let loop, database.isIdle, monotonicNow() > turn {
      await loop.sleep(nanoseconds: 1)
      turn = monotonicNow() &+ Self.longestTurn
    }
    last = statements.position(of: statement, in: script)
    refusal = nil
    problem = nil
    let rows = isSimple ? try runComposed(&variables, decides) : try runPrepared(&variables, decides)
    if statements.entries[last].rows == .one && rows != 1 {
      if statements.statements[last].meaning(ofRows: rows) == nil {
        problem = "\\gset needs exactly one row, and there were \(rows)"
        throw .error
      }
    }
    return rows
  }

  private mutating func runPrepared(
    _ variables: inout ScriptVariables, _ decides: Bool
  ) throws(AttemptFailure) -> Int {
    let one = prepared[last]
    one.bind(statements.entries + last, variables)
    var rows = 0
    var code = sqlite3_step(one.handle)
    while code == SQLITE_ROW {
      rows &+= 1
      one.take(&variables)
      code = sqlite3_step(one.handle)
    }
    sqlite3_reset(one.handle)
    if _slowPath(code != SQLITE_DONE) { throw refused(code, decides) }
    return one.isReadOnly || one.columns > 0 ? rows : Int(database.changes)
  }

  /// Runs a text with the values in it, which may be several statements.
  private mutating func runComposed(
    _ variables: inout ScriptVariables, _ decides: Bool
  ) throws(AttemptFailure) -> Int {
    (statements.entries + last).pointee.compose(variables, into: &text)
    let prefix = statements.prefix(last)
    var rows = 0
    var start = 0
    while start < text.count - 1 {
      var compiled: OpaquePointer?
      var length = 0
      let code = text.withUnsafeBytes { bytes in
        let first = bytes.baseAddress.map { ($0 + start).assumingMemoryBound(to: CChar.self) }
        var tail: UnsafePointer<CChar>?
        let code = sqlite3_prepare_v2(database.handle, first, -1, &compiled, &tail)
        length = first.flatMap { first in tail.map { $0 - first } } ?? 0
        return code
      }
      defer { sqlite3_finalize(compiled) }
      if code != SQLITE_OK { throw refused(code, decides) }
      guard let compiled else { break }
      rows = try step(compiled, prefix, &variables, decides)
      start += length
    }
    return rows
  }

  private mutating func step(
    _ compiled: OpaquePointer, _ prefix: String?, _ variables: inout ScriptVariables, _ decides: Bool
  ) throws(AttemptFailure) -> Int {
    var rows = 0
    var code = sqlite3_step(compiled)
    while code == SQLITE_ROW {
      rows += 1
      if let prefix {
        for column in 0..<sqlite3_column_count(compiled) {
          let name = sqlite3_column_name(compiled, column).map { String(cString: $0) } ?? ""
          guard let slot = configuration.slots[prefix + name] else { continue }
          PreparedScripts.Prepared.take(compiled, column, into: slot, &variables)
        }
      }
      code = sqlite3_step(compiled)
    }
    if code != SQLITE_DONE { throw refused(code, decides) }
    return sqlite3_stmt_readonly(compiled) != 0 || sqlite3_column_count(compiled) > 0 ? rows : Int(database.changes)
  }

  private mutating func refused(_ code: Int32, _ decides: Bool) -> AttemptFailure {
    let code = ResultCode(number: code)
    refusal = code
    if code.failure == .error { problem = "\(database.message) (code \(code.number))" }
    return decides && code.leavesDoubt ? .ambiguous : code.failure
  }

  /// Nothing to do: there is nobody to whom statements could be sent together.
  mutating func startPipeline() throws(AttemptFailure) {}
  /// All answers are there.
  mutating func synchronisePipeline(decides: Bool) async throws(AttemptFailure) {}
  /// All answers are there.
  mutating func endPipeline() async throws(AttemptFailure) {}

  // MARK: the end of an attempt

  /// A number is that of the kind of error, or with its extension.
  func lastError(is code: String) -> Bool {
    guard let refusal, let number = Int32(code) else { return false }
    return refusal.number == number || refusal.primary == number
  }

  mutating func rollBack() async {
    if !database.isIdle { try? rollback.run() }
  }

  mutating func abandon(_ failure: AttemptFailure, _ attempt: Attempt) async -> AttemptFailure {
    if failure == .error, let problem {
      attempt.note(error: "\(statements.statements[last].place.description): SQLite: \(problem)")
    }
    await rollBack()
    return failure
  }
}
#endif
