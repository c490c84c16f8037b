#if ZooKeeper
public import Model
public import Runtime

/// Strategies that need ZooKeeper, in the order of `contend list`.
public enum ZooKeeperRegistry {
  /// Those that work on records in ZooKeeper.
  public static let strategies: [StrategyEntry] =
    [StrategyEntry(NoneStrategy.descriptor, NoneStrategy.self)]
    + ZooKeeperLocks().locks(OverRecords(ZooKeeperRecords.self, "zookeeper"))
    + [StrategyEntry(VersionedStrategy.descriptor, VersionedStrategy.self)]

  /// Null operations, which protect nothing and only measure.
  public static let floors = [StrategyEntry(GetFloor.descriptor, GetFloor.self)]

  /// The backend, as the catalog holds it.
  public static let backend = BackendEntry(
    strategies: strategies, floors: floors, locks: ZooKeeperLocks(),
    records: RecordStore(ZooKeeperRecords.self, name: "zookeeper"),
    services: [
      BackendService(ServiceDescriptor("zookeeper", schemes: ["zookeeper"], hasEnsembles: true), administration)
    ])

  /// Opens the administration of the run's nodes; connects.
  public static func administration(url: String, namespace: String) throws(SetupFailure) -> any StoreAdministration {
    try ZooKeeperAdministration(url: url, namespace: namespace)
  }
}

/// The locks in ZooKeeper around records of any store.
public struct ZooKeeperLocks: LockFamily {
  /// Workers that wait suspend.
  public let suspends = true

  /// Makes the family.
  public init() {}

  /// All of them.
  public func locks(_ composer: some LockComposer) -> [StrategyEntry] {
    [
      composer.entry(
        leadingFenced: PredecessorTurn.descriptor(over:), ZooKeeperLock<PredecessorTurn>.self, fence: .none),
      composer.entry(leadingFenced: HerdTurn.descriptor(over:), ZooKeeperLock<HerdTurn>.self, fence: .none),
    ]
  }
}

extension StrategyDescriptor {
  /// A strategy of this backend.
  static func zookeeper(
    _ name: String, _ summary: String, _ documentation: Documentation, grade: Grade = .forbidden
  ) -> StrategyDescriptor {
    StrategyDescriptor(
      id: "zookeeper." + name, summary: summary, documentation: documentation, needs: ["zookeeper"], store: "zookeeper",
      options: ZooKeeperConfiguration.options, scope: .network, threading: .shared, grade: grade, returnsValues: true)
  }

  /// A null operation.
  static func zookeeperFloor(_ name: String, _ summary: String, _ documentation: Documentation) -> StrategyDescriptor {
    StrategyDescriptor(
      id: "floor.zookeeper-" + name, summary: summary, documentation: documentation, needs: ["zookeeper"],
      store: "zookeeper", options: ZooKeeperConfiguration.options, scope: .network, threading: .shared,
      grade: .interesting)
  }
}
#endif
