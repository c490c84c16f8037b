internal import Model
internal import Runtime

/// PgBouncer in front of PostgreSQL: nothing of a run is kept there, so there is only something to describe.
///
/// Its connections to the server carry the name of the workers that used them last, so that the administration of
/// PostgreSQL waits for their end, or brings it about.
final class PoolerAdministration: StoreAdministration {
  private let address: ConnectionAddress
  private let namespace: String

  /// Checks the address.
  init(url: String, namespace: String) throws(SetupFailure) {
    address = try ConnectionAddress(url, service: "pgbouncer")
    self.namespace = namespace
  }

  func prepare(values: [Int64]) throws(SetupFailure) {}
  func settle(within: Duration) throws(SetupFailure) {}
  func values() throws(SetupFailure) -> [Int64] { [] }
  func counts() throws(SetupFailure) -> [String: Int64] { [:] }
  func endSession() {}
  func remove() throws(SetupFailure) {}

  /// Asks the pooler's console, a database of its own that answers only those whom its configuration names.
  func describe() throws(SetupFailure) -> ServerDescription {
    try requirePooler()
    do {
      let console = try AdministrationConnection(address, namespace: namespace, database: "pgbouncer")
      // "PgBouncer 1.18.0"
      let version = try console.runSimple("SHOW VERSION").first?.first.flatMap { $0.split(separator: " ").last }
      let settings = try console.runSimple("SHOW CONFIG").filter { $0.count > 1 && Self.important.contains($0[0]) }
      return ServerDescription(
        version: version.map(String.init) ?? "unknown",
        settings: Dictionary(settings.map { ($0[0], $0[1]) }, uniquingKeysWith: { first, _ in first }))
    } catch {
      return ServerDescription(version: "unknown", settings: [:])
    }
  }

  /// Another thing than a pooler in transaction mode would keep promises whose breach the strategies show. The sessions
  /// carry the name of workers, for the reason above.
  private func requirePooler() throws(SetupFailure) {
    func open() throws(SetupFailure) -> AdministrationConnection {
      try AdministrationConnection(address, namespace: namespace, name: SessionNames.worker(namespace))
    }
    switch try Pooling.find(open(), open: open) {
    case .transaction: return
    case .direct:
      throw SetupFailure(
        "\(address.source) names PostgreSQL itself: name PgBouncer there, or leave it out and one is started")
    case .session:
      throw SetupFailure(
        "\(address.source) names a pooler that keeps a connection for each session: set pool_mode = transaction there, or "
          + "leave it out and one is started")
    }
  }

  private static let important = [
    "default_pool_size", "max_client_conn", "pool_mode", "query_wait_timeout", "server_idle_timeout", "server_lifetime",
    "server_reset_query", "server_round_robin",
  ]
}
