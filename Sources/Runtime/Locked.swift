public import Model

/// A lock around an unprotected read, decision and write: any lock service over any store.
///
/// Locks are taken in the order of the operation's steps and given back in reverse. Operations that only read take
/// shared locks where the lock knows them.
public struct Locked<Lock: LockClient & ~Copyable, Store: StoreClient & ~Copyable>: Strategy, ~Copyable {
  var lock: Lock
  var store: Store

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
    try await acquireAll(shared: shared, &attempt)
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
    let releaseFailure = await release(attempt.operation.count, shared: shared, &attempt)
    if let failure { throw failure }
    if let releaseFailure, releaseFailure.breaksSession { lostLockSession = true }
    return result
  }

  private var lostLockSession = false

  init(lock: consuming Lock, store: consuming Store) {
    self.lock = lock
    self.store = store
  }

  private mutating func acquireAll(shared: Bool, _ attempt: inout Attempt) async throws(AttemptFailure) {
    if lostLockSession {
      lostLockSession = false
      throw .connectionLost
    }
    var held = 0
    while held < attempt.operation.count {
      do throws(AttemptFailure) {
        try await lock.acquire(attempt.operation[held].key, shared: shared, &attempt)
      } catch {
        _ = await release(held, shared: shared, &attempt)
        throw error == .ambiguous ? .connectionLost : error
      }
      held &+= 1
    }
  }

  /// Gives back the locks of the first `count` steps, last first; all are tried even if one fails.
  private mutating func release(_ count: Int, shared: Bool, _ attempt: inout Attempt) async -> AttemptFailure? {
    var index = count
    var failure: AttemptFailure?
    while index > 0 {
      index &-= 1
      do throws(AttemptFailure) {
        try await lock.release(attempt.operation[index].key, shared: shared, &attempt)
      } catch {
        failure = error
      }
    }
    return failure
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
    try await lock.reopen()
    try await store.reopen()
  }

  /// Closes both parts.
  public consuming func close() async {
    await lock.close()
    await store.close()
  }
}
