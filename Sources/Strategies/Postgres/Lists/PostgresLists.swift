internal import Model
internal import Runtime

/// How transactions over lists are isolated.
protocol ListLevel: SendableMetatype {
  static var isolation: Isolation { get }
  /// Nil where every statement is a transaction of its own.
  static var beginning: Statement? { get }
  /// Reads the list `$1`.
  static var readList: Statement { get }
}

extension ListLevel {
  static var readList: Statement { Statement("read-list", "SELECT elements FROM lists WHERE id = $1") }
}

/// Statements of their own.
enum Autocommit: ListLevel {
  static let isolation = Isolation.readCommitted
  static var beginning: Statement? { nil }
}

extension ReadCommitted: ListLevel {
  static var beginning: Statement? { begin }
}

extension RepeatableRead: ListLevel {
  static var beginning: Statement? { begin }
}

extension Serializable: ListLevel {
  static var beginning: Statement? { begin }
}

/// Every list that is read is locked until the end.
enum LockedLists: ListLevel {
  static let isolation = Isolation.readCommitted
  static var beginning: Statement? { .begin }
  static var readList: Statement { Statement("lock-list", "SELECT elements FROM lists WHERE id = $1 FOR UPDATE") }
}

/// The table `lists`, one text for each list, to which the server appends.
struct PostgresLists<Level: ListLevel>: ListClient, ~Copyable {
  private var session: Session

  static var hasTransactions: Bool { Level.beginning != nil }

  private static var append: Statement {
    Statement("append", "UPDATE lists SET elements = concat(elements, $2::int8, ',') WHERE id = $1")
  }

  static func configure(_ environment: StrategyEnvironment) throws(SetupFailure) -> SessionPlan {
    let frame = Level.beginning.map { [$0, .commit, .rollback] } ?? []
    return try SessionPlan(environment, frame + [Level.readList, append], isolation: Level.isolation)
  }

  static func open(_ plan: SessionPlan, _ worker: WorkerContext) async throws(SetupFailure) -> PostgresLists<Level> {
    var session = try await Session(plan, worker)
    session.connection.keepTexts()
    return PostgresLists(session: session)
  }

  mutating func reopen() async throws(SetupFailure) {
    try await session.reopen()
    session.connection.keepTexts()
  }

  consuming func close() async {}

  mutating func begin(readOnly: Bool) async throws(AttemptFailure) {
    if let beginning = Level.beginning { try await session.connection.run(beginning) }
  }

  mutating func read(_ list: Int32, into elements: inout [Int64]) async throws(AttemptFailure) {
    session.connection.parameters.set(0, int4: list)
    try await session.connection.run(Level.readList, parameters: 1)
    try session.connection.requireRecords(session.connection.reply.rows, of: 1)
    if session.connection.reply.text.withUnsafeBytes({ ListText.read($0, into: &elements) }) { return }
    throw .error
  }

  mutating func append(_ element: Int64, to list: Int32) async throws(AttemptFailure) {
    session.connection.parameters.set(0, int4: list)
    session.connection.parameters.set(1, int8: element)
    try await session.connection.run(Self.append, parameters: 2, decides: !Self.hasTransactions)
    try session.connection.requireRecords(session.connection.reply.affected, of: 1)
  }

  mutating func commit() async throws(AttemptFailure) {
    if Self.hasTransactions { try await session.connection.commit() }
  }

  mutating func abandon(_ failure: AttemptFailure, _ attempt: Attempt) async -> AttemptFailure {
    await session.connection.abandon(failure, attempt)
  }
}
