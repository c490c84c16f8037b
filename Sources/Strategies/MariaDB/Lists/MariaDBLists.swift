#if MariaDB
internal import Model
internal import Runtime

/// Statements of their own.
enum Autocommit: TransactionKind {
  static let descriptor = NoneStrategy.descriptor
  static let isolation = "REPEATABLE READ"
  static let mode = Session.ReadMode.plain
  static let excludesOthers = false
}

/// The table `lists`, one text for each list, to which the server appends.
struct MariaDBLists<Kind: TransactionKind>: ListClient, ~Copyable {
  private let session: Session

  static var hasTransactions: Bool { Kind.self != Autocommit.self }

  static func configure(_ environment: StrategyEnvironment) throws(SetupFailure) -> MariaDBConfiguration {
    try MariaDBConfiguration(
      environment, isolation: Kind.isolation, checksSnapshots: Kind.checksSnapshots(environment.options))
  }

  static func open(
    _ configuration: MariaDBConfiguration, _ worker: WorkerContext
  ) async throws(SetupFailure) -> MariaDBLists<Kind> {
    MariaDBLists(session: try await Session(configuration, worker))
  }

  mutating func reopen() async throws(SetupFailure) { try await session.reopen() }
  consuming func close() async {}

  mutating func begin(readOnly: Bool) async throws(AttemptFailure) {
    if Self.hasTransactions { try await session.begin() }
  }

  mutating func read(_ list: Int32, into elements: inout [Int64]) async throws(AttemptFailure) {
    session.connection.statement.clear()
    session.connection.statement.append("SELECT elements FROM lists WHERE id = ")
    session.connection.statement.append(Int64(list))
    session.connection.statement.append(Kind.mode)
    try await session.connection.run()
    guard let text = session.connection.nextText(), ListText.read(text, into: &elements) else { throw .error }
  }

  mutating func append(_ element: Int64, to list: Int32) async throws(AttemptFailure) {
    session.connection.statement.clear()
    session.connection.statement.append("UPDATE lists SET elements = CONCAT(elements, '")
    session.connection.statement.append(element)
    session.connection.statement.append(",') WHERE id = ")
    session.connection.statement.append(Int64(list))
    try await session.connection.run(decides: !Self.hasTransactions)
    if session.connection.affected != 1 { throw .error }
  }

  mutating func commit() async throws(AttemptFailure) {
    if Self.hasTransactions { try await session.commit() }
  }

  mutating func abandon(_ failure: AttemptFailure, _ attempt: Attempt) async -> AttemptFailure {
    await session.abandon(failure, attempt)
  }
}
#endif
