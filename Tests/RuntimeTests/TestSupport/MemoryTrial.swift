import Checking
import Glibc
import Model
import Runtime
import Testing
import Workloads

/// A short trial inside the test process: what to run.
struct MemoryTrial {
  var workload: WorkloadSettings
  var workers = 4
  var operations = 20_000
  var retry = RetryPolicy()
  var samplingInterval = 64
  var seed: UInt64 = 7
  /// Options of the strategy that are not at their defaults.
  var options: [String: OptionValue] = [:]
  var endpoints: [String: String] = [:]

  /// The settings of a workload with everything that is not stated at its default.
  init(_ kind: String, keys: Int = 1, _ options: [String: OptionValue] = [:]) {
    workload = WorkloadSettings(kind: kind, keys: keys, options: Options([], stated: options))
    retry.backoff = .none
  }

  /// Runs all operations, one thread per worker, and collects what the driver would.
  func run(_ entry: StrategyEntry) throws -> TrialOutcome {
    let workload = try #require(WorkloadRegistry.make(workload))
    let rings = (0..<workers).map { thread in
      var random = RandomSource(seed: seed, stream: UInt64(1000 + thread))
      return workload.operations(count: 4096, using: &random)
    }
    let memory = try TrialMemory(
      TrialLayout(
        records: workload.recordCount, threads: workers, workers: workers, ringLength: 4096,
        stepsPerOperation: rings.joined().map(\.steps.count).max() ?? 1,
        comparesValues: entry.descriptor.returnsValues))
    let initial = (0..<workload.recordCount).map(workload.initialValue)
    memory.setInitialValues(initial)
    for (thread, ring) in rings.enumerated() { memory.setOperations(ring, ofThread: thread) }
    let body = try entry.prepare(
      StrategyEnvironment(
        options: Options(entry.descriptor.options, stated: options), records: memory.records, workers: workers,
        endpoints: endpoints,
        namespace: "test"))
    let observers = workload.checkers
      .filter { entry.descriptor.returnsValues || !$0.needs.contains(.returnedValues) }.compactMap(\.observer)
    let group = try WorkerGroup(
      assignment(memory.layout, workload, entry.descriptor), memory: memory, observers: observers, body: body)
    try drive(group, memory)
    return TrialOutcome(
      workload: workload, workers: workers, initial: initial, memory: memory, collected: memory.collect())
  }

  private func assignment(
    _ layout: TrialLayout, _ workload: any Workload, _ strategy: StrategyDescriptor
  ) -> Assignment {
    var load = LoadSettings()
    load.operations = operations
    load.duration = nil
    return Assignment(
      layout: layout, workers: 0..<workers, threads: 0..<workers, strategy: strategy.id, over: nil,
      options: Options(strategy.options), endpoints: [:], namespace: "test", workload: self.workload, load: load,
      retry: retry, seed: seed, watched: [], samplingInterval: samplingInterval, affinity: nil)
  }

  private func drive(_ group: WorkerGroup, _ memory: TrialMemory) throws {
    try wait(for: "sessions to open", group) { group.isOpen || group.setupFailure != nil }
    if let failure = group.setupFailure {
      group.start(at: nil)
      throw failure
    }
    _ = group.enter(.measured)
    // A moment ahead, so that all threads are awake when the first begins.
    group.start(at: monotonicNow() + 10_000_000)
    try wait(for: "workers to end", group) { group.hasEnded }
    memory.settleOpenOperations(windowEnd: group.enter(.drained))
  }

  /// Waits for a notification of the group, half a minute at most, so that a lock which never opens fails the test.
  private func wait(for what: String, _ group: WorkerGroup, until condition: () -> Bool) throws {
    let deadline = monotonicNow() + 30_000_000_000
    while !condition() {
      var descriptor = pollfd(fd: group.notification, events: Int16(POLLIN), revents: 0)
      _ = poll(&descriptor, 1, 100)
      group.acknowledge()
      guard monotonicNow() < deadline else { throw TrialTimeout(waitedFor: what) }
    }
  }
}

/// The workers did not get on.
struct TrialTimeout: Error {
  var waitedFor: String
}

/// What a short trial showed.
struct TrialOutcome {
  let workload: any Workload
  let workers: Int
  let initial: [Int64]
  let memory: TrialMemory
  let collected: CollectedEvidence

  var total: Tally { collected.total }

  var checks: [CheckResult] {
    check(
      workload,
      Evidence(
        initial: initial, final: memory.values, ledger: collected.ledger, total: total,
        duplicates: collected.duplicates(initial: initial, falling: workload.changes.lowerBound < 0),
        tokens: 1...Int64(workers)))
  }

  var verdict: Verdict { checks.map(\.verdict).max() ?? .unknown }
  var kinds: Set<Violation.Kind> { Set(checks.flatMap(\.violations).map(\.kind)) }

  /// The sums that must hold in every trial: every operation has one outcome, every attempt one class.
  func expectCountsAddUp(sourceLocation: SourceLocation = #_sourceLocation) {
    let total = self.total
    #expect(collected.startedOperations == total[.started], sourceLocation: sourceLocation)
    #expect(total.outcomes == total[.started], sourceLocation: sourceLocation)
    #expect(total.openAttempts == 0, sourceLocation: sourceLocation)
  }
}
