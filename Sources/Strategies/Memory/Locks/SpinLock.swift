public import Model
public import Runtime
public import Synchronization

/// `memory.spin`: a test-and-test-and-set spinlock per record.
public struct SpinLock: MemoryLock, ~Copyable {
  static let documentation = Documentation(
    introduction: "a test-and-test-and-set spinlock per record.",
    algorithm: """
      waiters look at the word until it is free and only then try to take it by an atomic exchange, so that the line is
      not torn away from the holder on every look. A pause hint between looks; after 100 of them `sched_yield`, because
      workers may outnumber processors.
      """,
    guarantees: "mutual exclusion between the threads of one process.",
    doesNotGuarantee: """
      any order among waiters; one may wait while others pass many times. Wasted processor time when the holder is not
      running. Nothing between processes. Workers that lock several records in different orders spin for ever.
      """,
    failureWindow: "when the process dies, the lock dies with the data it guards.",
    roundTrips: "0.",
    source: "Rudolph and Segall 1984 (test-and-test-and-set); Anderson 1990.")

  /// What it is.
  public static let descriptor = StrategyDescriptor.lock(
    "memory.spin", "test-and-test-and-set spinlock per record", documentation)
  private let locks: LockArray<Atomic<Bool>>

  /// Makes one free lock per record.
  public static func configure(_ environment: StrategyEnvironment) throws(SetupFailure) -> LockArray<Atomic<Bool>> {
    LockArray(count: environment.records.count, initialize: { $0.initialize(to: Atomic(false)) })
  }

  /// All workers share the locks.
  public static func open(_ locks: LockArray<Atomic<Bool>>, _ worker: WorkerContext) throws(SetupFailure) -> SpinLock {
    SpinLock(locks: locks)
  }

  /// Spins until the lock is free.
  public mutating func acquire(_ key: Int32, shared: Bool) {
    let lock = locks[key]
    if !lock.pointee.exchange(true, ordering: .acquiring) { return }
    var wait = SpinWait()
    while true {
      while lock.pointee.load(ordering: .relaxed) { wait.once() }
      if !lock.pointee.exchange(true, ordering: .acquiring) { return }
    }
  }

  /// Frees the lock by a plain store.
  public mutating func release(_ key: Int32, shared: Bool) {
    locks[key].pointee.store(false, ordering: .releasing)
  }
}
