@preconcurrency internal import Glibc
internal import Model
internal import Runtime

/// A primary of Redis and its replicas around a trial: who follows whom, and who is promoted.
///
/// There are only locks here, never records. Before each trial the first server is the primary, and the others follow it
/// and have all that it has.
final class ReplicasAdministration: StoreAdministration {
  private let servers: [RedisAdministration]
  /// Where each of them is reached by those that follow it.
  private let hosts: [(host: String, port: String)]
  private let settings: ReplicationSettings
  /// Whether another server than the first was made the primary in this trial.
  private var hasFailedOver = false

  /// An address at which nobody answers.
  private static let nowhere = ["REPLICAOF", "127.0.0.1", "1"]
  /// How long replicas may take to have what the primary has.
  private static let patience = Duration.seconds(10)

  /// Connects to all.
  ///
  /// - Parameter url: the URLs of the servers, separated by commas, the primary first; may hold credentials.
  /// - Throws: also when the others are not replicas of the first.
  init(url: String, namespace: String) throws(SetupFailure) {
    let urls = url.split(separator: ",").map(String.init)
    guard urls.count > 1 else {
      throw SetupFailure(
        "services.redis-replicas names one server, which has no replicas; name the primary and its replicas, separated by "
          + "commas")
    }
    var servers: [RedisAdministration] = []
    for url in urls { servers.append(RedisAdministration(anyRole: try RedisAddress(url: url), namespace: namespace)) }
    var hosts = [try Self.primary(of: servers)]
    for server in servers.dropFirst() { hosts.append(try Self.host(of: server)) }
    (self.servers, self.hosts) = (servers, hosts)
    settings = try ReplicationSettings(of: servers)
  }

  /// A server on a unix socket is on this machine.
  private static func host(of server: RedisAdministration) throws(SetupFailure) -> (host: String, port: String) {
    if case .network(let host, let port) = server.configuration.address.location { return (host, "\(port)") }
    let port = try server.setting("port")
    guard port != "0" else {
      throw SetupFailure(
        "Redis at \(server.configuration.address) listens at no port, by which replicas could follow it; state its 'port'"
      )
    }
    return ("127.0.0.1", port)
  }

  /// Where replicas reach the first server, by their own word.
  ///
  /// - Throws: when the first is no primary, or the others are not its replicas.
  private static func primary(
    of servers: [RedisAdministration]
  ) throws(SetupFailure) -> (host: String, port: String) {
    let primary = try servers[0].role()
    try primary.check(servers[0].configuration.address)
    var host: (host: String, port: String)?
    for server in servers.dropFirst() {
      let replica = try server.role()
      guard !replica.isReplica || replica.isLinked else {
        throw SetupFailure(
          "the replica of Redis at \(server.configuration.address) does not hear its primary (master_link_status is not "
            + "'up'); wait until it has copied it, or correct its 'replicaof'")
      }
      guard let found = replica.primary, replica.replication == primary.replication else {
        throw SetupFailure(
          "Redis at \(server.configuration.address) is no replica of the one at \(servers[0].configuration.address); "
            + "services.redis-replicas names a primary and then its replicas")
      }
      host = host ?? found
    }
    if let host { return host }
    return try Self.host(of: servers[0])
  }

  // MARK: around a trial

  func prepare(values: [Int64]) throws(SetupFailure) {
    hasFailedOver = false
    try settings.putBack(on: servers)
    if try servers[0].role().isReplica { try servers[0].command("REPLICAOF", "NO", "ONE") }
    for server in servers.dropFirst() { try follow(server, 0) }
    try waitUntilAllFollow()
    try servers[0].prepare(values: [])
    try waitUntilAllFollow()
  }

  /// A replica that follows already is left alone.
  private func follow(_ server: RedisAdministration, _ primary: Int) throws(SetupFailure) {
    let role = try server.role()
    if role.isLinked, let followed = role.primary, followed == hosts[primary] { return }
    try server.command("REPLICAOF", hosts[primary].host, hosts[primary].port)
  }

  private func waitUntilAllFollow() throws(SetupFailure) {
    let deadline = ContinuousClock.now + Self.patience
    for server in servers.dropFirst() {
      while true {
        let primary = try servers[0].role()
        if try server.role().hasAll(of: primary) { break }
        guard ContinuousClock.now < deadline else {
          throw SetupFailure(
            "the replica of Redis at \(server.configuration.address) does not have what its primary has after "
              + "\(Self.patience)")
        }
        usleep(2000)
      }
    }
  }

  func settle(within limit: Duration) throws(SetupFailure) {
    for server in servers { try server.settle(within: limit) }
  }

  func values() throws(SetupFailure) -> [Int64] { [] }

  /// Commands that the primary ran for workers. Replicas run what it tells them, too: what one ran that became a primary
  /// is not told apart.
  func counts() throws(SetupFailure) -> [String: Int64] { hasFailedOver ? [:] : try servers[0].counts() }

  func crossChecks(_ total: Tally) throws(SetupFailure) -> [CrossCheck] {
    hasFailedOver ? [] : try servers[0].crossChecks(total)
  }

  func describe() throws(SetupFailure) -> ServerDescription {
    var description = try servers[0].describe()
    description.settings["replicas"] = "\(servers.count - 1)"
    return description
  }

  func endSession() { for server in servers { server.endSession() } }

  /// Removes the keys from whoever is a primary, and puts settings back.
  func remove() throws(SetupFailure) {
    try settings.putBack(on: servers)
    for server in servers where try !server.role().isReplica { try server.remove() }
  }

  // MARK: during a trial

  /// Replicas hear nothing of the primary from now on, which notices that; they keep what they have.
  func separateReplicas() throws(SetupFailure) {
    for server in servers.dropFirst() { try server.command(Self.nowhere) }
  }

  /// The second server becomes the primary, of the others but the first.
  func promoteReplica() throws(SetupFailure) {
    hasFailedOver = true
    try servers[1].command("REPLICAOF", "NO", "ONE")
    for server in servers.dropFirst(2) { try server.command("REPLICAOF", hosts[1].host, hosts[1].port) }
  }
}
