@preconcurrency public import Glibc
public import Model
public import Runtime

/// `memory.mutex`: one `pthread_mutex_t` per record, shared by the threads of one process.
public struct MutexLock: MemoryLock, ~Copyable {
  static let documentation = Documentation(
    introduction: "one `pthread_mutex_t` per record, shared by the threads of one process.",
    algorithm: """
      glibc's default mutex: an atomic word, and a futex wait in the kernel when it is taken; no spinning. Waiters may
      be overtaken (barging): fast, not fair.
      """,
    guarantees: "mutual exclusion between the threads of one process.",
    doesNotGuarantee: """
      anything between processes, even when they share the data; there it loses updates. Workers that lock several
      records in different orders wait for each other for ever.
      """,
    failureWindow: "when the process dies, the lock dies with the data it guards.",
    roundTrips: "0.",
    source: "POSIX.1-2017 `pthread_mutex_lock`; glibc `nptl/pthread_mutex_lock.c`.")

  /// What it is.
  public static let descriptor = StrategyDescriptor.lock(
    "memory.mutex", aliases: ["mutex"], "pthread mutex per record", documentation)
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
