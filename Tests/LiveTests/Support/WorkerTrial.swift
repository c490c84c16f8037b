import Glibc
import Model
import Runtime
import Testing
import Workloads

/// The workers of a short trial, inside the test process, and what a driver does around them.
struct WorkerTrial {
  let entry: StrategyEntry
  let endpoints: [String: String]
  let namespace: String
  let workload: WorkloadSettings
  let options: [String: OptionValue]
  let workers: Int
  var threads = 1
  let operations: Int
  let retry: RetryPolicy

  /// Runs all operations against a store, and removes everything.
  ///
  /// - Parameters:
  ///   - disturb: called while the workers run.
  ///   - inspect: called after they have ended, before everything is removed.
  func run(
    _ administration: any StoreAdministration, disturb: () throws -> Void, inspect: () throws -> Void = {}
  ) throws -> TrialOutcome {
    let workload = try #require(WorkloadRegistry.make(workload))
    let initial = (0..<workload.recordCount).map(workload.initialValue)
    let isInMemory = entry.descriptor.store == "memory"
    try administration.prepare(values: isInMemory ? [] : initial)
    let (group, memory) = try makeGroup(workload, initial)
    try drive(group, memory, disturb)
    try inspect()
    try administration.settle(within: .seconds(20))
    let outcome = TrialOutcome(
      workload: workload, workers: workers, initial: initial, memory: memory, collected: memory.collect(),
      final: isInMemory ? memory.values : try administration.values(), counts: try administration.counts(),
      crossChecks: try administration.crossChecks(TrialOutcome.total(memory)))
    try administration.remove()
    return outcome
  }

  /// Opens the sessions and sends the workers home; returns why a session could not be opened.
  func openingFailure() throws -> SetupFailure? {
    let workload = try #require(WorkloadRegistry.make(workload))
    let (group, _) = try makeGroup(workload, (0..<workload.recordCount).map(workload.initialValue))
    try wait(for: "sessions to open", group) { group.isOpen || group.setupFailure != nil }
    group.start(at: nil)
    try wait(for: "workers to end", group) { group.hasEnded }
    return group.setupFailure
  }

  private func makeGroup(
    _ workload: any Workload, _ initial: [Int64]
  ) throws -> (group: WorkerGroup, memory: TrialMemory) {
    let memory = try makeMemory(workload, initial)
    let options = Options(entry.descriptor.options, stated: options)
    let body = try entry.prepare(
      StrategyEnvironment(
        options: options, records: memory.records, workers: workers, endpoints: endpoints, namespace: namespace))
    let group = try WorkerGroup(
      assignment(memory.layout, workload, options), memory: memory,
      observers: workload.checkers.compactMap(\.observer), body: body)
    return (group, memory)
  }

  private func makeMemory(_ workload: any Workload, _ initial: [Int64]) throws -> TrialMemory {
    let rings = (0..<threads).map { thread in
      var random = RandomSource(seed: 7, stream: UInt64(1000 + thread))
      return workload.operations(count: 1024, using: &random)
    }
    let memory = try TrialMemory(
      TrialLayout(
        records: workload.recordCount, threads: threads, workers: workers, ringLength: 1024,
        stepsPerOperation: rings.joined().map(\.steps.count).max() ?? 1,
        comparesValues: entry.descriptor.returnsValues))
    memory.setInitialValues(initial)
    for (thread, ring) in rings.enumerated() { memory.setOperations(ring, ofThread: thread) }
    return memory
  }

  private func assignment(_ layout: TrialLayout, _ workload: any Workload, _ options: Options) -> Assignment {
    var load = LoadSettings()
    load.operations = operations
    load.duration = nil
    return Assignment(
      layout: layout, workers: 0..<workers, threads: 0..<threads, strategy: entry.descriptor.id, over: nil,
      options: options, endpoints: [:], namespace: namespace, workload: self.workload, load: load, retry: retry,
      seed: 7, watched: [], samplingInterval: 1, affinity: nil)
  }

  private func drive(_ group: WorkerGroup, _ memory: TrialMemory, _ disturb: () throws -> Void) throws {
    try wait(for: "sessions to open", group) { group.isOpen || group.setupFailure != nil }
    if let failure = group.setupFailure {
      group.start(at: nil)
      throw failure
    }
    _ = group.enter(.measured)
    group.start(at: monotonicNow())
    do {
      try disturb()
      try wait(for: "workers to end", group) { group.hasEnded }
    } catch {
      _ = group.enter(.drained)
      throw error
    }
    memory.settleOpenOperations(windowEnd: group.enter(.drained))
  }

  /// Waits for a notification of the group, a minute at most, so that a lock which is never granted fails the test.
  private func wait(for what: String, _ group: WorkerGroup, until condition: () -> Bool) throws {
    let deadline = monotonicNow() + 60_000_000_000
    while !condition() {
      var descriptor = pollfd(fd: group.notification, events: Int16(POLLIN), revents: 0)
      _ = poll(&descriptor, 1, 100)
      group.acknowledge()
      guard monotonicNow() < deadline else { throw SetupFailure("waited a minute for \(what)") }
    }
  }
}
