import Engine
import Foundation
import Glibc
import Model
import Runtime
import Services
import StrategyCatalog
import Workloads

/// Runs small scenarios through the engine, with the built program as worker and guard.
struct TestRun: RunObserver {
  var results: [TrialResult] = []
  var servers: [String: ServerDescription] = [:]
  var onProgress: (LiveView) -> Void = { _ in }

  /// The built program; it lies beside the test bundle.
  static let contend: String = {
    let bundle = Bundle.allBundles.map(\.bundleURL).first { $0.pathExtension == "xctest" }
    let folder = (bundle ?? URL(fileURLWithPath: "/proc/self/exe").resolvingSymlinksInPath())
      .deletingLastPathComponent()
    return folder.appendingPathComponent("contend").path
  }()

  mutating func willStart(_ plan: Plan, servers: [String: ServerDescription], endpoints: [Endpoint]) {
    self.servers = servers
  }
  mutating func willRun(_ trial: PlannedTrial) {}
  mutating func isRunning(_ trial: PlannedTrial, _ view: LiveView) { onProgress(view) }
  mutating func didRun(_ result: TrialResult) { results.append(result) }

  /// A scenario with one variant, one repetition and one load point, changed by `adjust`.
  static func scenario(
    _ workload: String, keys: Int = 1, options: [String: OptionValue] = [:], strategies: [String], workers: Int = 4,
    adjust: (inout Variant) -> Void = { _ in }
  ) throws -> Scenario {
    guard let descriptor = WorkloadRegistry.descriptors.first(where: { $0.id == workload }) else {
      throw EngineFailure(.internal, "no workload \(workload)")
    }
    let selections = try strategies.map { id in
      guard let strategy = StrategyCatalog.entry(id: id, over: nil)?.descriptor else {
        throw EngineFailure(.internal, "no strategy \(id)")
      }
      // What is a program of the user's is one that keeps its promises.
      return StrategySelection(
        id: id, options: Options(strategy.options),
        adapter: strategy.takesProgram ? AdapterSettings(builtIn: "exclusive") : nil)
    }
    var load = LoadSettings()
    load.workers = [workers]
    load.repetitions = 1
    load.remeasure = 0
    load.duration = .milliseconds(400)
    load.warmup = .milliseconds(50)
    var variant = Variant(
      workload: WorkloadSettings(kind: workload, keys: keys, options: Options(descriptor.options, stated: options)),
      load: load, retry: RetryPolicy())
    adjust(&variant)
    return Scenario(
      name: "test", workload: variant.workload, load: variant.load, retry: variant.retry, strategies: selections)
  }

  /// Runs a scenario to its end.
  static func run(
    _ scenario: Scenario, program: String = contend, interruption: Int32 = -1,
    onProgress: @escaping (LiveView) -> Void = { _ in }
  ) throws -> [TrialResult] {
    var observer = TestRun()
    observer.onProgress = onProgress
    try Run(scenario, executable: program, interruption: interruption).execute(&observer)
    return observer.results
  }

  /// Gives the program a name of its own, by which a test tells its worker processes from those of tests beside it.
  static func withOwnProgram<Result>(_ body: (String) throws -> Result) throws -> Result {
    let link = FileManager.default.temporaryDirectory.appendingPathComponent("contend-\(UUID().uuidString)")
    try FileManager.default.createSymbolicLink(atPath: link.path, withDestinationPath: contend)
    defer { try? FileManager.default.removeItem(at: link) }
    return try body(link.path)
  }

  /// The worker processes that were started under a name and that are still there.
  static func workerProcesses(of program: String) -> [pid_t] {
    let all = (try? FileManager.default.contentsOfDirectory(atPath: "/proc")) ?? []
    return all.compactMap { pid_t($0) }.filter { process in
      guard let stat = try? String(contentsOfFile: "/proc/\(process)/stat", encoding: .utf8),
        let command = try? String(contentsOfFile: "/proc/\(process)/cmdline", encoding: .utf8),
        let end = stat.lastIndex(of: ")")
      else { return false }
      let fields = stat[stat.index(after: end)...].split(separator: " ")
      return fields.count > 1 && Int32(fields[1]) == getpid() && command.hasPrefix("\(program)\0worker\0")
    }
  }
}
