import Checking
import Glibc
import Model
import Runtime
import Testing
import Workloads

@testable import PostgresStrategies

/// A short trial against the private server, inside the test process: what to run.
struct PostgresTrial {
  var strategy: String
  var options: [String: OptionValue] = [:]
  var workload: WorkloadSettings
  var workers = 8
  var operations = 800
  var retry = RetryPolicy()
  var namespace = PostgresServer.makeNamespace()

  init(_ strategy: String, _ kind: String, keys: Int = 1, _ options: [String: OptionValue] = [:]) {
    self.strategy = strategy
    workload = WorkloadSettings(kind: kind, keys: keys, options: Options([], stated: options))
    retry.cap = .milliseconds(20)
  }

  /// Runs all operations, one thread per worker, does what a driver does around a trial, and removes the table.
  ///
  /// - Parameter disturb: called while the workers run.
  func run(
    _ entry: StrategyEntry? = nil, disturb: (AdministrationConnection) throws -> Void = { _ in }
  ) throws -> PostgresOutcome {
    let entry = try entry ?? #require(PostgresRegistry.strategies.first { $0.descriptor.id == strategy })
    let workload = try #require(WorkloadRegistry.make(workload))
    let initial = (0..<workload.recordCount).map(workload.initialValue)
    let memory = try makeMemory(workload, initial)
    let options = Options(entry.descriptor.options, stated: options)
    let administration = try PostgresRegistry.administration(url: PostgresServer.url, namespace: namespace)
    try administration.prepare(values: initial)
    let body = try entry.prepare(
      StrategyEnvironment(
        options: options, records: memory.records, workers: workers, endpoints: ["postgres": PostgresServer.url],
        namespace: namespace))
    let group = try WorkerGroup(assignment(memory.layout, workload, options), memory: memory, body: body)
    try drive(group, memory, disturb)
    try administration.settle(within: .seconds(10))
    let isInMemory = entry.descriptor.store == "memory"
    let outcome = PostgresOutcome(
      workload: workload, workers: workers, initial: initial, memory: memory,
      final: isInMemory ? memory.values : try administration.values(), counts: try administration.counts(),
      crossChecks: try administration.crossChecks(PostgresOutcome.total(memory)))
    try administration.remove()
    return outcome
  }

  private func makeMemory(_ workload: any Workload, _ initial: [Int64]) throws -> TrialMemory {
    let rings = (0..<workers).map { thread in
      var random = RandomSource(seed: 7, stream: UInt64(1000 + thread))
      return workload.operations(count: 256, using: &random)
    }
    let memory = try TrialMemory(
      TrialLayout(
        records: workload.recordCount, threads: workers, workers: workers, ringLength: 256,
        stepsPerOperation: rings.joined().map(\.steps.count).max() ?? 1, comparesValues: true))
    memory.setInitialValues(initial)
    for (thread, ring) in rings.enumerated() { memory.setOperations(ring, ofThread: thread) }
    return memory
  }

  private func assignment(_ layout: TrialLayout, _ workload: any Workload, _ options: Options) -> Assignment {
    var load = LoadSettings()
    load.operations = operations
    load.duration = nil
    let watched = workload.invariants.compactMap(WatchedInvariant.init)
    return Assignment(
      layout: layout, workers: 0..<workers, threads: 0..<workers, strategy: strategy, over: nil, options: options,
      endpoints: [:], namespace: namespace, workload: self.workload, load: load, retry: retry, seed: 7,
      watched: watched, samplingInterval: 1, affinity: nil)
  }

  private func drive(
    _ group: WorkerGroup, _ memory: TrialMemory, _ disturb: (AdministrationConnection) throws -> Void
  ) throws {
    try wait(for: "sessions to open", group) { group.isOpen || group.setupFailure != nil }
    if let failure = group.setupFailure {
      group.start(at: nil)
      throw failure
    }
    _ = group.enter(.measured)
    group.start(at: monotonicNow())
    try disturb(PostgresServer.connect(namespace: namespace))
    do {
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
      guard monotonicNow() < deadline else { throw SetupFailure("waited in vain for \(what)") }
    }
  }
}

/// What a short trial showed.
struct PostgresOutcome {
  let workload: any Workload
  let workers: Int
  let initial: [Int64]
  let memory: TrialMemory
  let final: [Int64]
  let counts: [String: Int64]
  let crossChecks: [CrossCheck]

  static func total(_ memory: TrialMemory) -> Tally {
    Phase.allCases.reduce(into: Tally()) { $0 += memory.tally($1) }
  }

  var total: Tally { Self.total(memory) }

  var checks: [CheckResult] {
    check(
      workload,
      Evidence(
        initial: initial, final: final, ledger: memory.ledger, total: total, duplicates: memory.duplicates,
        tokens: 1...Int64(workers)))
  }

  var verdict: Verdict { checks.map(\.verdict).max() ?? .unknown }
  var kinds: Set<Violation.Kind> { Set(checks.flatMap(\.violations).map(\.kind)) }

  /// The sums that must hold in every trial: every operation has one outcome, every attempt one class.
  func expectCountsAddUp(sourceLocation: SourceLocation = #_sourceLocation) {
    let total = self.total
    #expect(memory.startedOperations == total[.started], sourceLocation: sourceLocation)
    #expect(total.outcomes == total[.started], sourceLocation: sourceLocation)
    #expect(total.openAttempts == 0, sourceLocation: sourceLocation)
    #expect(memory.firstError == nil, sourceLocation: sourceLocation)
  }

  /// The server counted what we counted. The names must be there: an empty list would agree with everything.
  func expectServerAgrees(sourceLocation: SourceLocation = #_sourceLocation) {
    #expect(crossChecks.map(\.name) == ["commits", "deadlocks", "rollbacks"], sourceLocation: sourceLocation)
    for crossCheck in crossChecks { #expect(crossCheck.agrees, "\(crossCheck)", sourceLocation: sourceLocation) }
  }
}
