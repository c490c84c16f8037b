internal import Model
internal import Runtime
internal import Services
internal import StrategyCatalog

/// The stores of a run: one administration per service, made when first needed, removed at the end.
final class StoreAdministrations {
  /// Schema or key prefix of the run.
  let namespace: String
  private let pool: ServicePool
  private var administrations: [String: any StoreAdministration] = [:]

  init(namespace: String, pool: ServicePool) {
    self.namespace = namespace
    self.pool = pool
  }

  /// URLs of services by name, as worker processes need them.
  func endpoints(_ services: [String]) -> [String: String] {
    services.reduce(into: [:]) { $0[$1] = pool.endpoint($1)?.url }
  }

  private func administration(of service: String) throws(SetupFailure) -> any StoreAdministration {
    if let known = administrations[service] { return known }
    guard let url = pool.endpoint(service)?.url else { throw SetupFailure("service \(service) was not started") }
    let made = try StrategyCatalog.administration(of: service, url: url, namespace: namespace)
    administrations[service] = made
    return made
  }

  /// Before a trial: the store gets its values; services that only hold locks get none.
  func prepare(_ services: [String], store: String, values: [Int64]) throws(SetupFailure) {
    for service in services { try administration(of: service).prepare(values: service == store ? values : []) }
  }

  /// After a trial: until no session of its workers is left.
  func settle(_ services: [String], within limit: Duration) throws(SetupFailure) {
    for service in services { try administration(of: service).settle(within: limit) }
  }

  /// The values of a store.
  func values(of store: String) throws(SetupFailure) -> [Int64] { try administration(of: store).values() }

  /// Our counts beside the server's. A cell that uses two servers counts statements of both together, so it has none.
  func crossChecks(_ services: [String], _ total: Tally) throws(SetupFailure) -> [CrossCheck] {
    guard services.count == 1, let service = services.first else { return [] }
    return try administration(of: service).crossChecks(total)
  }

  /// Version and settings of every service, connecting where that has not happened yet.
  func describe(_ services: [String]) throws(SetupFailure) -> [String: ServerDescription] {
    var descriptions: [String: ServerDescription] = [:]
    for service in services { descriptions[service] = try administration(of: service).describe() }
    return descriptions
  }

  /// Removes everything of the run from every server; returns what could not be removed, in sentences.
  func remove() -> [String] {
    var left: [String] = []
    for (_, administration) in administrations.sorted(by: { $0.key < $1.key }) {
      do throws(SetupFailure) { try administration.remove() } catch { left.append(error.message) }
    }
    administrations = [:]
    return left
  }
}
