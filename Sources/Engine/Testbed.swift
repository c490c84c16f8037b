@preconcurrency internal import Glibc
public import Model
public import Runtime
public import Services

/// Where trials of one scenario run one after the other: its services are up, and its stores are administered.
///
/// To be closed. To be used from one thread.
public final class Testbed {
  /// Where the services are.
  public let endpoints: [Endpoint]
  /// Versions and settings of the services, by name.
  public let servers: [String: ServerDescription]

  private let pool: ServicePool
  private let stores: StoreAdministrations
  private let runner: TrialRunner
  private var placement = Placement.free
  /// Nil when all servers are ours: then their guards remove them.
  private var sweepers: [SweeperProcess] = []
  private let fleet: Fleet?
  private let executable: String

  /// Starts the services, or connects to them.
  ///
  /// - Parameters:
  ///   - executable: this program, which is started again for worker processes (`worker`) and guards (`guard`).
  ///   - interruption: a descriptor that becomes readable when the user wants to stop; -1 for none.
  ///   - shared: managed services that another process has started for us.
  ///   - hosts: how further hosts come together where workers are to run on several; nil for this one alone.
  /// - Throws: when a service cannot be had or used. Nothing is left then.
  public init(
    _ scenario: Scenario, executable: String, interruption: Int32, shared: [SharedService] = [],
    hosts: FleetSettings? = nil
  ) throws(EngineFailure) {
    let services = try scenario.services()
    var options = Self.launchOptions(workers: scenario.workers, executable: executable)
    options.preparations = FaultRegistry.preparations(in: scenario)
    let pool = ServicePool(settings: scenario.services, options: options, shared: shared)
    let stores = StoreAdministrations(namespace: Self.makeNamespace(), pool: pool)
    do throws(ServiceFailure) {
      endpoints = try pool.start(services)
    } catch {
      pool.stop()
      throw EngineFailure(.serviceUnavailable, error.message)
    }
    do throws(SystemFailure) {
      sweepers = try Self.sweepers(of: stores.namespace, endpoints, executable)
    } catch {
      pool.stop()
      throw EngineFailure(.internal, "\(error)")
    }
    do throws(SetupFailure) {
      servers = try stores.describe(services)
      try stores.rehearse(services)
    } catch {
      _ = stores.remove()
      sweepers.forEach { $0.dismiss() }
      pool.stop()
      throw EngineFailure(.serviceUnavailable, error.message)
    }
    do throws(EngineFailure) {
      fleet = try Self.fleet(hosts, for: scenario, executable: executable, interruption: interruption)
    } catch {
      _ = stores.remove()
      sweepers.forEach { $0.dismiss() }
      pool.stop()
      throw error
    }
    let monitor = MachineMonitor { pool.running.reduce(0) { $0 + $1.cpuSeconds() } }
    runner = TrialRunner(
      executable: executable, stores: stores, monitor: monitor, interruption: interruption, fleet: fleet)
    self.executable = executable
    self.pool = pool
    self.stores = stores
  }

  /// Runs one trial of the scenario.
  ///
  /// - Parameter histories: the folder that keeps the history of its operations, which is made if need be; nil for none.
  /// - Throws: when this program failed or was interrupted. What goes wrong otherwise, the end of a server included, is
  ///   in the result: other trials may do without what it needed.
  public func run(
    _ trial: ResolvedTrial, histories: String? = nil, onProgress: @escaping (LiveView) -> Void = { _ in }
  ) throws(EngineFailure) -> TrialResult {
    if trial.load.pin != placement {
      placement = trial.load.pin
      for service in pool.running { service.pin(to: Placements.servers(placement)) }
    }
    guard let result = try runner.run(trial, histories: histories, onProgress: onProgress) else {
      throw EngineFailure(.interrupted, "interrupted")
    }
    if result.hosts?.lost.isEmpty == false { try renewNamespace() }
    return result
  }

  /// The host that was lost may still be alive and write.
  private func renewNamespace() throws(EngineFailure) {
    stores.renewNamespace()
    do throws(SystemFailure) {
      sweepers += try Self.sweepers(of: stores.namespace, endpoints, executable)
    } catch {
      throw EngineFailure(.internal, "\(error)")
    }
  }

  /// Removes everything from every server and stops those that we started. To be called once.
  ///
  /// - Throws: when something had to be left on a server.
  public func close() throws(EngineFailure) {
    fleet?.close()
    let left = stores.remove().first
    sweepers.forEach { $0.dismiss() }
    pool.stop()
    if let left { throw EngineFailure(.serviceUnavailable, "could not clean up: \(left)") }
  }

  /// None when all servers are ours: then their guards remove them.
  private static func sweepers(
    of namespace: String, _ endpoints: [Endpoint], _ executable: String
  ) throws(SystemFailure) -> [SweeperProcess] {
    let foreign = endpoints.filter { !$0.isManaged }.map { ($0.name, $0.url) }
    guard !foreign.isEmpty else { return [] }
    return [
      try SweeperProcess(executable: executable, namespace: namespace, servers: Dictionary(foreign) { $1 })
    ]
  }

  /// All hosts that any trial of the scenario needs; nil when they need one.
  private static func fleet(
    _ settings: FleetSettings?, for scenario: Scenario, executable: String, interruption: Int32
  ) throws(EngineFailure) -> Fleet? {
    let hosts = scenario.variants.map(\.load.hosts).max() ?? 1
    guard hosts > 1 else { return nil }
    guard let settings else {
      throw EngineFailure(.usage, "the scenario runs on \(hosts) hosts (load.hosts); only 'contend run' can do that")
    }
    let fleet = try Fleet(settings, hosts: hosts, executable: executable, interruption: interruption)
    do throws(EngineFailure) { try fleet.assemble(hosts) } catch {
      fleet.close()
      throw error
    }
    return fleet
  }

  /// How servers for these numbers of workers are started.
  public static func launchOptions(workers: [Int], executable: String) -> LaunchOptions {
    var options = LaunchOptions()
    options.guardExecutable = executable
    options.maximumClients = max(128, 3 * (workers.max() ?? 1) + 32)
    return options
  }

  /// Unique on a server that many runs use: letters, digits and `_`.
  private static func makeNamespace() -> String {
    var random = SystemRandomNumberGenerator()
    let text = String(random.next(), radix: 36)
    return "contend_" + String(repeating: "0", count: max(0, 13 - text.count)) + text
  }
}
