internal import CLinux
@preconcurrency internal import Glibc
internal import Model
internal import Runtime
internal import StrategyCatalog
internal import Workloads

/// A worker process: takes one assignment from the driver, runs its workers, says how it ended.
///
/// Its main thread only waits and moves the phases on; all operations run on the threads of the ``WorkerGroup``.
public enum WorkerProcess {
  /// Descriptors that the driver gives to a worker process.
  static let socketDescriptor: Int32 = 3
  static let memoryDescriptor: Int32 = 4

  /// Runs until the trial is over or the driver is gone. Returns the exit status.
  public static func run() -> Int32 {
    clinux_set_parent_death_signal(SIGKILL)
    signal(SIGINT, SIG_IGN)
    signal(SIGPIPE, SIG_IGN)
    let socket = FrameSocket<Frame>(socketDescriptor)
    do {
      try socket.send(.hello(version: Frame.version))
      var session = try WorkerSession(socket: socket)
      try session.run()
      return 0
    } catch {
      fputs("\(error)\n", stderr)
      return 70
    }
  }
}

/// The conversation of a worker process with its driver.
private struct WorkerSession {
  let socket: FrameSocket<Frame>
  private var inbox: [Frame] = []
  /// A wait of so and so long goes on for longer when the process is stopped meanwhile; one until a moment does not.
  private let alarm: Int32

  init(socket: FrameSocket<Frame>) throws(SystemFailure) {
    self.socket = socket
    alarm = timerfd_create(CLOCK_MONOTONIC, Int32(TFD_CLOEXEC))
    if alarm < 0 { throw SystemFailure("timerfd_create") }
  }

  mutating func run() throws {
    guard case .assignment(let assignment)? = try nextFrame() else { return }
    let group: WorkerGroup
    do {
      group = try makeGroup(assignment)
    } catch {
      try socket.send(.refused(message: "\(error)"))
      return
    }
    guard try waitUntilOpen(group) else { return }
    try socket.send(.ready)
    guard case .start(let moment, let opening)? = try nextFrame() else { return }
    // Without a warm-up, and when it joins late, the very first operation counts, which comes before this thread could
    // move the phase on.
    let isOpen = opening <= moment
    if isOpen { _ = group.enter(.measured) }
    group.start(at: moment)
    try supervise(group, assignment, opens: opening, isOpen: isOpen)
  }

  private func makeGroup(_ assignment: Assignment) throws -> WorkerGroup {
    let memory = try TrialMemory(assignment.layout, descriptor: WorkerProcess.memoryDescriptor)
    guard let entry = StrategyCatalog.entry(id: assignment.strategy, over: assignment.over) else {
      throw SetupFailure("this binary has no strategy \(assignment.strategy)")
    }
    guard let workload = WorkloadRegistry.make(assignment.workload) else {
      throw SetupFailure("this binary has no workload \(assignment.workload.kind)")
    }
    if assignment.adapter != nil { try GroupKeeper.start() }
    let environment = StrategyEnvironment(
      options: assignment.options, records: memory.records, workers: assignment.layout.workers,
      endpoints: assignment.endpoints, namespace: assignment.namespace, lists: workload.lists,
      sharding: assignment.sharding, log: assignment.log, deliveries: workload.deliveries,
      job: workload.job, election: workload.election, adapter: assignment.adapter, script: workload.script,
      seed: assignment.seed)
    // What its checkers must have watched in this trial.
    let observers = workload.observers(comparingValues: assignment.layout.comparesValues)
    return try WorkerGroup(
      assignment, memory: memory, observers: observers, job: workload.job, body: try entry.prepare(environment))
  }

  /// Whether every session was opened; when not, the driver has been told.
  private mutating func waitUntilOpen(_ group: WorkerGroup) throws -> Bool {
    while true {
      if let failure = group.setupFailure {
        try socket.send(.refused(message: failure.message))
        return false
      }
      if group.isOpen { return true }
      guard try wait(group, until: .max) else { return false }
      if inbox.contains(where: { if case .stop = $0 { true } else { false } }) { return false }
    }
  }

  /// Moves through the phases; ends when all workers have ended, or the drain limit has passed.
  private mutating func supervise(_ group: WorkerGroup, _ assignment: Assignment, opens: Int64, isOpen: Bool) throws {
    var opened = opens
    if !isOpen {
      guard try waitUnlessStopped(group, until: opens) else { return try finish(group, opened: opens, assignment) }
      opened = group.enter(.measured)
    }
    let closes = assignment.load.duration.map { opens + $0.nanoseconds } ?? .max
    _ = try waitUnlessStopped(group, until: closes)
    try finish(group, opened: opened, assignment)
  }

  private mutating func finish(_ group: WorkerGroup, opened: Int64, _ assignment: Assignment) throws {
    let closed = group.enter(.drained)
    let limit = closed + assignment.load.drain.nanoseconds
    while !group.hasEnded && group.setupFailure == nil && monotonicNow() < limit {
      guard try wait(group, until: limit) else { return }
    }
    if let failure = group.setupFailure { try socket.send(.refused(message: failure.message)) }
    try socket.send(.finished(windowOpened: opened, windowClosed: closed))
  }

  /// Waits until a moment; false when the workers have ended, one has given the trial up, or the driver says stop before
  /// that.
  private mutating func waitUnlessStopped(_ group: WorkerGroup, until moment: Int64) throws -> Bool {
    while monotonicNow() < moment {
      if group.hasEnded || group.setupFailure != nil { return false }
      if let frame = inbox.first, case .stop = frame { return false }
      guard try wait(group, until: moment) else { throw ProtocolFailure("the driver has gone") }
    }
    return true
  }

  private mutating func nextFrame() throws -> Frame? {
    while inbox.isEmpty {
      guard try wait(nil, until: .max) else { return nil }
    }
    return inbox.removeFirst()
  }

  /// Waits for a frame, a notification or a moment; false when the driver has closed the connection.
  private mutating func wait(_ group: WorkerGroup?, until moment: Int64) throws -> Bool {
    var descriptors = [pollfd(fd: socket.descriptor, events: Int16(POLLIN), revents: 0)]
    if let group { descriptors.append(pollfd(fd: group.notification, events: Int16(POLLIN), revents: 0)) }
    if moment != .max {
      descriptors.append(pollfd(fd: alarm, events: Int16(POLLIN), revents: 0))
      // A time of zero would switch it off.
      let nanoseconds = max(1, moment)
      var setting = itimerspec()
      setting.it_value = timespec(
        tv_sec: Int(nanoseconds / 1_000_000_000), tv_nsec: Int(nanoseconds % 1_000_000_000))
      timerfd_settime(alarm, Int32(TFD_TIMER_ABSTIME), &setting, nil)
    }
    _ = clinux_poll_ns(&descriptors, UInt32(descriptors.count), -1)
    if let group, descriptors[1].revents != 0 { group.acknowledge() }
    if descriptors[0].revents != 0 {
      guard let frames = try socket.receive() else { return false }
      inbox += frames
    }
    return true
  }
}
