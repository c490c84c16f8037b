@preconcurrency public import Glibc
public import Model
public import Runtime

/// `host.semaphore`: one POSIX semaphore per record in shared memory, with one permit.
public struct SharedSemaphoreLock: MemoryLock, ~Copyable {
  static let documentation = Documentation(
    introduction: "one POSIX semaphore per record in shared memory, with one permit.",
    algorithm: """
      `sem_init` with `pshared` beside the record, where no name has to be removed; `sem_wait`, read, decide, write,
      `sem_post`. A counter in memory; waiting is a futex.
      """,
    guarantees: "mutual exclusion between the threads of all processes of one host, as long as nobody dies.",
    doesNotGuarantee: """
      anything to those who wait for a holder that died. A semaphore has no owner: the permit is gone, and everybody
      waits for ever. The negative example beside `host.robust-mutex`. Order among those who wait. Workers that lock
      several records in different orders wait for each other for ever.
      """,
    failureWindow: "from the death of a holder, for ever.",
    roundTrips: "0.",
    source: "POSIX.1-2017 `sem_init`, `sem_wait`.")

  /// What it is.
  public static let descriptor = StrategyDescriptor.hostLock(
    "semaphore", "POSIX semaphore per record in shared memory; a dead holder keeps its permit", documentation)
  private let semaphores: SharedSlots<sem_t>

  /// Makes one semaphore per record, unless another process has done so.
  public static func configure(_ environment: StrategyEnvironment) throws(SetupFailure) -> SharedSlots<sem_t> {
    try SharedSlots(environment.records) { sem_init($0, 1, 1) }
  }

  /// All workers share the semaphores.
  public static func open(
    _ semaphores: SharedSlots<sem_t>, _ worker: WorkerContext
  ) throws(SetupFailure) -> SharedSemaphoreLock {
    SharedSemaphoreLock(semaphores: semaphores)
  }

  init(semaphores: SharedSlots<sem_t>) { self.semaphores = semaphores }

  /// Blocks the thread until there is a permit; a signal interrupts the wait.
  public mutating func acquire(_ key: Int32, shared: Bool) {
    while sem_wait(semaphores[key]) != 0 {}
  }

  /// Gives the permit back.
  public mutating func release(_ key: Int32, shared: Bool) {
    sem_post(semaphores[key])
  }
}
