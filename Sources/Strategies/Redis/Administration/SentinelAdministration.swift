@preconcurrency internal import Glibc
internal import Model
internal import Runtime

/// The servers that Sentinels watch, around a trial. There are only locks here, never records.
///
/// Who follows whom is the business of the Sentinels, and nobody else's: before each trial it is waited for that they
/// agree, which takes ten seconds after an old primary has come back.
final class SentinelAdministration: StoreAdministration {
  private let group: SentinelGroup
  private let servers: [RedisAdministration]
  private let settings: ReplicationSettings
  /// Who was the primary at the beginning of the trial.
  private var primary: RedisAdministration

  /// How long the Sentinels may take to agree.
  private static let patience = Duration.seconds(40)

  /// Asks the Sentinels for the servers, and connects to them.
  ///
  /// - Parameter url: the URLs of the Sentinels, separated by commas; may hold credentials, which are those of the servers.
  init(url: String, namespace: String) throws(SetupFailure) {
    group = try SentinelGroup(url: url)
    servers = try group.servers().map { RedisAdministration(anyRole: $0, namespace: namespace) }
    guard let first = servers.first, servers.count > 1 else {
      throw SetupFailure(
        "the Sentinels at \(group.sentinels[0]) know no replica that could take the place of the primary")
    }
    primary = first
    settings = try ReplicationSettings(of: servers)
  }

  func prepare(values: [Int64]) throws(SetupFailure) {
    primary = try steadyPrimary()
    try settings.putBack(on: servers)
    try primary.prepare(values: [])
    primary = try steadyPrimary()
  }

  /// Waits until all Sentinels name the same server, and all others follow it and have what it has.
  private func steadyPrimary() throws(SetupFailure) -> RedisAdministration {
    let deadline = ContinuousClock.now + Self.patience
    while true {
      if let found = try? agreed() { return found }
      guard ContinuousClock.now < deadline else {
        throw SetupFailure(
          "the Sentinels at \(group.sentinels[0]) and the servers that they watch do not agree on a primary after "
            + "\(Self.patience)")
      }
      usleep(20_000)
    }
  }

  private func agreed() throws(SetupFailure) -> RedisAdministration? {
    var named: RedisAddress?
    for sentinel in group.sentinels {
      let primary = try group.primary(by: AdministrationConnection.open(sentinel))
      if let named, primary != named { return nil }
      named = primary
    }
    guard let primary = servers.first(where: { $0.configuration.address == named }) else { return nil }
    let role = try primary.role()
    if role.isReplica { return nil }
    for server in servers where server !== primary {
      guard try server.role().hasAll(of: role) else { return nil }
    }
    return primary
  }

  func settle(within limit: Duration) throws(SetupFailure) {
    for server in servers { try server.settle(within: limit) }
  }

  func values() throws(SetupFailure) -> [Int64] { [] }

  /// Commands that the primary ran for workers; none where another one has become the primary.
  func counts() throws(SetupFailure) -> [String: Int64] { try isStillPrimary() ? primary.counts() : [:] }

  func crossChecks(_ total: Tally) throws(SetupFailure) -> [CrossCheck] {
    try isStillPrimary() ? primary.crossChecks(total) : []
  }

  private func isStillPrimary() throws(SetupFailure) -> Bool {
    let named = try group.primary(by: AdministrationConnection.open(group.sentinels[0]))
    return named == primary.configuration.address
  }

  func describe() throws(SetupFailure) -> ServerDescription {
    var description = try primary.describe()
    description.settings["replicas"] = "\(servers.count - 1)"
    description.settings["sentinels"] = "\(group.sentinels.count)"
    return description
  }

  func endSession() { for server in servers { server.endSession() } }

  /// Removes the keys from whoever is a primary, and puts settings back.
  func remove() throws(SetupFailure) {
    try settings.putBack(on: servers)
    for server in servers where try !server.role().isReplica { try server.remove() }
  }

  func separateReplicas() throws(SetupFailure) { throw Self.promotesItself }
  func promoteReplica() throws(SetupFailure) { throw Self.promotesItself }

  private static let promotesItself = SetupFailure(
    "Sentinels promote a replica themselves; kill or pause the primary with kill-service or pause-service, member: leader"
  )
}
