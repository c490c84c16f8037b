#if ZooKeeper
public import Model

/// Which change a waiting client of a ZooKeeper lock watches.
public protocol LockTurn: SendableMetatype {
  /// What the lock is around a store.
  static func descriptor(over store: String) -> StrategyDescriptor
  /// Whether every waiter watches all that come and go; else each watches the one before it.
  static var watchesAll: Bool { get }
}

extension StrategyDescriptor {
  /// A lock of this backend around a store: to read, to write, and to give the lock back takes a round trip each; memory
  /// needs none.
  static func zookeeperLock(
    _ name: String, _ summary: String, _ documentation: Documentation, aliases: [String] = [], over store: String
  ) -> StrategyDescriptor {
    StrategyDescriptor(
      id: "zookeeper." + name, aliases: aliases, summary: summary, documentation: documentation, needs: ["zookeeper"],
      store: store, stores: [store],
      options: ZooKeeperConfiguration.options + lockOptions, scope: .network, threading: .shared, returnsValues: true,
      roundTripsUnderLock: store == "memory" ? 1 : 3)
  }

  private static let lockOptions = [
    OptionSpecification(
      "timeout", .duration(.zero ... .seconds(3600)), default: .duration(.seconds(10)),
      "How long to wait for a lock before the attempt fails as not-acquired.")
  ]
}
#endif
