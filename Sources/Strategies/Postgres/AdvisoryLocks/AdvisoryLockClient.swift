public import Model
public import Runtime

/// `postgres.advisory-lock` around another store: the locks of an operation on a connection of their own.
///
/// With `scope: transaction` a transaction is open from the first lock of an operation to the release of the last. A term
/// of office is always held by the session: a transaction that is open for days keeps the server from tidying up.
public struct AdvisoryLockClient: LeaseClient, ~Copyable {
  private var session: Session
  private let locking: AdvisoryLocking
  /// Locks of the operation that are held.
  private var held = 0

  /// What all workers of a process share.
  public struct Configuration: Sendable {
    let plan: SessionPlan
    let locking: AdvisoryLocking
  }

  /// Checks the address and takes the options.
  public static func configure(_ environment: StrategyEnvironment) throws(SetupFailure) -> Configuration {
    let locking = AdvisoryLocking(environment)
    let plan = try SessionPlan(
      environment, locking.statements, lockTimeout: environment.options.duration("timeout"))
    return Configuration(plan: plan, locking: locking)
  }

  /// Connects.
  public static func open(
    _ configuration: Configuration, _ worker: WorkerContext
  ) async throws(SetupFailure) -> AdvisoryLockClient {
    AdvisoryLockClient(session: try await Session(configuration.plan, worker), locking: configuration.locking)
  }

  private init(session: consuming Session, locking: AdvisoryLocking) {
    self.session = session
    self.locking = locking
  }

  /// Waits for the lock. In a transaction, a lock that is not granted takes the others with it.
  public mutating func acquire(_ key: Int32, shared: Bool, _ attempt: inout Attempt) async throws(AttemptFailure) {
    do throws(AttemptFailure) {
      if locking.scope == .transaction && held == 0 { try await session.connection.run(.begin) }
      try await locking.acquire(key, shared: shared, &session.connection, attempt)
      held &+= 1
    } catch {
      let failure = await session.connection.abandon(error, attempt)
      if locking.scope == .transaction || failure.breaksSession { held = 0 }
      throw failure
    }
  }

  /// Gives the lock back; in a transaction, the last release ends it.
  public mutating func release(_ key: Int32, shared: Bool, _ attempt: inout Attempt) async throws(AttemptFailure) {
    guard held > 0 else { return }
    held &-= 1
    switch locking.scope {
    case .transaction:
      if held == 0 { try await session.connection.commit(decides: false) }
    case .session:
      let wasHeld = try await locking.release(key, shared: shared, &session.connection)
      if !wasHeld { attempt.count(.expiredHolds) }
    }
  }

  /// Asks the server for anything: as long as the session lives, so does its lock.
  public mutating func renew(_ key: Int32, _ attempt: inout Attempt) async throws(AttemptFailure) {
    do throws(AttemptFailure) {
      try await session.connection.run(AdvisoryLocking.check)
    } catch {
      held = 0
      throw await session.connection.abandon(error, attempt)
    }
  }

  /// Connects again; no lock is held then.
  public mutating func reopen() async throws(SetupFailure) {
    try await session.reopen()
    held = 0
  }

  /// Closes the connection, which frees all locks.
  public consuming func close() async {}
}
