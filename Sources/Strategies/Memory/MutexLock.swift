@preconcurrency public import Glibc
public import Model
public import Runtime

/// `memory.mutex`: one `pthread_mutex_t` per record, shared by the threads of one process.
///
/// Algorithm: glibc's default mutex: an atomic word, and a futex wait in the kernel when it is taken; no spinning.
/// Waiters may be overtaken (barging): fast, not fair.
/// Guarantees: mutual exclusion between the threads of one process.
/// Does not guarantee: anything between processes, even when they share the data; there it loses updates. Workers that
/// lock several records in different orders wait for each other for ever.
/// Failure window: when the process dies, the lock dies with the data it guards.
/// Round trips under the lock: 0.
/// Source: POSIX.1-2017 `pthread_mutex_lock`; glibc `nptl/pthread_mutex_lock.c`.
public struct MutexLock: MemoryLock, ~Copyable {
  /// What it is.
  public static let descriptor = StrategyDescriptor.lock("memory.mutex", aliases: ["mutex"], "pthread mutex per record")
  private let mutexes: LockArray<pthread_mutex_t>

  /// Makes one mutex per record.
  public static func configure(_ environment: StrategyEnvironment) throws(SetupFailure) -> LockArray<pthread_mutex_t> {
    LockArray(
      count: environment.records.count, initialize: { pthread_mutex_init($0, nil) },
      destroy: { pthread_mutex_destroy($0) })
  }

  /// All workers share the mutexes.
  public static func open(
    _ mutexes: LockArray<pthread_mutex_t>, _ worker: WorkerContext
  ) throws(SetupFailure) -> MutexLock {
    MutexLock(mutexes: mutexes)
  }

  /// Blocks the thread until the mutex is free.
  public mutating func acquire(_ key: Int32, shared: Bool) {
    pthread_mutex_lock(mutexes[key])
  }

  /// Unlocks.
  public mutating func release(_ key: Int32, shared: Bool) {
    pthread_mutex_unlock(mutexes[key])
  }
}
