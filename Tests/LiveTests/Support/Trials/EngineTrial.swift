import Engine
import Model
import Runtime
import StrategyCatalog
import Testing
import TrialSupport

/// A short trial through the engine, in worker processes of the built program: what to run.
struct EngineTrial {
  var planned: TrialCase
  /// The store that a lock protects, where it is not its own.
  var over: String?
  /// Options of the strategy that are not at their defaults.
  var options: [String: OptionValue]
  var workers = 8
  var processes = 1
  var operations = 200
  var hold = Duration.zero
  /// Servers that are not to be started, by service.
  var urls: [String: String] = [:]
  /// What else is to be said of the variant.
  var adjust: (inout Variant) -> Void = { _ in }

  init(_ planned: TrialCase, over store: String? = nil, workers: Int = 8, processes: Int = 1, operations: Int = 200) {
    self.planned = planned
    over = store
    options = planned.options
    self.workers = workers
    self.processes = processes
    self.operations = operations
  }

  /// The settings of a workload with everything that is not stated at its default.
  init(
    _ strategy: String, over store: String? = nil, _ kind: String = "counter", keys: Int = 1,
    _ options: [String: OptionValue] = [:], workers: Int = 8, processes: Int = 1, operations: Int = 200
  ) {
    let workload = WorkloadSettings(kind: kind, keys: keys, options: Options([], stated: options))
    self.init(
      TrialCase(strategy, workload), over: store, workers: workers, processes: processes, operations: operations)
  }

  func scenario() throws -> Scenario {
    var scenario = try TestRun.scenario(
      planned.workload.kind, keys: planned.workload.keys, options: planned.workload.options.values,
      strategies: [planned.strategy], workers: workers
    ) { variant in
      variant.load.processes = processes
      variant.load.duration = nil
      variant.load.operations = operations
      variant.load.warmup = .zero
      variant.workload.hold = hold
      variant.retry.deadline = .seconds(60)
      adjust(&variant)
    }
    let descriptor = try #require(StrategyCatalog.entry(id: planned.strategy, over: over)?.descriptor)
    scenario.strategies[0].over = over
    scenario.strategies[0].options = Options(descriptor.options, stated: options)
    for (service, url) in urls { scenario.services.locations[service] = .url(url) }
    return scenario
  }

  /// Runs it to its end.
  func run(
    sourceLocation: SourceLocation = #_sourceLocation, onProgress: @escaping (LiveView) -> Void = { _ in }
  ) throws -> TrialResult {
    let results = try TestRun.run(scenario(), onProgress: onProgress)
    let result = try #require(results.first, sourceLocation: sourceLocation)
    #expect(result.failure == nil, sourceLocation: sourceLocation)
    #expect(result.total.openOperations == 0 && result.total.openAttempts == 0, sourceLocation: sourceLocation)
    return result
  }
}
