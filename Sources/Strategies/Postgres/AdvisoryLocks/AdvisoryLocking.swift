internal import Model
internal import Runtime

/// How long advisory locks are held.
enum AdvisoryScope: String, Sendable, CaseIterable {
  /// Until the transaction ends.
  case transaction
  /// Until they are given back or the session ends.
  case session
}

/// The statements of advisory locks, and how a session uses them. `$1` is the number of the lock.
struct AdvisoryLocking: Sendable {
  let scope: AdvisoryScope
  let keys: AdvisoryKeys
  /// Whether a lock that is not free fails at once.
  private let tries: Bool
  /// Whether operations that only read take shared locks.
  private let shares: Bool

  private static var transactionLock: Statement { Statement("lock", "SELECT pg_advisory_xact_lock($1)") }
  private static var transactionShared: Statement {
    Statement("lock-shared", "SELECT pg_advisory_xact_lock_shared($1)")
  }
  private static var sessionLock: Statement { Statement("lock", "SELECT pg_advisory_lock($1)") }
  private static var sessionShared: Statement { Statement("lock-shared", "SELECT pg_advisory_lock_shared($1)") }
  private static var tryTransactionLock: Statement { Statement("lock", "SELECT pg_try_advisory_xact_lock($1)") }
  private static var tryTransactionShared: Statement {
    Statement("lock-shared", "SELECT pg_try_advisory_xact_lock_shared($1)")
  }
  private static var trySessionLock: Statement { Statement("lock", "SELECT pg_try_advisory_lock($1)") }
  private static var trySessionShared: Statement {
    Statement("lock-shared", "SELECT pg_try_advisory_lock_shared($1)")
  }
  private static var unlock: Statement { Statement("unlock", "SELECT pg_advisory_unlock($1)") }
  private static var unlockShared: Statement { Statement("unlock-shared", "SELECT pg_advisory_unlock_shared($1)") }

  /// Whether the session of a lock that is held over many operations still lives.
  static var check: Statement { Statement("check", "SELECT 1") }

  /// Options of strategies that use advisory locks, whose scope has this default.
  static func options(scope: AdvisoryScope) -> [OptionSpecification] {
    [
      OptionSpecification(
        "scope", .word(AdvisoryScope.allCases.map(\.rawValue)), default: .word(scope.rawValue),
        "Hold the lock until the transaction ends, or until it is given back."),
      OptionSpecification(
        "timeout", .duration(.milliseconds(1) ... .seconds(3600)), default: .duration(.seconds(10)),
        "The server's lock_timeout: how long to wait for one lock."),
      OptionSpecification(
        "try", .flag, default: .flag(false),
        "Do not wait for a lock: when it is not free the attempt fails, and the retry policy decides."),
      OptionSpecification(
        "shared", .flag, default: .flag(true), "Operations that only read take shared locks."),
    ]
  }

  init(_ environment: StrategyEnvironment) {
    let stated = AdvisoryScope(rawValue: environment.options.word("scope")) ?? .transaction
    scope = environment.election == nil ? stated : .session
    keys = AdvisoryKeys(namespace: environment.namespace)
    tries = environment.options.flag("try")
    shares = environment.options.flag("shared")
  }

  /// What sessions prepare.
  var statements: [Statement] {
    switch scope {
    case .transaction: [.begin, lock(shared: false), lock(shared: true), .commit, .rollback]
    case .session: [lock(shared: false), lock(shared: true), Self.unlock, Self.unlockShared, Self.check]
    }
  }

  private func lock(shared: Bool) -> Statement {
    switch (scope, tries) {
    case (.transaction, false): shared ? Self.transactionShared : Self.transactionLock
    case (.transaction, true): shared ? Self.tryTransactionShared : Self.tryTransactionLock
    case (.session, false): shared ? Self.sessionShared : Self.sessionLock
    case (.session, true): shared ? Self.trySessionShared : Self.trySessionLock
    }
  }

  /// Waits for the lock of a record; throws when it is not held.
  ///
  /// A session's lock may have been granted at the very moment at which the server reported a timeout (`lock_timeout`,
  /// and in the same way `statement_timeout` or a cancellation): nobody would ever give it back. So it is given back
  /// after every error, and counted if there was one (PostgreSQL up to now; see DistributedLock issue 147). A
  /// transaction's lock goes with the failed transaction.
  func acquire(
    _ record: Int32, shared: Bool, _ connection: inout Connection, _ attempt: Attempt
  ) async throws(AttemptFailure) {
    connection.parameters.set(0, int8: keys.lock(of: record))
    do throws(AttemptFailure) {
      try await connection.run(lock(shared: shared && shares), parameters: 1)
    } catch {
      guard scope == .session, !error.breaksSession else { throw error }
      // What the server said is noted before the answer to the release replaces it.
      let failure = await connection.abandon(error, attempt)
      if try await release(record, shared: shared, &connection) { attempt.count(.phantomAcquisitions) }
      throw failure
    }
    if tries && connection.reply[0, 0] == 0 { throw .notAcquired }
  }

  /// Gives a session's lock back. Returns false when it was not held.
  func release(_ record: Int32, shared: Bool, _ connection: inout Connection) async throws(AttemptFailure) -> Bool {
    connection.parameters.set(0, int8: keys.lock(of: record))
    try await connection.run(shared && shares ? Self.unlockShared : Self.unlock, parameters: 1)
    return connection.reply[0, 0] == 1
  }
}
