import Model
import Runtime
import Testing

@testable import PostgresStrategies

/// A short trial against the private server, with a thread per worker: what to run.
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

  /// Runs all operations, and removes the table.
  ///
  /// - Parameter disturb: called while the workers run, with a session of its own.
  func run(
    _ entry: StrategyEntry? = nil, disturb: (AdministrationConnection) throws -> Void = { _ in }
  ) throws -> TrialOutcome {
    let entry = try entry ?? #require(PostgresRegistry.strategies.first { $0.descriptor.id == strategy })
    let trial = WorkerTrial(
      entry: entry, endpoints: ["postgres": try PostgresServer.url], namespace: namespace, workload: workload,
      options: options, workers: workers, threads: workers, operations: operations, retry: retry)
    let administration = try PostgresRegistry.administration(url: PostgresServer.url, namespace: namespace)
    return try trial.run(administration) { try disturb(PostgresServer.connect(namespace: namespace)) }
  }
}
