#if ZooKeeper
public import Model
public import Runtime

/// Strategies that need ZooKeeper, in the order of `contend list`.
public enum ZooKeeperRegistry {
  /// Those that work on records in ZooKeeper.
  public static let strategies: [StrategyEntry] =
    [StrategyEntry(NoneStrategy.descriptor, NoneStrategy.self)]
    + composed(with: ZooKeeperRecords.self, store: "zookeeper")
    + [StrategyEntry(VersionedStrategy.descriptor, VersionedStrategy.self)]

  /// Null operations, which protect nothing and only measure.
  public static let floors = [StrategyEntry(GetFloor.descriptor, GetFloor.self)]

  /// The locks in ZooKeeper around records of any store.
  public static func composed<Store: StoreClient & ~Copyable>(with _: Store.Type, store: String) -> [StrategyEntry] {
    [
      StrategyEntry(PredecessorTurn.descriptor(over: store), Locked<ZooKeeperLock<PredecessorTurn>, Store>.self),
      StrategyEntry(HerdTurn.descriptor(over: store), Locked<ZooKeeperLock<HerdTurn>, Store>.self),
    ]
  }

  /// Opens the administration of the run's nodes; connects.
  public static func administration(url: String, namespace: String) throws(SetupFailure) -> any StoreAdministration {
    try ZooKeeperAdministration(url: url, namespace: namespace)
  }
}

extension StrategyDescriptor {
  /// A strategy of this backend.
  static func zookeeper(_ name: String, _ summary: String, grade: Grade = .forbidden) -> StrategyDescriptor {
    StrategyDescriptor(
      id: "zookeeper." + name, summary: summary, needs: ["zookeeper"], store: "zookeeper",
      options: ZooKeeperConfiguration.options, scope: .network, threading: .shared, grade: grade, returnsValues: true)
  }

  /// A null operation.
  static func zookeeperFloor(_ name: String, _ summary: String) -> StrategyDescriptor {
    StrategyDescriptor(
      id: "floor.zookeeper-" + name, summary: summary, needs: ["zookeeper"], store: "zookeeper",
      options: ZooKeeperConfiguration.options, scope: .network, threading: .shared, grade: .interesting)
  }
}
#endif
