internal import Glibc
internal import Model
internal import Runtime
internal import VirtualTime

/// The workers of a trial, and what a driver does around them.
struct TrialWorkers {
  let memory: TrialMemory
  private let group: WorkerGroup
  private let clock: VirtualClock?

  /// Starts the threads; the sessions open by themselves.
  init(_ trial: Trial, _ workload: any Workload, _ initial: [Int64]) throws {
    let descriptor = trial.entry.descriptor
    let threads = descriptor.threading == .shared ? 1 : trial.workers
    let rings = (0..<threads).map { thread in
      var random = RandomSource(seed: trial.seed, stream: UInt64(1000 + thread))
      return workload.operations(count: 1024, using: &random)
    }
    memory = try TrialMemory(
      TrialLayout(
        records: workload.recordCount, threads: threads, workers: trial.workers, ringLength: 1024,
        stepsPerOperation: rings.joined().map(\.steps.count).max() ?? 1, comparesValues: descriptor.returnsValues))
    memory.setInitialValues(initial)
    for (thread, ring) in rings.enumerated() { memory.setOperations(ring, ofThread: thread) }
    let options = Options(descriptor.options, stated: trial.options)
    let endpoints = trial.servers.reduce(into: [:]) { $0[$1.service] = $1.url }
    let body = try trial.entry.prepare(
      StrategyEnvironment(
        options: options, records: memory.records, workers: trial.workers, endpoints: endpoints,
        namespace: trial.namespace, deliveries: workload.deliveries, election: workload.election,
        script: workload.script, seed: trial.seed))
    let clock = trial.isInVirtualTime ? VirtualClock() : nil
    self.clock = clock
    var load = LoadSettings()
    load.rate = trial.rate
    load.arrivals = trial.arrivals
    load.operations = trial.operations
    load.duration = nil
    let observers = workload.observers(comparingValues: descriptor.returnsValues)
    let assignment = Assignment(
      layout: memory.layout, workers: 0..<trial.workers, threads: 0..<threads, strategy: descriptor.id, over: nil,
      options: options, endpoints: [:], namespace: trial.namespace, workload: trial.workload, load: load,
      retry: trial.retry, seed: trial.seed, samplingInterval: trial.samplingInterval, affinity: nil)
    group = try WorkerGroup(assignment, memory: memory, observers: observers) { worker in
      clock?.enterThread()
      await body(worker)
    }
  }

  /// Runs all operations; returns when the first could begin.
  func run(_ disturb: () throws -> Void) throws -> Int64 {
    try wait(for: "sessions to open") { group.isOpen || group.setupFailure != nil }
    if let failure = group.setupFailure {
      group.start(at: nil)
      throw failure
    }
    _ = group.enter(.measured)
    // A moment ahead, so that all threads are awake when the first begins; where waiting costs nothing, so far ahead that
    // the clock has started by then.
    let ahead: Int64 = clock != nil ? 10_000_000_000 : memory.layout.threads > 1 ? 10_000_000 : 0
    let start = monotonicNow() + ahead
    group.start(at: start)
    clock?.start()
    do {
      try disturb()
      try wait(for: "workers to end") { group.hasEnded }
    } catch {
      _ = group.enter(.drained)
      throw error
    }
    memory.settleOpenOperations(windowEnd: group.enter(.drained))
    return start
  }

  /// Opens the sessions and sends the workers home; returns why a session could not be opened.
  func open() throws -> SetupFailure? {
    try wait(for: "sessions to open") { group.isOpen || group.setupFailure != nil }
    let failure = group.setupFailure
    group.start(at: nil)
    try wait(for: "workers to end") { group.hasEnded }
    return failure
  }

  /// Waits for a notification of the group, a minute at most, so that a lock which is never granted fails the test.
  private func wait(for what: String, until condition: () -> Bool) throws {
    let deadline = monotonicNow() + 60_000_000_000
    while !condition() {
      var descriptor = pollfd(fd: group.notification, events: Int16(POLLIN), revents: 0)
      _ = poll(&descriptor, 1, 100)
      group.acknowledge()
      guard monotonicNow() < deadline else { throw SetupFailure("waited a minute for \(what)") }
    }
  }
}
