internal import CLibpq
public import Model
public import Runtime

/// One of several PostgreSQL databases over which records are spread, with `PREPARE TRANSACTION`.
///
/// Statements that do not depend on each other's results leave together: `BEGIN` with the locking `SELECT`s, the
/// `UPDATE`s with what ends the transaction.
public struct PostgresParticipant: Participant, ~Copyable {
  private var session: Session
  private let names: BranchNames
  private let sharding: Sharding
  private var text = StatementText()
  /// What the answer must hold besides the absence of an error.
  private var expected = Expected.nothing
  private var changes = 0

  private enum Expected {
    case nothing, prepared, committed, end
  }

  /// What the sessions with one database have in common.
  public struct Configuration: Sendable {
    let plan: SessionPlan
    let names: BranchNames
    let sharding: Sharding
    /// Sessions that may have a prepared transaction each; 0 where nothing is prepared.
    let prepares: Int
  }

  /// For one database of several.
  ///
  /// - Parameters:
  ///   - database: what there is for it (``StrategyEnvironment/database(_:)``).
  ///   - lockTimeout: how long a `SELECT ... FOR UPDATE` may wait: nobody sees a deadlock over several databases.
  ///   - prepares: whether transactions are prepared.
  public static func configuration(
    _ database: StrategyEnvironment, _ sharding: Sharding, lockTimeout: Duration?, prepares: Bool
  ) throws(SetupFailure) -> Configuration {
    Configuration(
      plan: try SessionPlan(
        database, [.begin, lock, .write, .commit, .rollback, .read, .readMany], isPipelined: true,
        lockTimeout: lockTimeout),
      names: BranchNames(namespace: database.namespace), sharding: sharding, prepares: prepares ? database.workers : 0)
  }

  /// Not for one store: records are spread over several.
  public static func configure(_ environment: StrategyEnvironment) throws(SetupFailure) -> Configuration {
    throw SetupFailure("records in one store need no participants")
  }

  private static var lock: Statement { Statement("lock", "SELECT value FROM records WHERE id = $1 FOR UPDATE") }

  /// Connects, and looks whether the server lets transactions be prepared.
  public static func open(
    _ configuration: Configuration, _ worker: WorkerContext
  ) async throws(SetupFailure) -> PostgresParticipant {
    var participant = PostgresParticipant(
      session: try await Session(configuration.plan, worker), names: configuration.names,
      sharding: configuration.sharding)
    try await participant.requirePreparedTransactions(configuration)
    return participant
  }

  private init(session: consuming Session, names: BranchNames, sharding: Sharding) {
    self.session = session
    self.names = names
    self.sharding = sharding
  }

  private mutating func requirePreparedTransactions(_ configuration: Configuration) async throws(SetupFailure) {
    guard configuration.prepares > 0 else { return }
    let limit = await session.connection.ask(
      "SELECT setting::int8 FROM pg_settings WHERE name = 'max_prepared_transactions'")
    guard let limit, limit < configuration.prepares else { return }
    throw SetupFailure(
      "\(configuration.plan.address.source) allows \(limit) prepared transactions, and each of "
        + "\(configuration.prepares) workers may have one: set max_prepared_transactions to at least "
        + "\(configuration.prepares) and restart the server, or lower load.workers")
  }

  /// Connects again.
  public mutating func reopen() async throws(SetupFailure) { try await session.reopen() }

  /// Closes the connection.
  public consuming func close() async {}

  // MARK: reading

  /// `BEGIN` if need be and a `SELECT ... FOR UPDATE` for each record, in one flush.
  public mutating func lock(
    _ steps: Range<Int>, begins: TransactionNumber?, _ attempt: inout Attempt
  ) async throws(AttemptFailure) {
    if begins != nil { try session.connection.send(.begin) }
    for index in steps {
      session.connection.parameters.set(0, int4: sharding.local(attempt.operation[index].key))
      try session.connection.send(Self.lock, parameters: 1)
    }
    try await session.connection.complete()
    try session.connection.requireRecords(session.connection.reply.rows, of: steps.count)
    for index in steps { attempt.values[index] = session.connection.reply[index - steps.lowerBound, 0] }
  }

  /// One `SELECT` for all records: they belong to one moment of this database.
  public mutating func read(_ part: Part, _ attempt: inout Attempt) async throws(AttemptFailure) {
    session.connection.parameters.beginArray(0)
    for index in 0..<attempt.operation.count where part.contains(index) {
      session.connection.parameters.append(0, int4: sharding.local(attempt.operation[index].key))
    }
    try await session.connection.run(.readMany, parameters: 1)
    try session.connection.requireRecords(session.connection.reply.rows, of: part.count)
    for index in 0..<attempt.operation.count where part.contains(index) {
      let row = session.connection.row(of: sharding.local(attempt.operation[index].key))
      attempt.values[index] = session.connection.reply[row, 1]
    }
  }

  // MARK: writing

  /// An `UPDATE` for each changed record, and what ends the transaction, in one flush.
  public mutating func send(
    changesOf part: Part, _ ending: BranchEnding?, _ attempt: inout Attempt
  ) throws(AttemptFailure) {
    changes = 0
    for index in 0..<attempt.operation.count where part.contains(index) && attempt.operation[index].writes {
      session.connection.parameters.set(0, int4: sharding.local(attempt.operation[index].key))
      session.connection.parameters.set(1, int8: attempt.values[index])
      try session.connection.send(.write, parameters: 2)
      changes += 1
    }
    expected = .nothing
    if let ending { try add(ending) }
    try session.connection.dispatch()
  }

  /// `COMMIT PREPARED` or `ROLLBACK PREPARED`.
  public mutating func send(_ ending: BranchEnding) throws(AttemptFailure) {
    changes = 0
    try add(ending)
    try session.connection.dispatch()
  }

  private mutating func add(_ ending: BranchEnding) throws(AttemptFailure) {
    switch ending {
    case .commit:
      expected = .committed
      try session.connection.send(.commit)
    case .prepare(let number): try add("PREPARE TRANSACTION '", number, .prepared)
    case .commitPrepared(let number): try add("COMMIT PREPARED '", number, .end)
    case .rollBackPrepared(let number): try add("ROLLBACK PREPARED '", number, .end)
    }
  }

  private mutating func add(
    _ words: StaticString, _ number: TransactionNumber, _ expected: Expected
  ) throws(AttemptFailure) {
    self.expected = expected
    text.clear()
    text.append(words)
    names.append(number, to: &text)
    text.append("'")
    text.terminate()
    guard let start = text.text.baseAddress else { throw .error }
    try session.connection.send(text: start)
  }

  /// Waits for the answer. A branch that has ended already has ended as asked: nobody ends it otherwise.
  public mutating func answer(decides: Bool) async throws(AttemptFailure) {
    do throws(AttemptFailure) {
      try await session.connection.complete(decides: decides)
    } catch {
      if expected == .end && session.connection.reply.state == .undefinedObject { return }
      throw error
    }
    if changes > 0 { try session.connection.requireRecords(session.connection.reply.affected, of: changes) }
    switch expected {
    case .nothing, .end: return
    case .committed: try session.connection.checkCommit()
    case .prepared: try session.connection.checkPreparation()
    }
  }

  /// `ROLLBACK`.
  public mutating func rollBack() async { await session.connection.rollBack() }

  /// Keeps the text of an error that is no part of the game.
  public func note(_ failure: AttemptFailure, _ attempt: Attempt) {
    if failure == .error, let text = session.connection.reply.errorText { attempt.note(error: text) }
  }
}
