internal import CLinux
@preconcurrency internal import Glibc
public import Model
internal import Synchronization

/// The workers of one process: its threads, their common start, and the phases of the trial.
///
/// Driven by the process's main thread, which waits on ``notification`` among other things.
public final class WorkerGroup {
  /// Readable after all sessions are open, after one could not be opened, and after all workers have ended.
  public let notification: Int32
  private let assignment: Assignment
  private let memory: TrialMemory
  private let gate: StartGate
  private let phase = PhaseSignal()
  private let ended: RunningThreads

  private let observers: [any Observer.Type]
  private let job: JobSettings?

  /// Starts the threads; each worker opens its session and waits for ``start(at:)``.
  ///
  /// - Parameters:
  ///   - observers: what each worker is watched by, in the same order in all processes of a trial.
  ///   - job: the job whose ticks the workers wake at; nil where operations come as the load says.
  public init(
    _ assignment: Assignment, memory: TrialMemory, observers: [any Observer.Type] = [], job: JobSettings? = nil,
    body: @escaping WorkerBody
  ) throws(SystemFailure) {
    let notification = eventfd(0, Int32(EFD_CLOEXEC) | Int32(EFD_NONBLOCK))
    guard notification >= 0 else { throw SystemFailure("eventfd") }
    self.notification = notification
    self.assignment = assignment
    self.memory = memory
    self.observers = observers
    self.job = job
    gate = StartGate(expected: assignment.workers.count) { Self.notify(notification) }
    ended = RunningThreads(count: assignment.threads.count)
    for thread in assignment.threads {
      let loop = try EventLoop()
      startWorkers(of: thread, on: loop, body)
      try spawn(thread, loop)
    }
  }

  private static func notify(_ descriptor: Int32) {
    var one: UInt64 = 1
    _ = write(descriptor, &one, 8)
  }

  /// The workers of a thread: every n-th of the process, so that threads differ by one worker at most.
  private func startWorkers(of thread: Int, on loop: EventLoop, _ body: @escaping WorkerBody) {
    let position = thread - assignment.threads.lowerBound
    let indices = assignment.workers.filter {
      ($0 - assignment.workers.lowerBound) % assignment.threads.count == position
    }
    for index in indices {
      let worker = Worker(
        index: index, plan: WorkerPlan(assignment, ofWorker: index, observers, job), memory: memory,
        threadIndex: thread,
        loop: loop, gate: gate, phase: phase, seed: assignment.seed, sharesThread: indices.count > 1)
      loop.start { await body(worker) }
    }
  }

  private func spawn(_ thread: Int, _ loop: EventLoop) throws(SystemFailure) {
    let affinity = assignment.affinity
    let ended = self.ended
    let notification = self.notification
    try Thread.start(stackBytes: 512 * 1024) {
      if let affinity { _ = clinux_set_affinity(0, affinity) }
      _ = clinux_set_timer_slack(1)
      loop.run()
      if ended.oneHasEnded() { Self.notify(notification) }
    }
  }

  /// Forgets a notification that has been seen.
  public func acknowledge() {
    var count: UInt64 = 0
    _ = read(notification, &count, 8)
  }

  /// Whether every worker has opened its session.
  public var isOpen: Bool { gate.isOpen }
  /// Why a worker could not open its session; nil if none failed.
  public var setupFailure: SetupFailure? { gate.setupFailure }
  /// Whether every thread has ended.
  public var hasEnded: Bool { ended.all }

  /// Lets all workers go at a moment of ``monotonicNow()``, or sends them home.
  public func start(at moment: Int64?) { gate.open(at: moment) }

  /// Moves all workers on to a phase. Returns the moment at which they could see it.
  public func enter(_ phase: Phase) -> Int64 {
    let moment = monotonicNow()
    self.phase.set(phase, at: moment)
    return moment
  }
}

extension WorkerPlan {
  /// What an assignment means for one of its workers, in the units that the loop counts in.
  init(_ assignment: Assignment, ofWorker index: Int, _ observers: [any Observer.Type], _ job: JobSettings?) {
    hold = assignment.workload.hold.nanoseconds
    think = assignment.workload.think.nanoseconds
    retry = assignment.retry
    operations = assignment.operations(of: index)
    arrivals = assignment.load.rate.map {
      ArrivalSchedule(assignment.load.arrivals, rate: $0, worker: index, of: assignment.layout.workers)
    }
    samplingInterval = assignment.samplingInterval
    self.observers = observers
    guard let job else { return }
    // A tick that went wrong is over: the next one comes soon enough.
    retry.attempts = 1
    arrivals = .ticks(
      every: job.period.nanoseconds, lateness: job.lateness(ofWorker: index, of: assignment.layout.workers),
      jitter: job.jitter.nanoseconds)
  }
}

extension ArrivalSchedule {
  /// The part of all arrivals that falls to one worker.
  ///
  /// - Parameters:
  ///   - rate: arrivals per second over all workers.
  ///   - workers: how many there are; no more than arrive at once.
  init(_ pattern: ArrivalPattern, rate: Double, worker: Int, of workers: Int) {
    let interval = 1e9 / rate
    switch pattern {
    case .poisson: self = .poisson(meanInterval: interval * Double(workers))
    case .uniform: self = .even(interval: interval * Double(workers), offset: interval * Double(worker))
    case .bursts(let size):
      let share = size * (worker + 1) / workers - size * worker / workers
      self = .bursts(of: max(1, share), every: Int64(interval * Double(size)))
    }
  }
}

/// Counts threads down.
private final class RunningThreads: Sendable {
  private let running: Atomic<Int>

  init(count: Int) { running = Atomic(count) }
  /// Returns whether it was the last one.
  func oneHasEnded() -> Bool { running.subtract(1, ordering: .acquiringAndReleasing).newValue == 0 }
  var all: Bool { running.load(ordering: .acquiring) == 0 }
}
