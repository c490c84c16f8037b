internal import MemoryStrategies
public import Model
internal import PostgresStrategies
internal import RedisStrategies
public import Runtime

/// All strategies of this binary, with the stores that they can be put over.
public enum StrategyCatalog {
  /// Strategies over their own store, in the order of `contend list`.
  public static let entries =
    MemoryRegistry.strategies + HostRegistry.strategies + PostgresRegistry.strategies + RedisRegistry.strategies
    + FurtherBackends.strategies
    + MemoryRegistry.floors + PostgresRegistry.floors + FurtherBackends.floors

  /// What the entries are. The stores of a lock include those further backends that it can be put over.
  public static let descriptors = entries.map { entry in
    var descriptor = entry.descriptor
    let own = descriptor
    descriptor.stores += Backend.further.map(\.name).filter {
      !own.stores.contains($0) && $0 != own.store && Self.entry(id: own.id, over: $0) != nil
    }
    return descriptor
  }

  /// The backends that this program was built without.
  public static let missing = Backend.further.filter { backend in
    !entries.contains { Backend.further(of: $0.descriptor.id) == backend }
  }

  /// Null operations, one per backend: what is left when nothing is protected and nothing is stored.
  public static var floors: [StrategyDescriptor] { descriptors.filter { $0.id.hasPrefix("floor.") } }

  /// The strategy with an id, over its own store or over another one; nil when there is none.
  public static func entry(id: String, over store: String?) -> StrategyEntry? {
    guard let entry = entries.first(where: { $0.descriptor.id == id }) else { return nil }
    guard let store, store != entry.descriptor.store else { return entry }
    return compositions(over: store).first { $0.descriptor.id == id }
  }

  /// Opens the administration of a store for the driver: connects, blocking.
  ///
  /// - Parameter url: where the service is; may hold credentials.
  public static func administration(
    of service: String, url: String, namespace: String
  ) throws(SetupFailure) -> any StoreAdministration {
    switch service {
    case "postgres": return try PostgresRegistry.administration(url: url, namespace: namespace)
    case "pgbouncer": return try PostgresRegistry.poolerAdministration(url: url, namespace: namespace)
    case "redis": return try RedisAdministration(url: url, namespace: namespace)
    case "redlock": return try RedisRegistry.redlockAdministration(url: url, namespace: namespace)
    case "lock-files": return try HostRegistry.administration(url: url, namespace: namespace)
    default:
      if let made = try FurtherBackends.administration(of: service, url: url, namespace: namespace) { return made }
      throw SetupFailure("this program knows no service \(service)")
    }
  }

  /// The lock services over a store that is not their own.
  private static func compositions(over store: String) -> [StrategyEntry] {
    switch store {
    case "memory":
      PostgresRegistry.composed(with: MemoryRecords.self, store: store)
        + RedisRegistry.composed(with: MemoryRecords.self, store: store)
        + FurtherBackends.locks(over: MemoryRecords.self, store)
    case "postgres":
      MemoryRegistry.composed(with: PostgresRecords.self, store: store)
        + HostRegistry.composed(with: PostgresRecords.self, store: store)
        + RedisRegistry.composed(with: PostgresRecords.self, store: store)
        + FurtherBackends.locks(over: PostgresRecords.self, store)
    case "redis":
      MemoryRegistry.composed(with: RedisRecords.self, store: store)
        + HostRegistry.composed(with: RedisRecords.self, store: store)
        + PostgresRegistry.composed(with: RedisRecords.self, store: store)
        + FurtherBackends.locks(over: RedisRecords.self, store)
    default: FurtherBackends.compositions(over: store)
    }
  }
}
