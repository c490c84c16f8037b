public import Model
public import Runtime
public import Synchronization

/// `memory.swift-mutex`: one `Synchronization.Mutex` of the Swift standard library per record.
public struct SwiftMutexLock: MemoryLock, ~Copyable {
  static let documentation = Documentation(
    introduction: "one `Synchronization.Mutex` of the Swift standard library per record.",
    algorithm: """
      on Linux a word that holds the owner's thread id; a compare-and-exchange when it is free, else up to 1,000 looks
      with a pause hint, then a priority-inheriting futex: the kernel hands the lock to the first waiter.
      """,
    guarantees: "mutual exclusion between the threads of one process; waiters are served about in order.",
    doesNotGuarantee: """
      speed under contention; each hand-over goes through the kernel, and throughput falls far below that of
      `memory.mutex`. Nothing between processes. Workers that lock several records in different orders wait for each
      other for ever.
      """,
    failureWindow: "when the process dies, the lock dies with the data it guards.",
    roundTrips: "0.",
    source: "Swift 6.3 `stdlib/public/Synchronization/Mutex/LinuxImpl.swift`; Linux `FUTEX_LOCK_PI`.")

  /// What it is.
  public static let descriptor = StrategyDescriptor.lock(
    "memory.swift-mutex", "Synchronization.Mutex of the Swift standard library per record", documentation)
  private let mutexes: LockArray<Mutex<Void>>

  /// Makes one mutex per record.
  public static func configure(_ environment: StrategyEnvironment) throws(SetupFailure) -> LockArray<Mutex<Void>> {
    LockArray(
      count: environment.records.count, initialize: { $0.initialize(to: Mutex(())) },
      destroy: { $0.deinitialize(count: 1) })
  }

  /// All workers share the mutexes.
  public static func open(
    _ mutexes: LockArray<Mutex<Void>>, _ worker: WorkerContext
  ) throws(SetupFailure) -> SwiftMutexLock {
    SwiftMutexLock(mutexes: mutexes)
  }

  /// Blocks the thread until the mutex is free. Locked and unlocked apart, not by `withLock`, because an operation
  /// holds up to eight of them at once.
  public mutating func acquire(_ key: Int32, shared: Bool) {
    mutexes[key].pointee._unsafeLock()
  }

  /// Unlocks.
  public mutating func release(_ key: Int32, shared: Bool) {
    mutexes[key].pointee._unsafeUnlock()
  }
}
