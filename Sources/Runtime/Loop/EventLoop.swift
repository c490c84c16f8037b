internal import CLinux
@preconcurrency internal import Glibc
internal import Synchronization

/// One thread, one epoll descriptor, one queue of jobs: a task executor on which strategies run as straight-line
/// `async` code.
///
/// Descriptors are registered once, edge-triggered; timers are armed only when something is due. Jobs that other threads
/// enqueue arrive through an inbox and wake the loop with an eventfd.
public final class EventLoop: TaskExecutor, @unchecked Sendable {
  // because everything but the inbox is touched on the loop's own thread only, and the inbox under its mutex
  private let epoll: Int32
  private let wake: Int32
  private let inbox = Inbox()
  // Checks for overlapping accesses would cost more than the accesses; there are none on one thread without recursion.
  @exclusivity(unchecked) private var jobs: [UnownedJob] = []
  @exclusivity(unchecked) private var running: [UnownedJob] = []
  /// Jobs of ``running`` that have not begun yet.
  @exclusivity(unchecked) private var ahead = 0
  @exclusivity(unchecked) private var timers = TimerHeap()
  private var thread = pthread_t()
  private var openTasks = 0
  /// Whoever's events may still come; see ``Readiness/abandon()``.
  private var abandoned: [Readiness] = []
  private let events = UnsafeMutablePointer<epoll_event>.allocate(capacity: EventLoop.batch)
  private static let batch = 256

  /// Opens the descriptors of a loop; it runs when ``run()`` is called.
  public init() throws(SystemFailure) {
    epoll = epoll_create1(Int32(EPOLL_CLOEXEC))
    guard epoll >= 0 else { throw SystemFailure("epoll_create1") }
    wake = eventfd(0, Int32(EFD_CLOEXEC) | Int32(EFD_NONBLOCK))
    guard wake >= 0 else {
      let failure = SystemFailure("eventfd")
      close(epoll)
      throw failure
    }
    var event = epoll_event()
    event.events = EPOLLIN.rawValue
    event.data.ptr = nil
    epoll_ctl(epoll, EPOLL_CTL_ADD, wake, &event)
    jobs.reserveCapacity(1024)
    running.reserveCapacity(1024)
  }

  deinit {
    events.deallocate()
    close(wake)
    close(epoll)
  }

  /// Takes a job of a task that prefers this loop. Called by the Swift runtime, from any thread.
  public func enqueue(_ job: consuming ExecutorJob) {
    let job = UnownedJob(job)
    if pthread_equal(pthread_self(), thread) != 0 {
      jobs.append(job)
    } else if inbox.append(job) {
      var one: UInt64 = 1
      _ = write(wake, &one, 8)
    }
  }

  /// Starts a task on this loop; ``run()`` returns after all tasks have ended. Call before `run`, or on this loop.
  public func start(_ body: @escaping @Sendable () async -> Void) {
    openTasks += 1
    Task(executorPreference: self) {
      await body()
      self.openTasks -= 1
    }
  }

  /// Runs jobs on the calling thread until every task started with ``start(_:)`` has ended.
  public func run() {
    thread = pthread_self()
    let executor = asUnownedTaskExecutor()
    while true {
      inbox.drain(into: &jobs)
      if jobs.isEmpty {
        if openTasks == 0 { return }
        waitForEvents()
        continue
      }
      swap(&jobs, &running)
      ahead = running.count
      for job in running {
        ahead &-= 1
        job.runSynchronously(on: executor)
      }
      running.removeAll(keepingCapacity: true)
    }
  }

  /// Waits for a descriptor without suspending the task that asks, as long as no other task can run: suspending and
  /// resuming cost about as much as what a client does for a round trip besides its system calls.
  ///
  /// - Returns: whether the descriptor is ready; if not, the task must suspend, because others can run.
  func waitInPlace(for readiness: Readiness) -> Bool {
    while ahead == 0 && jobs.isEmpty && inbox.hasNothing {
      waitForEvents()
      if readiness.takeReady() { return true }
    }
    return false
  }

  private func waitForEvents() {
    // A job that arrived since the inbox was drained has woken the eventfd, so the wait returns at once.
    let timeout = timers.nextDeadline.map { max(0, $0 - monotonicNow()) } ?? -1
    let count = clinux_epoll_wait_ns(epoll, events, Int32(Self.batch), timeout)
    if timeout >= 0 {
      for heartbeat in timers.fire(until: monotonicNow()) { heartbeat.beat() }
    }
    guard count > 0 else { return }
    for index in 0..<Int(count) {
      guard let pointer = events[index].data.ptr else {
        var count: UInt64 = 0
        _ = read(wake, &count, 8)
        continue
      }
      Unmanaged<Readiness>.fromOpaque(pointer)._withUnsafeGuaranteedRef { $0.fire(events[index].events) }
    }
  }

  /// Registers a non-blocking descriptor; call on this loop. The caller keeps the result until it has closed it.
  public func register(_ descriptor: Int32) -> Readiness {
    let readiness = Readiness(loop: self, epoll: epoll, descriptor: descriptor)
    readiness.control(EPOLL_CTL_ADD, writable: false)
    return readiness
  }

  /// Keeps a readiness as long as the loop.
  func keep(_ readiness: Readiness) { abandoned.append(readiness) }

  /// Makes a readiness without a descriptor, which one task of this loop signals and another waits for.
  public func makeSignal() -> Readiness { Readiness(loop: self, epoll: epoll, descriptor: -1) }

  /// Suspends until a moment of ``monotonicNow()``; call on this loop.
  public func sleep(until deadline: Int64) async {
    if deadline <= monotonicNow() { return }
    await withUnsafeContinuation { continuation in timers.insert(deadline: deadline, .sleeper(continuation)) }
  }

  /// Suspends until a descriptor or signal of this loop is ready, but not beyond a moment of ``monotonicNow()``; for
  /// what may stay silent. Every wait programs a timer, so round trips of operations do without.
  ///
  /// - Parameter writable: whether room to write counts as ready, too.
  /// - Returns: false when the moment has passed.
  public func wait(for readiness: Readiness, writable: Bool = false, until deadline: Int64) async -> Bool {
    timers.insert(deadline: deadline, .readiness(readiness))
    if writable { await readiness.readableOrWritable() } else { await readiness.suspendUntilReadable() }
    if readiness.takeExpiry() { return false }
    timers.remove(readiness)
    return true
  }

  /// Suspends for a while; call on this loop.
  public func sleep(nanoseconds: Int64) async {
    await sleep(until: monotonicNow() &+ nanoseconds)
  }

  /// Calls something on this loop's thread every so many nanoseconds, between jobs, until ``stop(_:)``; call on this
  /// loop. It must not suspend, and it comes late when a job blocks the thread.
  public func startHeartbeat(every period: Int64, _ beat: @escaping () -> Void) -> Heartbeat {
    let heartbeat = Heartbeat(period: period, beat)
    timers.insert(deadline: monotonicNow() &+ period, .heartbeat(heartbeat))
    return heartbeat
  }

  /// Ends a heartbeat; call on this loop.
  public func stop(_ heartbeat: Heartbeat) { timers.remove(heartbeat) }

  /// Lets the other tasks of this loop run first.
  public func yield() async {
    await Task.yield()
  }
}

/// Jobs from other threads. A plain mutex, because Swift's own is slow under contention on Linux.
private final class Inbox: @unchecked Sendable {  // because `jobs` is touched under the mutex only
  private let mutex = UnsafeMutablePointer<pthread_mutex_t>.allocate(capacity: 1)
  private var jobs: [UnownedJob] = []
  private let isEmpty = Atomic<Bool>(true)

  init() { pthread_mutex_init(mutex, nil) }
  deinit {
    pthread_mutex_destroy(mutex)
    mutex.deallocate()
  }

  /// Returns whether the loop must be woken: the inbox was empty.
  func append(_ job: UnownedJob) -> Bool {
    pthread_mutex_lock(mutex)
    let wasEmpty = jobs.isEmpty
    jobs.append(job)
    isEmpty.store(false, ordering: .releasing)
    pthread_mutex_unlock(mutex)
    return wasEmpty
  }

  /// Whether no job has arrived; one that arrives later wakes the loop.
  var hasNothing: Bool { isEmpty.load(ordering: .acquiring) }

  func drain(into target: inout [UnownedJob]) {
    if hasNothing { return }
    pthread_mutex_lock(mutex)
    target.append(contentsOf: jobs)
    jobs.removeAll(keepingCapacity: true)
    isEmpty.store(true, ordering: .releasing)
    pthread_mutex_unlock(mutex)
  }
}
