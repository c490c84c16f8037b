public import Model

/// A session that never suspends: its workers have a thread each and may block it. For everything inside one host, so
/// without reopening.
public protocol BlockingSession: Configurable, ~Copyable {
  /// Opens a session on the worker's thread.
  static func open(_ configuration: Configuration, _ worker: WorkerContext) throws(SetupFailure) -> Self
}

/// A strategy that blocks its thread; else the same contract as ``Strategy``.
public protocol BlockingStrategy: BlockingSession, ~Copyable {
  /// Tries the operation once. Calls ``Attempt/holdThread()`` between reading and writing.
  mutating func perform(_ attempt: inout Attempt) throws(AttemptFailure) -> AttemptResult
}

/// A lock that blocks the thread of the worker that waits for it.
public protocol BlockingLock: BlockingSession, ~Copyable {
  /// Blocks until the lock of a record is held. `shared` allows other shared holders if the lock knows them.
  mutating func acquire(_ key: Int32, shared: Bool)
  /// Gives the lock back.
  mutating func release(_ key: Int32, shared: Bool)
}

/// A blocking lock used around a store in a server.
///
/// Its fencing tokens are the times at which it was granted: holders follow each other, and hosts have one monotonic clock.
public struct BlockingLockClient<Lock: BlockingLock & ~Copyable>: FencingLockClient, ~Copyable {
  private var lock: Lock

  /// As the lock.
  public static func configure(_ environment: StrategyEnvironment) throws(SetupFailure) -> Lock.Configuration {
    try Lock.configure(environment)
  }

  /// As the lock.
  public static func open(
    _ configuration: Lock.Configuration, _ worker: WorkerContext
  ) async throws(SetupFailure) -> BlockingLockClient<Lock> {
    BlockingLockClient(lock: try Lock.open(configuration, worker))
  }

  /// Blocks the thread until the lock is held.
  public mutating func acquire(_ key: Int32, shared: Bool, _ attempt: inout Attempt) async throws(AttemptFailure) {
    lock.acquire(key, shared: shared)
    attempt.granted(key, token: shared ? 0 : monotonicNow())
  }

  /// Gives the lock back.
  public mutating func release(_ key: Int32, shared: Bool, _ attempt: inout Attempt) async throws(AttemptFailure) {
    lock.release(key, shared: shared)
  }
}
