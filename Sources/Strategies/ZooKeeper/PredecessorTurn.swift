#if ZooKeeper
public import Model

/// `zookeeper.lock`: a queue of nodes, one for each client that wants the lock; the first holds it.
public enum PredecessorTurn: LockTurn {
  static let documentation = Documentation(
    introduction: "a queue of nodes, one for each client that wants the lock; the first holds it.",
    algorithm: """
      that of Curator's `InterProcessMutex`: create `<record>/_c_<GUID>-lock-` as ephemeral sequential node (and the
      parent as container node when it is not there); list the children; who has the lowest number holds the lock. Who
      has not reads the node just before its own with a watch, waits until the watch fires, and lists again, up to
      `timeout`; then it deletes its node. To release, delete the node: that wakes exactly one client. Each release
      starts one wake, so there is no herd. When a connection is lost, nodes of that attempt are found by their GUID and
      deleted after the reconnect (Curator's protection, which adopts them instead), because the answer to the create
      may be lost. The fencing token is the number of the transaction that created our node.

      An election (Curator's `LeaderLatch`) takes the same node and keeps it for the whole term. Before every effect the
      leader looks, without a request, whether its session is connected; one that is not resigns.
      """,
    guarantees: """
      one holder at a time, in the order of the requests, as long as the session of the holder lives. A holder that dies
      blocks others for `session-timeout` and one tick at most.
      """,
    doesNotGuarantee: """
      mutual exclusion beyond the session: a holder that was paused longer, or cut off, goes on working while the next
      one holds the lock; nothing stops its writes unless `fence` does. A release that finds its node gone is
      counted as an expired hold, and so is a hold whose session has ended. Locks are not shared: operations that only read take them alone.
      """,
    failureWindow: "from the expiry of the session until the holder notices.",
    roundTrips: """
      those of the store (over ZooKeeper: 1 to read, 1 to write) and 1 to release, each write of them synced to disk by
      the servers.
      """,
    source: #"ZooKeeper Recipes, "Locks"; Curator `LockInternals`, `StandardLockInternalsDriver`, `ProtectedMode`."#)

  /// What it is.
  public static func descriptor(over store: String) -> StrategyDescriptor {
    .zookeeperLock(
      "lock", "queue of ephemeral nodes, each watches the one before it", documentation, aliases: ["zookeeper-lock"],
      over: store)
  }
  /// Only the one before.
  public static let watchesAll = false
}
#endif
