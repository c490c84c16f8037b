import Glibc
import Model
import Runtime
import Testing
import Workloads

@testable import RedisStrategies

/// A short trial against the private server, inside the test process: what to run.
struct RedisTrial {
  var strategy: String
  var options: [String: OptionValue] = [:]
  var workload: WorkloadSettings
  var workers = 8
  var operations = 2000
  var retry = RetryPolicy()
  var namespace = RedisServer.makeNamespace()

  init(_ strategy: String, _ kind: String, keys: Int = 1, _ options: [String: OptionValue] = [:]) {
    self.strategy = strategy
    workload = WorkloadSettings(kind: kind, keys: keys, options: Options([], stated: options))
    retry.base = .microseconds(50)
    retry.cap = .milliseconds(5)
  }

  /// Runs all operations on one thread, does what a driver does around a trial, and removes the keys.
  ///
  /// - Parameters:
  ///   - url: the server; the private one unless stated.
  ///   - disturb: called while the workers run, with a session of its own and the namespace.
  func run(
    _ entry: StrategyEntry? = nil, url: String? = nil,
    disturb: (borrowing AdministrationConnection, String) throws -> Void = { _, _ in }
  ) throws -> TrialOutcome {
    let url = try url ?? RedisServer.url
    let entry = try entry ?? #require(RedisRegistry.strategies.first { $0.descriptor.id == strategy })
    let workload = try #require(WorkloadRegistry.make(workload))
    let initial = (0..<workload.recordCount).map(workload.initialValue)
    let memory = try makeMemory(workload, initial)
    let options = Options(entry.descriptor.options, stated: options)
    let isInMemory = entry.descriptor.store == "memory"
    let administration = try RedisRegistry.administration(url: url, namespace: namespace)
    try administration.prepare(values: isInMemory ? [] : initial)
    let body = try entry.prepare(
      StrategyEnvironment(
        options: options, records: memory.records, workers: workers, endpoints: ["redis": url],
        namespace: namespace))
    let group = try WorkerGroup(assignment(memory.layout, workload, options), memory: memory, body: body)
    try drive(group, memory, disturb)
    try administration.settle(within: .seconds(10))
    let outcome = TrialOutcome(
      workload: workload, workers: workers, initial: initial, memory: memory,
      final: isInMemory ? memory.values : try administration.values(),
      crossChecks: try administration.crossChecks(TrialOutcome.total(memory)))
    try administration.remove()
    return outcome
  }

  /// Opens the sessions at a server and sends the workers home; returns why a session could not be opened.
  func openingFailure(_ url: String) throws -> SetupFailure? {
    let entry = try #require(RedisRegistry.strategies.first { $0.descriptor.id == strategy })
    let workload = try #require(WorkloadRegistry.make(workload))
    let memory = try makeMemory(workload, (0..<workload.recordCount).map(workload.initialValue))
    let options = Options(entry.descriptor.options, stated: options)
    let body = try entry.prepare(
      StrategyEnvironment(
        options: options, records: memory.records, workers: workers, endpoints: ["redis": url], namespace: namespace))
    let group = try WorkerGroup(assignment(memory.layout, workload, options), memory: memory, body: body)
    try wait(for: "sessions to open", group) { group.isOpen || group.setupFailure != nil }
    group.start(at: nil)
    try wait(for: "workers to end", group) { group.hasEnded }
    return group.setupFailure
  }

  private func makeMemory(_ workload: any Workload, _ initial: [Int64]) throws -> TrialMemory {
    var random = RandomSource(seed: 7, stream: 1000)
    let ring = workload.operations(count: 1024, using: &random)
    let memory = try TrialMemory(
      TrialLayout(
        records: workload.recordCount, threads: 1, workers: workers, ringLength: 1024,
        stepsPerOperation: ring.map(\.steps.count).max() ?? 1, comparesValues: true))
    memory.setInitialValues(initial)
    memory.setOperations(ring, ofThread: 0)
    return memory
  }

  private func assignment(_ layout: TrialLayout, _ workload: any Workload, _ options: Options) -> Assignment {
    var load = LoadSettings()
    load.operations = operations
    load.duration = nil
    let watched = workload.invariants.compactMap(WatchedInvariant.init)
    return Assignment(
      layout: layout, workers: 0..<workers, threads: 0..<1, strategy: strategy, over: nil, options: options,
      endpoints: [:], namespace: namespace, workload: self.workload, load: load, retry: retry, seed: 7,
      watched: watched, samplingInterval: 1, affinity: nil)
  }

  private func drive(
    _ group: WorkerGroup, _ memory: TrialMemory,
    _ disturb: (borrowing AdministrationConnection, String) throws -> Void
  ) throws {
    try wait(for: "sessions to open", group) { group.isOpen || group.setupFailure != nil }
    if let failure = group.setupFailure {
      group.start(at: nil)
      throw failure
    }
    _ = group.enter(.measured)
    group.start(at: monotonicNow())
    do {
      try disturb(RedisServer.connect(), namespace)
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

extension TrialOutcome {
  /// The server ran exactly the commands that we counted. The name must be there: an empty list agrees with everything.
  func expectServerAgrees(sourceLocation: SourceLocation = #_sourceLocation) {
    #expect(crossChecks.map(\.name) == ["commands"], sourceLocation: sourceLocation)
    for crossCheck in crossChecks {
      #expect(crossCheck.client == crossCheck.server, "\(crossCheck)", sourceLocation: sourceLocation)
      #expect(crossCheck.server > 0, sourceLocation: sourceLocation)
    }
  }
}
