@preconcurrency internal import Glibc
public import Model
public import Runtime
public import Services

/// What a run tells while it goes on. Called on the thread that called ``Run/execute(_:)``.
public protocol RunObserver {
  /// The servers are up and described; the first trial follows.
  mutating func willStart(_ plan: Plan, servers: [String: ServerDescription], endpoints: [Endpoint]) throws
  /// A trial starts.
  mutating func willRun(_ trial: PlannedTrial)
  /// Several times a second while it runs.
  mutating func isRunning(_ trial: PlannedTrial, _ view: LiveView)
  /// A trial has ended. An error ends the run.
  mutating func didRun(_ result: TrialResult) throws
}

/// Everything left of `results/`: services up, trials in their planned order, services down.
public struct Run {
  private let scenario: Scenario
  private let executable: String
  private let interruption: Int32
  private let launchOptions: LaunchOptions

  /// Prepares a run.
  ///
  /// - Parameters:
  ///   - executable: this program, which is started again for worker processes (`worker`) and guards (`guard`).
  ///   - interruption: a descriptor that becomes readable when the user wants to stop; -1 for none.
  public init(_ scenario: Scenario, executable: String, interruption: Int32) {
    self.scenario = scenario
    self.executable = executable
    self.interruption = interruption
    var options = LaunchOptions()
    options.guardExecutable = executable
    options.maximumClients = max(128, 3 * (scenario.workers.max() ?? 1) + 32)
    launchOptions = options
  }

  /// Runs all trials. Whatever happens, nothing is left behind on any server and no process stays.
  ///
  /// - Throws: ``EngineFailure``, or what the observer threw.
  public func execute(_ observer: inout some RunObserver) throws {
    let services = Self.services(of: scenario)
    let pool = ServicePool(settings: scenario.services, options: launchOptions)
    defer { pool.stop() }
    let endpoints: [Endpoint]
    do throws(ServiceFailure) {
      endpoints = try pool.start(services)
    } catch {
      throw EngineFailure(.serviceUnavailable, error.message)
    }
    let stores = StoreAdministrations(namespace: Self.makeNamespace(), pool: pool)
    do {
      try runTrials(&observer, services, endpoints, pool, stores)
    } catch {
      _ = stores.remove()
      throw error
    }
    if let left = stores.remove().first { throw EngineFailure(.serviceUnavailable, "could not clean up: \(left)") }
  }

  private func runTrials(
    _ observer: inout some RunObserver, _ services: [String], _ endpoints: [Endpoint], _ pool: ServicePool,
    _ stores: StoreAdministrations
  ) throws {
    let plan = Plan(scenario)
    let servers: [String: ServerDescription]
    do throws(SetupFailure) {
      servers = try stores.describe(services)
    } catch {
      throw EngineFailure(.serviceUnavailable, error.message)
    }
    try observer.willStart(plan, servers: servers, endpoints: endpoints)
    let monitor = MachineMonitor { pool.running.reduce(0) { $0 + $1.cpuSeconds() } }
    let runner = TrialRunner(
      scenario: scenario, executable: executable, stores: stores, monitor: monitor, interruption: interruption)
    var placement = Placement.free
    for trial in plan.trials {
      guard let variant = scenario.variants.first(where: { $0.name == trial.cell.variant }) else {
        throw EngineFailure(.internal, "no variant \(trial.cell.variant)")
      }
      if variant.load.pin != placement {
        placement = variant.load.pin
        for service in pool.running { service.pin(to: Placements.servers(placement)) }
      }
      observer.willRun(trial)
      var progress = observer
      let result = try runner.run(trial, variant) { progress.isRunning(trial, $0) }
      guard let result else { throw EngineFailure(.interrupted, "interrupted") }
      if let dead = pool.running.lazy.compactMap({ $0.hasDied() }).first {
        throw EngineFailure(.serviceUnavailable, dead)
      }
      try observer.didRun(result)
    }
  }

  /// The services that the strategies of a scenario need, each once.
  public static func services(of scenario: Scenario) -> [String] {
    var names: [String] = []
    for selection in scenario.strategies {
      for name in TrialSetup.services(of: selection) where !names.contains(name) { names.append(name) }
    }
    return names
  }

  /// Unique on a server that many runs use: letters, digits and `_`.
  private static func makeNamespace() -> String {
    var random = SystemRandomNumberGenerator()
    let text = String(random.next(), radix: 36)
    return "contend_" + String(repeating: "0", count: max(0, 13 - text.count)) + text
  }
}
