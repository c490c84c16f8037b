public import Model

/// Where a service is, for those who connect to it.
public struct Endpoint: Sendable, Equatable, Codable {
  /// Name of the service: `postgres`, `redis`.
  public let name: String
  /// Where it listens. It may hold a password: never print it.
  public let url: String
  /// Whether we started it.
  public let isManaged: Bool
  /// Makes an endpoint.
  public init(name: String, url: String, isManaged: Bool) {
    self.name = name
    self.url = url
    self.isManaged = isManaged
  }
}

/// The services of a run: starts each managed one at most once, when it is first needed, and stops them all.
///
/// To be used from one thread, the driver's main one.
public final class ServicePool {
  private let settings: ServiceSettings
  private let options: LaunchOptions
  /// The managed services that were started, in that order; first those that another process shares with us.
  public private(set) var running: [RunningService]

  /// Makes a pool that has started nothing yet.
  ///
  /// - Parameters:
  ///   - settings: which services are managed and where the others are; URLs are passed on unchecked.
  ///   - shared: managed services that another process has started for us.
  public init(settings: ServiceSettings, options: LaunchOptions = LaunchOptions(), shared: [SharedService] = []) {
    self.settings = settings
    self.options = options
    running = shared.map(RunningService.init)
  }

  deinit { stop() }

  /// Makes services available; those to be started are started side by side, but for those that stand in front of
  /// others, which come after them.
  ///
  /// - Parameter names: services that are needed; repetitions do no harm.
  /// - Returns: one endpoint for each name, in the same order.
  /// - Throws: when a server is not installed or does not start; those that were up before stay so.
  @discardableResult
  public func start(_ names: [String]) throws(ServiceFailure) -> [Endpoint] {
    var servers: [any ManagedServer] = []
    for name in names where settings[name] == .managed || settings[name] == .ensemble {
      if service(name) != nil || servers.contains(where: { $0.service == name }) { continue }
      servers.append(try server(of: name))
    }
    try launch(servers.filter { $0.upstream == nil })
    try launch(servers.filter { $0.upstream != nil })
    return names.compactMap(endpoint)
  }

  /// Of how many servers a service consists that we start; nil when we cannot start it.
  public static func memberCount(of service: String, isEnsemble: Bool = false) -> Int? {
    ManagedServers.of(service, isEnsemble: isEnsemble)?.members
  }

  /// Whether the servers of a service that we start are a primary and its replicas.
  public static func replicates(_ service: String) -> Bool {
    ManagedServers.of(service, isEnsemble: false)?.replicates ?? false
  }

  /// Whether replicas of a service that we start can be separated from their primary.
  public static func hasSeparableReplicas(_ service: String) -> Bool {
    ManagedServers.of(service, isEnsemble: false)?.hasSeparableReplicas ?? false
  }

  private func server(of name: String) throws(ServiceFailure) -> any ManagedServer {
    if let server = ManagedServers.of(name, isEnsemble: settings[name] == .ensemble) { return server }
    let known = ManagedServers.single.map(\.service).joined(separator: ", ")
    throw ServiceFailure("cannot start a service '\(name)' (known: \(known)); give its URL under services.\(name)")
  }

  /// Starts servers side by side, and waits for all.
  private func launch(_ servers: [any ManagedServer]) throws(ServiceFailure) {
    var starting: [StartingService] = []
    for server in servers {
      starting.append(try StartingService(server, upstreamDirectory: try upstreamDirectory(of: server), options))
    }
    for service in starting { running.append(try RunningService(service)) }
  }

  private func upstreamDirectory(of server: any ManagedServer) throws(ServiceFailure) -> String {
    guard let upstream = server.upstream else { return "" }
    if let directory = service(upstream)?.directory { return directory.path }
    throw ServiceFailure(
      "a managed \(server.software) stands in front of a managed server only: leave services.\(upstream) managed, or "
        + "give the URL of yours under services.\(server.service)")
  }

  /// Where a service is; nil when it is managed and was not started.
  public func endpoint(_ name: String) -> Endpoint? {
    if case .url(let url) = settings[name] { return Endpoint(name: name, url: url, isManaged: false) }
    return service(name).map { Endpoint(name: name, url: $0.url, isManaged: true) }
  }

  /// The managed service of this name; nil when it was not started by us.
  public func service(_ name: String) -> RunningService? { running.first { $0.name == name } }

  /// Stops everything that was started. Later calls do nothing.
  public func stop() {
    for service in running { service.stop() }
    running = []
  }
}
