import Glibc
import Model
import Runtime
import Services
import Testing
import Workloads

/// The private servers of these tests: each started when first needed, gone with the test process.
enum PrivateService {
  private static let pool = Locked(initial: makePool())

  private static func makePool() -> ServicePool {
    var options = LaunchOptions()
    options.guardExecutable = TestRun.contend
    return ServicePool(settings: ServiceSettings(), options: options)
  }

  /// Where the server of a service is.
  static func url(_ name: String) throws -> String { try pool.use { try $0.start([name])[0].url } }

  /// A namespace that no other test uses.
  static func makeNamespace() -> String { "test_\(UInt32.random(in: 0 ... .max))" }
}

/// Something that one thread uses at a time.
private final class Locked<Value>: @unchecked Sendable {  // because the value is used under the mutex only
  private let mutex = UnsafeMutablePointer<pthread_mutex_t>.allocate(capacity: 1)
  private let value: Value

  init(initial: Value) {
    value = initial
    pthread_mutex_init(mutex, nil)
  }

  func use<Result>(_ body: (Value) throws -> Result) rethrows -> Result {
    pthread_mutex_lock(mutex)
    defer { pthread_mutex_unlock(mutex) }
    return try body(value)
  }
}

/// A short trial of any strategy against any server, inside the test process, on one thread: what to run.
struct ServiceTrial {
  var entry: StrategyEntry
  let service: String
  var url: String
  let administration: any StoreAdministration
  var options: [String: OptionValue] = [:]
  var workload: WorkloadSettings
  var workers = 8
  var operations = 300
  var retry = RetryPolicy()
  let namespace: String

  /// - Parameters:
  ///   - url: where the workers connect; the private server unless stated.
  ///   - administration: opens that of the private server.
  init(
    _ service: String, _ entry: StrategyEntry?, _ kind: String, keys: Int = 1,
    _ workloadOptions: [String: OptionValue] = [:], url: String? = nil,
    administration: (String, String) throws -> any StoreAdministration
  ) throws {
    self.entry = try #require(entry)
    self.service = service
    namespace = PrivateService.makeNamespace()
    let privateURL = try PrivateService.url(service)
    self.url = url ?? privateURL
    self.administration = try administration(privateURL, namespace)
    workload = WorkloadSettings(kind: kind, keys: keys, options: Options([], stated: workloadOptions))
    retry.base = .microseconds(50)
    retry.cap = .milliseconds(5)
  }

  /// Runs all operations, does what a driver does around a trial, and removes everything.
  ///
  /// - Parameters:
  ///   - disturb: called while the workers run.
  ///   - inspect: called after they have ended, before everything is removed.
  func run(disturb: () throws -> Void = {}, inspect: () throws -> Void = {}) throws -> TrialOutcome {
    let workload = try #require(WorkloadRegistry.make(workload))
    let initial = (0..<workload.recordCount).map(workload.initialValue)
    let memory = try makeMemory(workload, initial)
    let options = Options(entry.descriptor.options, stated: options)
    let isInMemory = entry.descriptor.store == "memory"
    try administration.prepare(values: isInMemory ? [] : initial)
    let body = try entry.prepare(
      StrategyEnvironment(
        options: options, records: memory.records, workers: workers, endpoints: [service: url], namespace: namespace))
    let group = try WorkerGroup(assignment(memory.layout, workload, options), memory: memory, body: body)
    try drive(group, memory, disturb)
    try inspect()
    try administration.settle(within: .seconds(20))
    let outcome = TrialOutcome(
      workload: workload, workers: workers, initial: initial, memory: memory,
      final: isInMemory ? memory.values : try administration.values(),
      crossChecks: try administration.crossChecks(TrialOutcome.total(memory)))
    try administration.remove()
    return outcome
  }

  private func makeMemory(_ workload: any Workload, _ initial: [Int64]) throws -> TrialMemory {
    var random = RandomSource(seed: 7, stream: 1000)
    let ring = workload.operations(count: 1024, using: &random)
    let memory = try TrialMemory(
      TrialLayout(
        records: workload.recordCount, threads: 1, workers: workers, ringLength: 1024,
        stepsPerOperation: ring.map(\.steps.count).max() ?? 1, comparesValues: entry.descriptor.returnsValues))
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
      layout: layout, workers: 0..<workers, threads: 0..<1, strategy: entry.descriptor.id, over: nil, options: options,
      endpoints: [:], namespace: namespace, workload: self.workload, load: load, retry: retry, seed: 7,
      watched: watched, samplingInterval: 1, affinity: nil)
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
