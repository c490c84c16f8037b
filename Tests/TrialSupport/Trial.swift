package import Model
package import Runtime
internal import Testing
internal import Workloads

/// A short trial whose workers run inside the test process: what to run, and where.
package struct Trial {
  package var entry: StrategyEntry
  /// Options of the strategy that are not at their defaults.
  package var options: [String: OptionValue] = [:]
  package var workload: WorkloadSettings
  package var workers = 8
  /// Over all workers.
  package var operations = 300
  package var retry = RetryPolicy()
  /// Arrivals per second over all workers; nil for a closed loop.
  package var rate: Double?
  /// How arrivals of an open loop are spread.
  package var arrivals = ArrivalPattern.poisson
  /// Whether each thread has a time of its own, which passes only while it waits; see `VirtualClock`.
  package var isInVirtualTime = false
  /// One operation in this many is timed.
  package var samplingInterval = 1
  package var seed: UInt64 = 7
  /// The servers that the strategy needs; none in memory.
  package var servers: [TrialServer] = []
  /// Schema or key prefix, which no other trial has.
  package var namespace = makeNamespace()

  /// The settings of a workload with everything that is not stated at its default.
  package init(
    _ entry: StrategyEntry, _ kind: String = "counter", keys: Int = 1, _ options: [String: OptionValue] = [:]
  ) {
    self.init(entry, WorkloadSettings(kind: kind, keys: keys, options: Options([], stated: options)))
  }

  package init(_ entry: StrategyEntry, _ workload: WorkloadSettings) {
    self.entry = entry
    self.workload = workload
  }

  /// A namespace that no other test uses.
  package static func makeNamespace() -> String { "test_\(UInt32.random(in: 0 ... .max))" }

  /// Runs all operations, and removes everything from the servers.
  ///
  /// - Parameters:
  ///   - disturb: called while the workers run.
  ///   - inspect: called after they have ended, before everything is removed.
  package func run(disturb: () throws -> Void = {}, inspect: () throws -> Void = {}) throws -> TrialOutcome {
    let workload = try #require(WorkloadRegistry.make(workload))
    let initial = (0..<workload.recordCount).map(workload.initialValue)
    let store = entry.descriptor.store
    let administrations = try servers.map { (service: $0.service, server: try $0.administration(namespace)) }
    for (service, server) in administrations { try server.prepare(values: service == store ? initial : []) }
    let workers = try TrialWorkers(self, workload, initial)
    let start = try workers.run(disturb)
    try inspect()
    for (_, server) in administrations { try server.settle(within: .seconds(20)) }
    let collected = workers.memory.collect(windowOpened: start)
    let storing = administrations.first { $0.service == store }?.server
    // Of two servers each counts a part of the statements only.
    let counting = administrations.count == 1 ? administrations[0].server : nil
    let outcome = TrialOutcome(
      workload: workload, workers: self.workers, initial: initial, memory: workers.memory, collected: collected,
      final: try storing?.values() ?? workers.memory.values, counts: try counting?.counts() ?? [:],
      crossChecks: try counting?.crossChecks(collected.total) ?? [])
    for (_, server) in administrations { try server.remove() }
    return outcome
  }

  /// Opens the sessions and sends the workers home; returns why a session could not be opened.
  package func openingFailure() throws -> SetupFailure? {
    let workload = try #require(WorkloadRegistry.make(workload))
    do {
      let workers = try TrialWorkers(self, workload, (0..<workload.recordCount).map(workload.initialValue))
      return try workers.open()
    } catch let failure as SetupFailure {
      return failure
    }
  }
}

/// A server of a trial.
package struct TrialServer {
  package let service: String
  /// Where the workers connect.
  package var url: String
  /// Opens what the driver does with it, under a namespace.
  package let administration: (_ namespace: String) throws -> any StoreAdministration

  package init(
    _ service: String, url: String, administration: @escaping (_ namespace: String) throws -> any StoreAdministration
  ) {
    self.service = service
    self.url = url
    self.administration = administration
  }
}
