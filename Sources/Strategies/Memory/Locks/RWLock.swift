@preconcurrency public import Glibc
public import Model
public import Runtime

/// `memory.rwlock`: one `pthread_rwlock_t` per record; operations that only read share it.
public struct RWLock: MemoryLock, ~Copyable {
  static let documentation = Documentation(
    introduction: "one `pthread_rwlock_t` per record; operations that only read share it.",
    algorithm: """
      glibc's reader-writer lock: readers count themselves in by an atomic addition, a writer waits until they have
      left; futex waits in the kernel. Readers are preferred: they enter while a writer waits.
      """,
    guarantees: "mutual exclusion of writers from everybody else between the threads of one process.",
    doesNotGuarantee: """
      that a writer ever gets its turn while readers keep coming. Nothing between processes. Workers that lock several
      records in different orders wait for each other for ever.
      """,
    failureWindow: "when the process dies, the lock dies with the data it guards.",
    roundTrips: "0.",
    source: "POSIX.1-2017 `pthread_rwlock_rdlock`; glibc `nptl/pthread_rwlock_common.c`.")

  /// What it is.
  public static let descriptor = StrategyDescriptor.lock(
    "memory.rwlock", "pthread reader-writer lock per record, shared for reads", documentation)
  private let locks: LockArray<pthread_rwlock_t>

  /// Makes one lock per record.
  public static func configure(_ environment: StrategyEnvironment) throws(SetupFailure) -> LockArray<pthread_rwlock_t> {
    LockArray(
      count: environment.records.count, initialize: { pthread_rwlock_init($0, nil) },
      destroy: { pthread_rwlock_destroy($0) })
  }

  /// All workers share the locks.
  public static func open(
    _ locks: LockArray<pthread_rwlock_t>, _ worker: WorkerContext
  ) throws(SetupFailure) -> RWLock {
    RWLock(locks: locks)
  }

  /// Blocks the thread until the lock is free, or held by readers only and wanted for reading.
  public mutating func acquire(_ key: Int32, shared: Bool) {
    if shared { pthread_rwlock_rdlock(locks[key]) } else { pthread_rwlock_wrlock(locks[key]) }
  }

  /// Unlocks.
  public mutating func release(_ key: Int32, shared: Bool) {
    pthread_rwlock_unlock(locks[key])
  }
}
