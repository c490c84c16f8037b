#if Memcached
public import Model
public import Runtime

/// Strategies that live in memcached, in the order of `contend list`.
public enum MemcachedRegistry {
  /// All of them, over items of the run.
  public static let strategies: [StrategyEntry] =
    [StrategyEntry(NoneStrategy.descriptor, NoneStrategy.self)]
    + MemcachedLocks().locks(OverRecords(MemcachedRecords.self, "memcached"))
    + [
      StrategyEntry(CASStrategy.descriptor, CASStrategy.self),
      StrategyEntry(IncrStrategy.descriptor, IncrStrategy.self),
    ]

  /// Null operations, which protect nothing and only measure.
  public static let floors = [StrategyEntry(FloorStrategy.descriptor, FloorStrategy.self)]

  /// The backend, as the catalog holds it.
  public static let backend = BackendEntry(
    strategies: strategies, floors: floors, locks: MemcachedLocks(),
    records: RecordStore(MemcachedRecords.self, name: "memcached"),
    services: [BackendService(ServiceDescriptor("memcached", schemes: ["memcached", "unix"]), administration)])

  /// Opens the administration of the run's items; connects.
  public static func administration(url: String, namespace: String) throws(SetupFailure) -> any StoreAdministration {
    try MemcachedAdministration(url: url, namespace: namespace)
  }
}

/// The lock in memcached around records of any store.
public struct MemcachedLocks: LockFamily {
  /// Workers that wait suspend.
  public let suspends = true

  /// Makes the family.
  public init() {}

  /// All of them.
  public func locks(_ composer: some LockComposer) -> [StrategyEntry] {
    [
      composer.entry(AddLock.descriptor(over:), AddLock.self)
    ]
  }
}

extension StrategyDescriptor {
  /// A strategy of this backend over its own store.
  static func memcached(
    _ name: String, _ summary: String, _ documentation: Documentation, grade: Grade = .forbidden,
    applicability: Applicability = .any
  ) -> StrategyDescriptor {
    StrategyDescriptor(
      id: "memcached." + name, summary: summary, documentation: documentation, needs: ["memcached"], store: "memcached",
      scope: .network, threading: .shared, applicability: applicability, grade: grade, returnsValues: true)
  }
}
#endif
