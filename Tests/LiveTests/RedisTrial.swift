import Model
import Runtime
import Testing

@testable import RedisStrategies

/// A short trial against the private server, on one thread: what to run.
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

  private func trial(_ entry: StrategyEntry?, _ url: String) throws -> WorkerTrial {
    let entry = try entry ?? #require(RedisRegistry.strategies.first { $0.descriptor.id == strategy })
    return WorkerTrial(
      entry: entry, endpoints: ["redis": url], namespace: namespace, workload: workload, options: options,
      workers: workers, operations: operations, retry: retry)
  }

  /// Runs all operations, and removes the keys.
  ///
  /// - Parameters:
  ///   - url: the server; the private one unless stated.
  ///   - disturb: called while the workers run, with a session of its own and the namespace.
  func run(
    _ entry: StrategyEntry? = nil, url: String? = nil,
    disturb: (borrowing AdministrationConnection, String) throws -> Void = { _, _ in }
  ) throws -> TrialOutcome {
    let url = try url ?? RedisServer.url
    let administration = try RedisRegistry.administration(url: url, namespace: namespace)
    return try trial(entry, url).run(administration) { try disturb(RedisServer.connect(), namespace) }
  }

  /// Opens the sessions at a server and sends the workers home; returns why a session could not be opened.
  func openingFailure(_ url: String) throws -> SetupFailure? { try trial(nil, url).openingFailure() }
}
