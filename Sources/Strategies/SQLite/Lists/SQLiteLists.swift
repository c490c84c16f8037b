#if SQLite
internal import Model
internal import Runtime

/// How transactions over lists begin.
protocol ListKind: SendableMetatype {
  static var hasTransactions: Bool { get }
  /// Whether a transaction that changes something takes the write lock before it reads.
  static var locksFirst: Bool { get }
}

/// Statements of their own.
enum Autocommit: ListKind {
  static let hasTransactions = false
  static let locksFirst = false
}

/// A plain `BEGIN`.
enum Deferred: ListKind {
  static let hasTransactions = true
  static let locksFirst = false
}

/// `BEGIN IMMEDIATE`, and a plain `BEGIN` for transactions that only read.
enum Immediate: ListKind {
  static let hasTransactions = true
  static let locksFirst = true
}

/// A table of lists, one text for each, to which SQLite appends. Blocks its thread, which no other worker has.
struct SQLiteLists<Kind: ListKind>: ListClient, ~Copyable {
  private let session: Session
  private let select: Statement
  private let update: Statement
  /// What it means that a transaction that has read is refused the write lock: see ``DeferredStrategy``.
  private let refusedUpgrade: AttemptFailure
  private var hasRead = false
  private var refusal: Refusal?
  private var isCommitting = false

  static var hasTransactions: Bool { Kind.hasTransactions }

  static func configure(_ environment: StrategyEnvironment) throws(SetupFailure) -> SQLiteConfiguration {
    try SQLiteConfiguration(environment)
  }

  static func open(
    _ configuration: SQLiteConfiguration, _ worker: WorkerContext
  ) async throws(SetupFailure) -> SQLiteLists<Kind> {
    let session = try Session(configuration)
    return SQLiteLists(
      session: session, select: try session.prepare("SELECT elements FROM \(configuration.lists) WHERE id = ?1"),
      update: try session.prepare(
        "UPDATE \(configuration.lists) SET elements = elements || ?2 || ',' WHERE id = ?1"),
      refusedUpgrade: configuration.settings.journal == "wal" ? .conflict : .deadlock)
  }

  mutating func begin(readOnly: Bool) async throws(AttemptFailure) {
    hasRead = false
    isCommitting = false
    try run { session throws(Refusal) in
      guard Kind.hasTransactions else { return }
      try (Kind.locksFirst && !readOnly ? session.beginImmediate : session.begin).run()
    }
  }

  mutating func read(_ list: Int32, into elements: inout [Int64]) async throws(AttemptFailure) {
    do throws(Refusal) {
      select.bind(1, Int64(list))
      guard try select.next() else { throw .missingRecord }
      let isList = ListText.read(select.text(0), into: &elements)
      select.reset()
      if !isList { throw .missingRecord }
    } catch {
      refusal = error
      throw .error
    }
    hasRead = true
  }

  mutating func append(_ element: Int64, to list: Int32) async throws(AttemptFailure) {
    let update = update
    try run { session throws(Refusal) in
      update.bind(1, Int64(list))
      update.bind(2, element)
      try update.run()
      if session.database.changes != 1 { throw .missingRecord }
    }
  }

  mutating func commit() async throws(AttemptFailure) {
    guard Kind.hasTransactions else { return }
    isCommitting = true
    try run { session throws(Refusal) in try session.commit.run() }
  }

  /// Keeps why SQLite refused something; ``abandon(_:_:)`` says what that means.
  private mutating func run(_ body: (Session) throws(Refusal) -> Void) throws(AttemptFailure) {
    do throws(Refusal) { try body(session) } catch {
      refusal = error
      throw .error
    }
  }

  mutating func abandon(_ failure: AttemptFailure, _ attempt: Attempt) async -> AttemptFailure {
    guard let refusal else { return failure }
    self.refusal = nil
    let meaning = session.abandon(refusal, attempt, decides: isCommitting || !Kind.hasTransactions)
    return hasRead && !Kind.locksFirst && Kind.hasTransactions && !isCommitting && meaning == .lockTimeout
      ? refusedUpgrade : meaning
  }
}
#endif
