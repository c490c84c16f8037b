#if MariaDB
internal import Model
internal import Runtime

/// One worker's session: a connection, how to open it again, and the statements that strategies share.
final class Session {
  private(set) var connection: Connection
  private let configuration: MariaDBConfiguration
  private let worker: WorkerContext
  /// Whether a transaction was begun and has not ended.
  private var isInTransaction = false
  /// The versions of the records that an attempt has read, one per step.
  let versions = UnsafeMutablePointer<Int64>.allocate(capacity: Operation.maximumSteps)

  /// Connects and makes the settings.
  init(_ configuration: MariaDBConfiguration, _ worker: WorkerContext) async throws(SetupFailure) {
    self.configuration = configuration
    self.worker = worker
    connection = try await Self.connect(configuration, worker)
  }

  deinit { versions.deallocate() }

  /// Replaces a connection that was lost.
  func reopen() async throws(SetupFailure) {
    connection = try await Self.connect(configuration, worker)
    isInTransaction = false
  }

  static func connect(
    _ configuration: MariaDBConfiguration, _ worker: WorkerContext
  ) async throws(SetupFailure) -> Connection {
    let connection = try await Connection(configuration.address, database: configuration.database, worker)
    for setting in configuration.settings.statements {
      connection.statement.clear()
      connection.statement.append(text: setting)
      do throws(AttemptFailure) {
        try await connection.run()
      } catch {
        try configuration.settings.accept(connection.error, of: setting, connection.errorText)
      }
    }
    return connection
  }

  // MARK: reading and writing

  /// How a `SELECT` treats the rows that it finds.
  enum ReadMode {
    case plain, forUpdate, inShareMode
  }

  /// Reads value and version of one step's record.
  func read(_ index: Int, _ attempt: Attempt, _ mode: ReadMode) async throws(AttemptFailure) {
    connection.statement.clear()
    connection.statement.append("SELECT value, version FROM records WHERE id = ")
    connection.statement.append(Int64(attempt.operation[index].key))
    connection.statement.append(mode)
    try await connection.run()
    guard let row = connection.nextRow(), let value = row.first, let version = row.second else {
      throw missing(attempt)
    }
    attempt.values[index] = value
    versions[index] = version
  }

  /// Reads the records of an operation as they are at one moment: with one statement.
  func readTogether(_ attempt: Attempt) async throws(AttemptFailure) {
    let operation = attempt.operation
    if operation.count == 1 { return try await read(0, attempt, .plain) }
    connection.statement.clear()
    connection.statement.append("SELECT id, value, version FROM records WHERE id IN (")
    for index in 0..<operation.count {
      if index > 0 { connection.statement.append(",") }
      connection.statement.append(Int64(operation[index].key))
    }
    connection.statement.append(")")
    try await connection.run()
    var found = 0
    while let row = connection.nextRow() {
      guard let id = row.first, let value = row.second, let version = row.third else { throw missing(attempt) }
      for index in 0..<operation.count where Int64(operation[index].key) == id {
        attempt.values[index] = value
        versions[index] = version
        found &+= 1
      }
    }
    if found != operation.count { throw missing(attempt) }
  }

  /// Writes the value of one step.
  func write(_ index: Int, _ attempt: Attempt, decides: Bool = false) async throws(AttemptFailure) {
    connection.statement.clear()
    connection.statement.append("UPDATE records SET value = ")
    connection.statement.append(attempt.values[index])
    connection.statement.append(" WHERE id = ")
    connection.statement.append(Int64(attempt.operation[index].key))
    try await connection.run(decides: decides)
    if connection.affected != 1 { throw missing(attempt) }
  }

  /// Writes the values of all steps that are not reads.
  func write(_ attempt: Attempt) async throws(AttemptFailure) {
    for index in 0..<attempt.operation.count where attempt.operation[index].writes {
      try await write(index, attempt)
    }
  }

  func missing(_ attempt: Attempt) -> AttemptFailure {
    attempt.note(error: "MariaDB: a record is missing from the table")
    return .error
  }

  // MARK: transactions

  func begin() async throws(AttemptFailure) {
    try await connection.run("START TRANSACTION")
    isInTransaction = true
  }

  func commit(decides: Bool = true) async throws(AttemptFailure) {
    try await connection.run("COMMIT", decides: decides)
    isInTransaction = false
    worker.events.add(.serverCommits)
  }

  /// Rolls back, if a transaction is open; a connection that is lost meanwhile shows with the next statement.
  func rollBack() async {
    guard isInTransaction else { return }
    isInTransaction = false
    do throws(AttemptFailure) {
      try await connection.run("ROLLBACK")
      worker.events.add(.serverRollbacks)
    } catch {
      return
    }
  }

  /// Ends an attempt that failed: notes an unexpected error, rolls back. After a lock wait timeout the transaction is
  /// still open, with its locks; after a deadlock the server has rolled it back, and doing so again does no harm.
  func abandon(_ failure: AttemptFailure, _ attempt: Attempt) async -> AttemptFailure {
    if failure == .error { attempt.note(error: connection.error.note(connection.errorText)) }
    if failure.breaksSession { isInTransaction = false }
    await rollBack()
    return failure
  }
}

extension StatementText {
  /// The end of a `SELECT`.
  mutating func append(_ mode: Session.ReadMode) {
    switch mode {
    case .plain: break
    case .forUpdate: append(" FOR UPDATE")
    case .inShareMode: append(" LOCK IN SHARE MODE")
    }
  }
}
#endif
