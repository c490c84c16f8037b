#if SQLite
internal import CSQLite
internal import Model
internal import Runtime

/// A worker's connection with the statements that strategies share.
final class Session {
  let database: Database
  let begin: Statement
  let beginImmediate: Statement
  let commit: Statement
  private let rollback: Statement
  private let select: Statement
  private let update: Statement

  /// Opens a connection and prepares.
  init(_ configuration: SQLiteConfiguration) throws(SetupFailure) {
    let opened = try configuration.open()
    database = opened
    let table = configuration.table
    do throws(Refusal) {
      begin = try Statement(opened, "BEGIN")
      beginImmediate = try Statement(opened, "BEGIN IMMEDIATE")
      commit = try Statement(opened, "COMMIT")
      rollback = try Statement(opened, "ROLLBACK")
      select = try Statement(opened, "SELECT value FROM \(table) WHERE id = ?1")
      update = try Statement(opened, "UPDATE \(table) SET value = ?2 WHERE id = ?1")
    } catch {
      throw SetupFailure("SQLite cannot prepare statements on \(opened.path): \(opened.message)")
    }
  }

  /// Prepares a statement of one strategy.
  func prepare(_ sql: String) throws(SetupFailure) -> Statement {
    do throws(Refusal) {
      return try Statement(database, sql)
    } catch {
      throw SetupFailure("SQLite cannot prepare '\(sql)': \(database.message)")
    }
  }

  // MARK: reading and writing

  /// Reads the records of an operation, each in a statement of its own.
  func read(_ attempt: Attempt) throws(Refusal) {
    for index in 0..<attempt.operation.count {
      select.bind(1, Int64(attempt.operation[index].key))
      guard try select.next() else { throw .missingRecord }
      attempt.values[index] = select.column(0)
      select.reset()
    }
  }

  /// Reads the records of an operation as they are at one moment.
  func readTogether(_ attempt: Attempt) throws(Refusal) {
    if attempt.operation.count == 1 { return try read(attempt) }
    try begin.run()
    try read(attempt)
    try commit.run()
  }

  /// Writes the value of one step.
  func write(_ index: Int, _ attempt: Attempt) throws(Refusal) {
    update.bind(1, Int64(attempt.operation[index].key))
    update.bind(2, attempt.values[index])
    try update.run()
    if database.changes != 1 { throw .missingRecord }
  }

  /// Writes the values of all steps that are not reads.
  func write(_ attempt: Attempt) throws(Refusal) {
    for index in 0..<attempt.operation.count where attempt.operation[index].writes {
      try write(index, attempt)
    }
  }

  // MARK: the end of an attempt

  /// Ends a transaction in which nothing was changed, or whose changes are not wanted.
  func rollBack() {
    if !database.isIdle { try? rollback.run() }
  }

  /// Leaves nothing of a failed attempt behind, and says how it failed.
  ///
  /// - Parameter decides: whether the statement that failed may have committed.
  func abandon(_ refusal: Refusal, _ attempt: Attempt, decides: Bool = false) -> AttemptFailure {
    defer { rollBack() }
    switch refusal {
    case .versionMoved: return .conflict
    case .tokenOutdated: return .leaseLost
    case .missingRecord:
      attempt.note(error: "SQLite: a record is missing from \(database.path)")
      return .error
    case .code(let code):
      if code.failure == .error { attempt.note(error: "SQLite: \(database.message) (code \(code.number))") }
      return decides && code.leavesDoubt ? .ambiguous : code.failure
    }
  }
}
#endif
