public import Model
public import Runtime

/// All strategies of this binary, with the stores and the strategies that they can be put over.
public enum StrategyCatalog {
  /// Strategies over their own store, in the order of `contend list`; the floors come last.
  public static let entries = backends.flatMap(\.strategies) + backends.flatMap(\.floors)

  /// What the entries are, each with the stores that it can be put over.
  public static let descriptors = entries.map { entry in
    isComposable(entry.descriptor) ? withOtherStores(entry.descriptor) : entry.descriptor
  }

  /// The backends that this program was built without.
  public static let missing = Backend.further.filter { backend in
    !entries.contains { Backend.further(of: $0.descriptor.id) == backend }
  }

  /// Null operations, one per backend: what is left when nothing is protected and nothing is stored.
  public static var floors: [StrategyDescriptor] { descriptors.filter { $0.id.hasPrefix("floor.") } }

  /// The strategy with an id, over its own store or over another one; nil when there is none. The id may name a lock and
  /// the strategy that it goes around: `redis.lock over postgres.for-update`.
  public static func entry(id: String, over store: String?) -> StrategyEntry? {
    if let parts = StrategyDescriptor.parts(of: id) { return entry(of: parts.lock, around: parts.inner) }
    guard let entry = entries.first(where: { $0.descriptor.id == id }) else { return nil }
    guard let store, store != entry.descriptor.store else { return entry }
    return compositions(over: store).first { $0.descriptor.id == id }
  }

  /// What a strategy is, by its id or an alias, or by those of a lock and of a strategy around which it goes.
  public static func descriptor(named name: String) -> StrategyDescriptor? {
    guard let parts = StrategyDescriptor.parts(of: name) else {
      return descriptors.first { $0.id == name || $0.aliases.contains(name) }
    }
    guard let lock = descriptor(named: parts.lock), let inner = descriptor(named: parts.inner) else { return nil }
    return entry(of: lock.id, around: inner.id)?.descriptor
  }

  /// The services of the backends that are built in.
  public static var services: [ServiceDescriptor] {
    backends.flatMap(\.services).map(\.descriptor).flatMap { [$0] + ShardedStore.further($0) }
  }

  /// Opens the administration of a store for the driver: connects, blocking.
  ///
  /// - Parameter url: where the service is; may hold credentials.
  public static func administration(
    of service: String, url: String, namespace: String
  ) throws(SetupFailure) -> any StoreAdministration {
    let kind = ShardedStore.furtherInstance(service)?.service ?? service
    guard let found = backends.lazy.flatMap(\.services).first(where: { $0.descriptor.name == kind }) else {
      throw SetupFailure("this program knows no service \(service)")
    }
    return try found.administration(url, ShardedStore.namespace(namespace, in: service))
  }

  // MARK: compositions

  /// The lock services over a store that is not their own.
  private static func compositions(over store: String) -> [StrategyEntry] {
    guard let records = backends.lazy.compactMap(\.records).first(where: { $0.name == store }) else { return [] }
    return backends.filter { $0.records?.name != store }.compactMap(\.locks).flatMap(records.under)
  }

  /// A lock around a strategy that keeps its own records. A lock around nothing but another lock is not offered: it is two
  /// locks around unprotected records, and neither knows of a transaction.
  private static func entry(of lock: String, around inner: String) -> StrategyEntry? {
    guard let entry = entries.first(where: { $0.descriptor.id == inner }), !isComposable(entry.descriptor),
      entry.descriptor.grade == .forbidden || entry.descriptor.applicability == .job, let surrounded = entry.surrounded
    else { return nil }
    let id = lock + StrategyDescriptor.around + inner
    let found = backends.compactMap(\.locks).flatMap(surrounded).first { $0.descriptor.id == id }
    return entry.aftermath.flatMap { found?.leaving($0.ofInner) } ?? found
  }

  /// Whether a strategy is a lock that may go around the records of other stores.
  private static func isComposable(_ descriptor: StrategyDescriptor) -> Bool { !descriptor.stores.isEmpty }

  private static func withOtherStores(_ descriptor: StrategyDescriptor) -> StrategyDescriptor {
    let stores = backends.compactMap(\.records?.name).filter { $0 != descriptor.store }
    return stores.reduce(descriptor) { known, store in
      guard let other = entry(id: descriptor.id, over: store)?.descriptor else { return known }
      var known = known.fenced(as: other)
      known.stores.append(store)
      return known
    }
  }
}
