public import Model

/// A lock around an unprotected read, decision and write: any lock service over any store.
///
/// Locks are taken in the order of the operation's steps and given back in reverse. Operations that only read take
/// shared locks where the lock knows them.
public struct Locked<Lock: LockClient & ~Copyable, Store: StoreClient & ~Copyable>: Strategy, ~Copyable {
  private var locks: HeldLocks<Lock>
  private var store: Store

  /// The configurations of both parts.
  public struct Configuration: Sendable {
    let lock: Lock.Configuration
    let store: Store.Configuration
  }

  /// Configures both parts.
  public static func configure(_ environment: StrategyEnvironment) throws(SetupFailure) -> Configuration {
    Configuration(lock: try Lock.configure(environment), store: try Store.configure(environment))
  }

  /// Opens both parts.
  public static func open(
    _ configuration: Configuration, _ worker: WorkerContext
  ) async throws(SetupFailure) -> Locked<Lock, Store> {
    let lock = try await Lock.open(configuration.lock, worker)
    let store = try await Store.open(configuration.store, worker)
    return Locked(lock: lock, store: store)
  }

  /// Takes the locks, runs the operation unprotected, gives the locks back.
  public mutating func perform(_ attempt: inout Attempt) async throws(AttemptFailure) -> AttemptResult {
    let shared = attempt.operation.isReadOnly
    try await locks.acquireAll(shared: shared, &attempt)
    attempt.enter()
    var result = AttemptResult.committed
    var failure: AttemptFailure?
    do throws(AttemptFailure) {
      result = try await runUnprotected(&attempt)
    } catch {
      failure = error
    }
    attempt.leave()
    // What was written stays written: a release that fails must not turn a commit into a failure.
    await locks.releaseAll(shared: shared, &attempt)
    if let failure { throw failure }
    return result
  }

  init(lock: consuming Lock, store: consuming Store) {
    locks = HeldLocks(lock)
    self.store = store
  }

  private mutating func runUnprotected(_ attempt: inout Attempt) async throws(AttemptFailure) -> AttemptResult {
    try await store.read(&attempt)
    await attempt.hold()
    switch attempt.decide() {
    case .refuse: return .refused
    case .readOnly: return .committed
    case .write:
      try await store.write(&attempt)
      return .committed
    }
  }

  /// Replaces the sessions of both parts.
  public mutating func reopen() async throws(SetupFailure) {
    try await locks.reopen()
    try await store.reopen()
  }

  /// Closes both parts.
  public consuming func close() async {
    await locks.close()
    await store.close()
  }
}
