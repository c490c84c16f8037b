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

/// A short trial of any strategy against any server, on one thread: what to run.
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

  /// Runs all operations; see ``WorkerTrial/run(_:disturb:inspect:)``.
  func run(disturb: () throws -> Void = {}, inspect: () throws -> Void = {}) throws -> TrialOutcome {
    let trial = WorkerTrial(
      entry: entry, endpoints: [service: url], namespace: namespace, workload: workload, options: options,
      workers: workers, operations: operations, retry: retry)
    return try trial.run(administration, disturb: disturb, inspect: inspect)
  }
}
