public import Model
public import Runtime
public import Synchronization

/// `memory.mcs`: the queue lock of Mellor-Crummey and Scott, one queue per record.
public struct MCSLock: MemoryLock, ~Copyable {
  static let documentation = Documentation(
    introduction: "the queue lock of Mellor-Crummey and Scott, one queue per record.",
    algorithm: """
      a worker appends a node of its own to the queue by an atomic exchange of the tail and waits on a flag in that
      node; the holder clears the flag of its successor. Each waiter looks at a line of its own. Waiters pause, and
      after 100 looks yield, because workers may outnumber processors.
      """,
    guarantees: """
      mutual exclusion between the threads of one process, strictly first come, first served; a hand-over touches two
      lines, however many wait.
      """,
    doesNotGuarantee: """
      speed with more workers than processors: when the next in line is not running, everybody waits. Nothing between
      processes. Workers that lock several records in different orders spin for ever.
      """,
    failureWindow: "when the process dies, the lock dies with the data it guards.",
    roundTrips: "0.",
    source: """
      Mellor-Crummey and Scott 1991, "Algorithms for Scalable Synchronization on Shared-Memory Multiprocessors".
      """)

  /// What it is.
  public static let descriptor = StrategyDescriptor.lock(
    "memory.mcs", "queue lock per record, local spinning (MCS)", documentation)
  private let tails: LockArray<Tail>
  private let nodes: LockArray<Node>
  private var held: Int32 = 0

  /// The last in the queue of a record; nil when the lock is free.
  public typealias Tail = Atomic<UnsafeMutablePointer<Node>?>

  /// The place of a worker in one queue.
  public struct Node: ~Copyable {
    let next = Atomic<UnsafeMutableRawPointer?>(nil)
    let mustWait = Atomic<Bool>(false)
  }

  /// Makes one empty queue per record.
  public static func configure(_ environment: StrategyEnvironment) throws(SetupFailure) -> LockArray<Tail> {
    LockArray(count: environment.records.count, initialize: { $0.initialize(to: Tail(nil)) })
  }

  /// All workers share the queues; each has a node for every lock that an operation may hold at once.
  public static func open(_ tails: LockArray<Tail>, _ worker: WorkerContext) throws(SetupFailure) -> MCSLock {
    MCSLock(
      tails: tails,
      nodes: LockArray(count: Operation.maximumSteps, initialize: { $0.initialize(to: Node()) }))
  }

  /// Appends the next free node and spins on it.
  public mutating func acquire(_ key: Int32, shared: Bool) {
    let node = nodes[held]
    held &+= 1
    node.pointee.next.store(nil, ordering: .relaxed)
    node.pointee.mustWait.store(true, ordering: .relaxed)
    guard let predecessor = tails[key].pointee.exchange(node, ordering: .acquiringAndReleasing) else { return }
    predecessor.pointee.next.store(UnsafeMutableRawPointer(node), ordering: .releasing)
    var wait = SpinWait()
    while node.pointee.mustWait.load(ordering: .acquiring) { wait.once() }
  }

  /// Hands the lock to the successor. Locks are given back in reverse order, so the node is the last one taken.
  public mutating func release(_ key: Int32, shared: Bool) {
    held &-= 1
    let node = nodes[held]
    if node.pointee.next.load(ordering: .acquiring) == nil {
      let (wasLast, _) = tails[key].pointee.compareExchange(
        expected: node, desired: nil, successOrdering: .releasing, failureOrdering: .relaxed)
      if wasLast { return }
    }
    // A successor has taken the tail but may not have linked itself yet.
    var wait = SpinWait()
    while true {
      if let successor = node.pointee.next.load(ordering: .acquiring) {
        successor.assumingMemoryBound(to: Node.self).pointee.mustWait.store(false, ordering: .releasing)
        return
      }
      wait.once()
    }
  }
}
