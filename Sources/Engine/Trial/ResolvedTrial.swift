public import Model
internal import Runtime
internal import StrategyCatalog
internal import Workloads

/// A trial with everything that its scenario, the catalogue of strategies and the registry of workloads say about it.
///
/// This is the one place that asks them: whoever takes part in a trial is handed it and looks nothing up.
public struct ResolvedTrial: Sendable {
  /// Its place in the plan.
  public internal(set) var planned: PlannedTrial
  /// The strategy as the scenario selects it.
  public let selection: StrategySelection
  /// What the strategy is, over the store that the scenario puts it over.
  public let descriptor: StrategyDescriptor
  /// What happens once its workers are gone.
  let aftermath: Aftermath?
  /// How many workers, for how long; a gate measures shorter windows than the scenario asks for.
  public var load: LoadSettings
  /// What is done to it while it runs.
  public var faults: [PlannedFault] = []
  let settings: WorkloadSettings
  let workload: any Workload
  let retry: RetryPolicy
  /// How far away its services are to seem, by name.
  let distances: [String: Distance]
  /// What the trial was resolved from.
  let scenario: Scenario

  /// Looks everything up.
  ///
  /// - Throws: when the scenario has no such variant, or this program no such workload or strategy, or the strategy
  ///   cannot run the workload: readers of scenarios have told the user before.
  public init(_ planned: PlannedTrial, of scenario: Scenario) throws(EngineFailure) {
    try self.init(planned, of: scenario, withFaults: true)
  }

  init(_ planned: PlannedTrial, of scenario: Scenario, withFaults: Bool) throws(EngineFailure) {
    guard let variant = scenario.variants.first(where: { $0.name == planned.cell.variant }) else {
      throw EngineFailure(.internal, "no variant \(planned.cell.variant)")
    }
    selection = scenario.strategies[planned.strategyIndex]
    let entry = try selection.entry
    var settings = variant.workload
    settings.script = settings.script?.selected(by: selection, on: selection.over ?? entry.descriptor.store)
    guard let workload = WorkloadRegistry.make(settings) else {
      throw EngineFailure(.internal, "no workload \(variant.workload.kind)")
    }
    self.planned = planned
    self.scenario = scenario
    self.workload = workload
    descriptor = entry.descriptor
    aftermath = entry.aftermath
    guard descriptor.covers(workload.applicability) else {
      throw EngineFailure(.internal, "strategy \(selection.id) cannot run workload \(variant.workload.kind)")
    }
    load = variant.load
    self.settings = settings
    let services = selection.services(of: descriptor, shards: variant.workload.shards)
    distances = variant.distances.filter { services.contains($0.key) }
    // Where a policy is swept, one of its variants may well be the default.
    let isStated = scenario.variants.contains { $0.retry != RetryPolicy() }
    let isInProcess = descriptor.isInProcess(over: selection.over)
    retry = selection.retry ?? (isInProcess && !isStated ? .immediate : variant.retry)
    guard withFaults else { return }
    for (position, settings) in scenario.faults.enumerated() {
      do throws(FaultFailure) { faults.append(try FaultRegistry.plan(settings, at: position, in: self)) } catch {
        throw EngineFailure(.internal, "fault \(settings.kind): strategy \(selection.label): \(error.message)")
      }
    }
  }

  /// The store that holds the records.
  var store: String { selection.over ?? descriptor.store }
  /// The services that it needs.
  var services: [String] { selection.services(of: descriptor, shards: settings.shards) }
  /// How the records are spread over databases; nil when they lie in one store.
  var sharding: Sharding? { descriptor.sharding(over: selection.over, shards: settings.shards) }
  /// Those of them that somebody else answers: an embedded one is a library.
  var servers: [String] {
    let embedded = StrategyCatalog.services.filter(\.isEmbedded).map(\.name)
    return services.filter { !embedded.contains($0) }
  }
  /// Whether an operation is done within the process, by a thread that may be blocked: tens of nanoseconds.
  var isInProcess: Bool { descriptor.isInProcess(over: selection.over) }
  /// Over how many hosts the workers are spread.
  public var hosts: Int { min(load.hosts, planned.cell.workers) }
  /// Over how many processes the workers of all hosts are spread: as many on each.
  public var processes: Int { hosts * processesPerHost }
  /// Over how many processes those of one host are.
  var processesPerHost: Int { min(load.processes, planned.cell.workers / hosts) }
  /// What transactions over lists are judged by: what the workload asks for, else what the strategy promises.
  var isolation: Isolation { workload.lists?.isolation ?? promisedIsolation }
  private var promisedIsolation: Isolation { descriptor.lists?.isolation(selection.options) ?? .serializable }
  /// What a violation would mean. Who is asked for more than it promises may fail to keep it.
  public var grade: Grade {
    guard workload.lists != nil, let promise = descriptor.lists else { return descriptor.grade(processes: processes) }
    return promise.grade == .required || promisedIsolation.implies(isolation) ? promise.grade : .interesting
  }
  /// What the result is expected to show: what the scenario says, else what the grade means.
  public var expectation: Expectation { selection.expectation ?? Expectation(grade) }
}

extension StrategySelection {
  /// The selected strategy.
  fileprivate var entry: StrategyEntry {
    get throws(EngineFailure) {
      if let entry = StrategyCatalog.entry(id: id, over: over) { return entry }
      throw EngineFailure(.internal, "no strategy \(id) over \(over ?? "its own store")")
    }
  }
}

extension Scenario {
  /// The services that the strategies need, each once.
  ///
  /// - Throws: when this program has no such strategy.
  public func services() throws(EngineFailure) -> [String] {
    var names: [String] = []
    for selection in strategies {
      let descriptor = try selection.entry.descriptor
      for shards in Set(variants.map(\.workload.shards)).sorted() {
        for name in selection.services(of: descriptor, shards: shards) where !names.contains(name) {
          names.append(name)
        }
      }
    }
    return names
  }
}

extension StrategyDescriptor {
  fileprivate func isInProcess(over store: String?) -> Bool {
    threading == .perWorker && (store ?? self.store) == "memory"
  }
}

extension Expectation {
  /// What is expected of a strategy of which the scenario says nothing.
  fileprivate init(_ grade: Grade) {
    self =
      switch grade {
      case .forbidden: .pass
      case .interesting: .any
      case .required: .violation
      }
  }
}
