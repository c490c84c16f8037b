@preconcurrency public import Glibc
public import Model
public import Runtime

/// `memory.semaphore`: one POSIX semaphore per record, with one permit.
public struct SemaphoreLock: MemoryLock, ~Copyable {
  static let documentation = Documentation(
    introduction: "one POSIX semaphore per record, with one permit.",
    algorithm: """
      `sem_wait` takes the permit, `sem_post` gives it back: an atomic counter, and a futex wait in the kernel when it
      is 0.
      """,
    guarantees: "mutual exclusion between the threads of one process.",
    doesNotGuarantee: """
      that the permit comes back from who took it: a semaphore has no owner, so any thread may post, and one post too
      many lets two in. Order among those who wait. Nothing between processes. Workers that lock several records in
      different orders wait for each other for ever.
      """,
    failureWindow: "when the process dies, the semaphore dies with the data it guards.",
    roundTrips: "0.",
    source: #"Dijkstra 1965, "Cooperating Sequential Processes"; POSIX.1-2017 `sem_wait`."#)

  /// What it is.
  public static let descriptor = StrategyDescriptor.lock(
    "memory.semaphore", "POSIX semaphore with one permit per record", documentation)
  private let semaphores: LockArray<sem_t>

  /// Makes one semaphore per record.
  public static func configure(_ environment: StrategyEnvironment) throws(SetupFailure) -> LockArray<sem_t> {
    LockArray(
      count: environment.records.count, initialize: { sem_init($0, 0, 1) }, destroy: { sem_destroy($0) })
  }

  /// All workers share the semaphores.
  public static func open(
    _ semaphores: LockArray<sem_t>, _ worker: WorkerContext
  ) throws(SetupFailure) -> SemaphoreLock {
    SemaphoreLock(semaphores: semaphores)
  }

  /// Blocks the thread until there is a permit; a signal interrupts the wait.
  public mutating func acquire(_ key: Int32, shared: Bool) {
    while sem_wait(semaphores[key]) != 0 {}
  }

  /// Gives the permit back.
  public mutating func release(_ key: Int32, shared: Bool) {
    sem_post(semaphores[key])
  }
}
