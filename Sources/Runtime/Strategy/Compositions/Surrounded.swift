public import Model

/// A lock around a strategy: around an ``Unprotected`` one, which it protects, or around one that protects its records
/// itself (`redis.lock over postgres.for-update`).
///
/// Around the latter it keeps others in the queue of a lock service instead of that of the database; when it fails, the
/// database still lets nothing go wrong. Locks are taken in the order of the operation's steps and given back in reverse;
/// operations that only read take shared locks where the lock knows them.
public struct Surrounded<Lock: LockClient & ~Copyable, Inner: Strategy & ~Copyable>: Strategy, ~Copyable {
  private var locks: HeldLocks<Lock>
  private var inner: Inner
  /// Who does not get the lock of a job lets others do it.
  private let skips: Bool

  /// The configurations of both parts.
  public struct Configuration: Sendable {
    let lock: Lock.Configuration
    let inner: Inner.Configuration
    let skips: Bool
  }

  private init(lock: consuming Lock, inner: consuming Inner, skips: Bool) {
    locks = HeldLocks(lock)
    self.inner = inner
    self.skips = skips
  }

  /// Configures both parts.
  public static func configure(_ environment: StrategyEnvironment) throws(SetupFailure) -> Configuration {
    Configuration(
      lock: try Lock.configure(environment), inner: try Inner.configure(environment.ofInner()),
      skips: environment.job != nil)
  }

  /// Opens both parts.
  public static func open(
    _ configuration: Configuration, _ worker: WorkerContext
  ) async throws(SetupFailure) -> Surrounded<Lock, Inner> {
    let lock = try await Lock.open(configuration.lock, worker)
    let inner = try await Inner.open(configuration.inner, worker)
    return Surrounded(lock: lock, inner: inner, skips: configuration.skips)
  }

  /// Takes the locks, tries the operation, gives the locks back. The critical section that the witness watches is that of
  /// the strategy inside: where it protects itself, two holders of the lock do no harm.
  public mutating func perform(_ attempt: inout Attempt) async throws(AttemptFailure) -> AttemptResult {
    let shared = attempt.operation.isReadOnly
    do throws(AttemptFailure) {
      try await locks.acquireAll(shared: shared, &attempt)
    } catch {
      if skips && (error == .notAcquired || error == .lockTimeout) { return .refused }
      throw error
    }
    var result = AttemptResult.committed
    var failure: AttemptFailure?
    do throws(AttemptFailure) {
      result = try await inner.perform(&attempt)
    } catch {
      failure = error
    }
    // What was committed stays committed: a release that fails must not turn it into a failure.
    await locks.releaseAll(shared: shared, &attempt)
    if let failure { throw failure }
    return result
  }

  /// Replaces the sessions of both parts.
  public mutating func reopen() async throws(SetupFailure) {
    try await locks.reopen()
    try await inner.reopen()
  }

  /// Closes both parts.
  public consuming func close() async {
    await locks.close()
    await inner.close()
  }
}

extension StrategyEnvironment {
  /// The environment of the strategy inside: options of the same name as one of the lock's are stated as `inner-NAME`.
  func ofInner() -> StrategyEnvironment { with(options.ofInner) }
}
