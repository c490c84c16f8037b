@preconcurrency public import Glibc
public import Model
public import Runtime

/// `host.robust-mutex`: one `pthread_mutex_t` per record in shared memory, shared by processes, robust.
public struct RobustMutexLock: MemoryLock, ~Copyable {
  static let documentation = Documentation(
    introduction: "one `pthread_mutex_t` per record in shared memory, shared by processes, robust.",
    algorithm: """
      a mutex with `PTHREAD_PROCESS_SHARED` and `PTHREAD_MUTEX_ROBUST` beside the record. Free and taken are a word in
      memory, waiting is a futex. The kernel knows which mutexes a thread holds; when it dies, the next one that locks
      gets `EOWNERDEAD` and the lock, and calls `pthread_mutex_consistent`. The record needs no repair: its value is one
      word, stored at once.
      """,
    guarantees: "mutual exclusion between the threads of all processes of one host. A holder that dies blocks nobody.",
    doesNotGuarantee: """
      that several records of one operation change together when the holder dies between them; order among those who
      wait. Workers that lock several records in different orders wait for each other for ever.
      """,
    failureWindow: "none for one record.",
    roundTrips: "0.",
    source: "POSIX.1-2017 `pthread_mutexattr_setrobust`; Linux `Documentation/locking/robust-futexes.rst`.")

  /// What it is.
  public static let descriptor = StrategyDescriptor.hostLock(
    "robust-mutex", "pthread mutex per record in shared memory, robust against dead holders", documentation)
  private let mutexes: SharedSlots<pthread_mutex_t>

  /// Makes one mutex per record, unless another process has done so.
  public static func configure(
    _ environment: StrategyEnvironment
  ) throws(SetupFailure) -> SharedSlots<pthread_mutex_t> {
    try SharedSlots(environment.records) { mutex in
      var attributes = pthread_mutexattr_t()
      pthread_mutexattr_init(&attributes)
      pthread_mutexattr_setpshared(&attributes, Int32(PTHREAD_PROCESS_SHARED))
      pthread_mutexattr_setrobust(&attributes, Int32(PTHREAD_MUTEX_ROBUST))
      pthread_mutex_init(mutex, &attributes)
      pthread_mutexattr_destroy(&attributes)
    }
  }

  /// All workers share the mutexes.
  public static func open(
    _ mutexes: SharedSlots<pthread_mutex_t>, _ worker: WorkerContext
  ) throws(SetupFailure) -> RobustMutexLock {
    RobustMutexLock(mutexes: mutexes)
  }

  init(mutexes: SharedSlots<pthread_mutex_t>) { self.mutexes = mutexes }

  /// Blocks the thread until the mutex is free, or its holder has died.
  public mutating func acquire(_ key: Int32, shared: Bool) {
    let mutex = mutexes[key]
    if _slowPath(pthread_mutex_lock(mutex) == EOWNERDEAD) { pthread_mutex_consistent(mutex) }
  }

  /// Unlocks.
  public mutating func release(_ key: Int32, shared: Bool) {
    pthread_mutex_unlock(mutexes[key])
  }
}
