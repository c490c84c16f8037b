public import Model

/// A strategy that never suspends: its workers have a thread each and may block it. For everything inside one host.
///
/// The same contract as ``Strategy`` without connections, so without reopening.
public protocol BlockingStrategy: ~Copyable, SendableMetatype {
  /// What all workers of a process share.
  associatedtype Configuration: Sendable
  /// Makes what the workers of a process share; called once per trial in each process.
  static func configure(_ environment: StrategyEnvironment) throws(SetupFailure) -> Configuration
  /// Opens a session on the worker's thread.
  static func open(_ configuration: Configuration, _ worker: WorkerContext) throws(SetupFailure) -> Self
  /// Tries the operation once. Calls ``Attempt/holdThread()`` between reading and writing.
  mutating func perform(_ attempt: inout Attempt) throws(AttemptFailure) -> AttemptResult
}

/// A lock that blocks the thread of the worker that waits for it.
public protocol BlockingLock: ~Copyable, SendableMetatype {
  /// What all workers of a process share: the locks.
  associatedtype Configuration: Sendable
  /// Makes the locks.
  static func configure(_ environment: StrategyEnvironment) throws(SetupFailure) -> Configuration
  /// Opens a session on the worker's thread.
  static func open(_ configuration: Configuration, _ worker: WorkerContext) throws(SetupFailure) -> Self
  /// Blocks until the lock of a record is held. `shared` allows other shared holders if the lock knows them.
  mutating func acquire(_ key: Int32, shared: Bool)
  /// Gives the lock back.
  mutating func release(_ key: Int32, shared: Bool)
}

/// A blocking lock used around a store in a server.
public struct BlockingLockClient<Lock: BlockingLock & ~Copyable>: LockClient, ~Copyable {
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
  }

  /// Gives the lock back.
  public mutating func release(_ key: Int32, shared: Bool, _ attempt: inout Attempt) async throws(AttemptFailure) {
    lock.release(key, shared: shared)
  }
}
