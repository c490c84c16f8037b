#if MariaDB
public import Model
public import Runtime

/// One of several MariaDB databases over which records are spread, with `XA` transactions.
///
/// A statement has to be answered before the next one leaves: what is sent goes out up to its first statement, and the
/// rest follows when the answer is waited for.
public struct MariaDBParticipant: Participant, ~Copyable {
  private let session: Session
  private let names: BranchNames
  private let sharding: Sharding
  /// The branch that is open, from `XA START` to its end.
  private var branch: TransactionNumber?
  private var state = BranchState.none
  /// What was sent last.
  private var ending: BranchEnding?

  private enum BranchState {
    case none, active, idle, prepared
  }

  /// What the sessions with one database have in common.
  public struct Configuration: Sendable {
    let session: MariaDBConfiguration
    let names: BranchNames
    let sharding: Sharding
  }

  /// For one database of several.
  ///
  /// - Parameter database: what there is for it (``StrategyEnvironment/database(_:)``).
  public static func configuration(
    _ database: StrategyEnvironment, _ sharding: Sharding, lockTimeout: Duration?
  ) throws(SetupFailure) -> Configuration {
    var options = database.options.values
    if let lockTimeout { options["lock-wait-timeout"] = .duration(lockTimeout) }
    let environment = database.with(Options([], stated: options))
    return Configuration(
      session: try MariaDBConfiguration(environment, isolation: "READ COMMITTED"),
      names: BranchNames(namespace: database.namespace), sharding: sharding)
  }

  /// Not for one store: records are spread over several.
  public static func configure(_ environment: StrategyEnvironment) throws(SetupFailure) -> Configuration {
    throw SetupFailure("records in one store need no participants")
  }

  /// Connects.
  public static func open(
    _ configuration: Configuration, _ worker: WorkerContext
  ) async throws(SetupFailure) -> MariaDBParticipant {
    MariaDBParticipant(
      session: try await Session(configuration.session, worker), names: configuration.names,
      sharding: configuration.sharding)
  }

  private init(session: Session, names: BranchNames, sharding: Sharding) {
    self.session = session
    self.names = names
    self.sharding = sharding
  }

  /// Connects again.
  public mutating func reopen() async throws(SetupFailure) {
    (branch, state, ending) = (nil, .none, nil)
    try await session.reopen()
  }

  /// Closes the connection.
  public consuming func close() async {}

  // MARK: reading

  /// `XA START` if need be, and a `SELECT ... FOR UPDATE` for each record.
  public mutating func lock(
    _ steps: Range<Int>, begins: TransactionNumber?, _ attempt: inout Attempt
  ) async throws(AttemptFailure) {
    if let begins {
      branch = begins
      try await run("XA START '", begins)
      state = .active
    }
    for index in steps {
      session.connection.statement.clear()
      session.connection.statement.append("SELECT value FROM records WHERE id = ")
      session.connection.statement.append(Int64(sharding.local(attempt.operation[index].key)))
      session.connection.statement.append(" FOR UPDATE")
      try await session.connection.run()
      guard let value = session.connection.nextRow()?.first else { throw session.missing(attempt) }
      attempt.values[index] = value
    }
  }

  /// One `SELECT` for all records: they belong to one moment of this database.
  public mutating func read(_ part: Part, _ attempt: inout Attempt) async throws(AttemptFailure) {
    session.connection.statement.clear()
    session.connection.statement.append("SELECT id, value FROM records WHERE id IN (")
    var isFirst = true
    for index in 0..<attempt.operation.count where part.contains(index) {
      if !isFirst { session.connection.statement.append(",") }
      isFirst = false
      session.connection.statement.append(Int64(sharding.local(attempt.operation[index].key)))
    }
    session.connection.statement.append(")")
    try await session.connection.run()
    var found = 0
    while let row = session.connection.nextRow() {
      guard let id = row.first, let value = row.second else { throw session.missing(attempt) }
      for index in 0..<attempt.operation.count
      where part.contains(index) && Int64(sharding.local(attempt.operation[index].key)) == id {
        attempt.values[index] = value
        found += 1
      }
    }
    if found != part.count { throw session.missing(attempt) }
  }

  // MARK: writing

  /// Sends the first change; the others and what ends the transaction follow with the answer.
  public mutating func send(
    changesOf part: Part, _ ending: BranchEnding?, _ attempt: inout Attempt
  ) throws(AttemptFailure) {
    self.ending = ending
    changes.removeAll(keepingCapacity: true)
    for index in 0..<attempt.operation.count where part.contains(index) && attempt.operation[index].writes {
      changes.append((sharding.local(attempt.operation[index].key), attempt.values[index]))
    }
    if changes.isEmpty {
      if ending != nil { try startEnd() }
    } else {
      try startChange(0)
    }
  }

  /// `XA COMMIT` or `XA ROLLBACK`.
  public mutating func send(_ ending: BranchEnding) throws(AttemptFailure) {
    self.ending = ending
    changes.removeAll(keepingCapacity: true)
    switch ending {
    case .commitPrepared(let number): try start("XA COMMIT '", number)
    case .rollBackPrepared(let number): try start("XA ROLLBACK '", number)
    case .commit, .prepare: try startEnd()
    }
  }

  /// Records and values that are still to be written; capacity is kept.
  private var changes: [(id: Int32, value: Int64)] = []

  private func startChange(_ index: Int) throws(AttemptFailure) {
    session.connection.statement.clear()
    session.connection.statement.append("UPDATE records SET value = ")
    session.connection.statement.append(changes[index].value)
    session.connection.statement.append(" WHERE id = ")
    session.connection.statement.append(Int64(changes[index].id))
    try session.connection.start()
  }

  /// `XA END`, which comes before every end of a branch that is not prepared.
  private func startEnd() throws(AttemptFailure) {
    guard let branch else { throw .error }
    try start("XA END '", branch)
  }

  /// Waits for the answer to what was sent, and sends the rest of it.
  public mutating func answer(decides: Bool) async throws(AttemptFailure) {
    let isAlone = ending == nil
    if !changes.isEmpty {
      for index in changes.indices {
        if index > 0 { try startChange(index) }
        try await session.connection.end(decides: decides && isAlone)
        if session.connection.affected != 1 { throw .error }
      }
      if ending == nil { return }
      try startEnd()
    }
    guard let ending else { return }
    switch ending {
    case .commitPrepared, .rollBackPrepared:
      defer { (branch, state) = (nil, .none) }
      try await session.connection.end(decides: decides)
    case .prepare(let number):
      try await session.connection.end()
      state = .idle
      try start("XA PREPARE '", number)
      try await session.connection.end(decides: decides)
      state = .prepared
    case .commit:
      try await session.connection.end()
      state = .idle
      guard let branch else { throw .error }
      try start("XA COMMIT '", branch, onePhase: true)
      try await session.connection.end(decides: decides)
      (self.branch, state) = (nil, .none)
    }
  }

  private func start(
    _ words: StaticString, _ number: TransactionNumber, onePhase: Bool = false
  ) throws(AttemptFailure) {
    session.connection.statement.clear()
    session.connection.statement.append(words)
    names.append(number, to: &session.connection.statement)
    session.connection.statement.append(onePhase ? "' ONE PHASE" : "'")
    try session.connection.start()
  }

  private func run(_ words: StaticString, _ number: TransactionNumber) async throws(AttemptFailure) {
    try start(words, number)
    try await session.connection.end()
  }

  /// `XA END` and `XA ROLLBACK`. After a deadlock the server refuses the former, and the latter is what it waits for.
  public mutating func rollBack() async {
    guard let open = branch, state == .active || state == .idle else { return }
    if state == .active { try? await run("XA END '", open) }
    try? await run("XA ROLLBACK '", open)
    (branch, state) = (nil, .none)
  }

  /// Keeps the text of an error that is no part of the game.
  public func note(_ failure: AttemptFailure, _ attempt: Attempt) {
    if failure == .error { attempt.note(error: session.connection.error.note(session.connection.errorText)) }
  }
}
#endif
