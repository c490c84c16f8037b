public import Model
public import Runtime
internal import Synchronization

/// `memory.ticket`: a ticket lock per record.
public struct TicketLock: MemoryLock, ~Copyable {
  static let documentation = Documentation(
    introduction: "a ticket lock per record.",
    algorithm: """
      a worker draws the next number by an atomic addition and waits until that number is served; the holder serves the
      next one when it leaves. Both words lie in lines of their own. Waiters pause, and after 100 looks yield, because
      workers may outnumber processors.
      """,
    guarantees: "mutual exclusion between the threads of one process, strictly first come, first served.",
    doesNotGuarantee: """
      speed with more workers than processors: when the next in line is not running, everybody waits. Nothing between
      processes. Workers that lock several records in different orders spin for ever.
      """,
    failureWindow: "when the process dies, the lock dies with the data it guards.",
    roundTrips: "0.",
    source: "Mellor-Crummey and Scott 1991, section 2.2.")

  /// What it is.
  public static let descriptor = StrategyDescriptor.lock(
    "memory.ticket", "first-come-first-served lock per record", documentation)
  private let locks: LockArray<Words>

  /// The two words of a lock: what newcomers draw from, and what waiters look at.
  public struct Words: ~Copyable {
    let next = Atomic<UInt64>(0)
    private let padding = InlineArray<15, UInt64>(repeating: 0)
    let serving = Atomic<UInt64>(0)
  }

  /// Makes one free lock per record.
  public static func configure(_ environment: StrategyEnvironment) throws(SetupFailure) -> LockArray<Words> {
    LockArray(count: environment.records.count, initialize: { $0.initialize(to: Words()) })
  }

  /// All workers share the locks.
  public static func open(_ locks: LockArray<Words>, _ worker: WorkerContext) throws(SetupFailure) -> TicketLock {
    TicketLock(locks: locks)
  }

  /// Draws a number and spins until it is served.
  public mutating func acquire(_ key: Int32, shared: Bool) {
    let lock = locks[key]
    let number = lock.pointee.next.wrappingAdd(1, ordering: .relaxed).oldValue
    var wait = SpinWait()
    while lock.pointee.serving.load(ordering: .acquiring) != number { wait.once() }
  }

  /// Serves the next number. Only the holder writes the word, so it needs no atomic addition.
  public mutating func release(_ key: Int32, shared: Bool) {
    let lock = locks[key]
    lock.pointee.serving.store(lock.pointee.serving.load(ordering: .relaxed) &+ 1, ordering: .releasing)
  }
}
