public import Model
public import Runtime

/// Strategies that live in PostgreSQL, in the order of `contend list`.
public enum PostgresRegistry {
  /// All of them, over the table `records`.
  public static let strategies: [StrategyEntry] = [
    StrategyEntry(NoneStrategy.descriptor, NoneStrategy.self),
    StrategyEntry(ForUpdateStrategy.descriptor, ForUpdateStrategy.self),
    StrategyEntry(OptimisticStrategy.descriptor, OptimisticStrategy.self),
    StrategyEntry(AtomicStrategy.descriptor, AtomicStrategy.self),
    StrategyEntry(SerializableStrategy.descriptor, SerializableStrategy.self),
    StrategyEntry(AdvisoryLockStrategy.descriptor, AdvisoryLockStrategy.self),
  ]

  /// Null operations, which protect nothing and only measure.
  public static let floors = [StrategyEntry(FloorStrategy.descriptor, FloorStrategy.self)]

  /// The locks among them around another store.
  public static func composed<Store: StoreClient & ~Copyable>(
    with _: Store.Type, store: String
  ) -> [StrategyEntry] {
    [StrategyEntry(AdvisoryLockStrategy.descriptor(over: store), Locked<AdvisoryLockClient, Store>.self)]
  }

  /// Opens the administration of the table `records` in a schema of its own; connects when it is first used.
  ///
  /// - Parameter url: may hold credentials.
  public static func administration(url: String, namespace: String) throws(SetupFailure) -> any StoreAdministration {
    try PostgresAdministration(url: url, namespace: namespace)
  }
}
