#if ZooKeeper
public import Model

/// `zookeeper.herd-lock`: the same queue of nodes as `zookeeper.lock`, but every waiter watches all of it.
public enum HerdTurn: LockTurn {
  static let documentation = Documentation(
    introduction: "the same queue of nodes as `zookeeper.lock`, but every waiter watches all of it. A trap.",
    algorithm: """
      as `zookeeper.lock`, except that a client which is not first lists the children with a watch on their parent.
      Whatever comes or goes wakes every waiter, and each lists all children again: n answers of n names for each
      release, and as many for each new waiter.
      """,
    guarantees: "as `zookeeper.lock`: one holder at a time, in the order of the requests.",
    doesNotGuarantee: "as `zookeeper.lock`; besides, its cost grows with the square of the waiters.",
    failureWindow: "as `zookeeper.lock`: from the expiry of the session until the holder notices.",
    roundTrips: "as `zookeeper.lock`, but they queue behind the lists of all waiters.",
    source: #"ZooKeeper Recipes, "Locks", on the herd effect."#)

  /// What it is.
  public static func descriptor(over store: String) -> StrategyDescriptor {
    .zookeeperLock("herd-lock", "the same queue, but every waiter watches all of it (trap)", documentation, over: store)
  }
  /// Everything.
  public static let watchesAll = true
}
#endif
