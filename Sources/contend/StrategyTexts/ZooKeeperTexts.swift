// A copy of doc comments below Sources/Strategies, written by StrategyTextsTests.
// swift-format-ignore-file

extension StrategyTexts {
  static let zooKeeper: [String: String] = [
    "floor.zookeeper-get": #"""
      `floor.zookeeper-get`: what any request to ZooKeeper costs at least.

      Algorithm: `getData` of the operation's first record, whatever the operation asks for. Answered from memory by the
      server at hand, so it is no floor for writes, which are synced to disk.
      Guarantees: nothing, and changes nothing: a measure for the others.
      Round trips under the lock: 0; nothing is held. 1 per operation.
      Source: ZooKeeper Programmer's Guide, "Guide to ZooKeeper Operations".
      """#,
    "zookeeper.herd-lock": #"""
      `zookeeper.herd-lock`: the same queue of nodes as `zookeeper.lock`, but every waiter watches all of it. A trap.

      Algorithm: as `zookeeper.lock`, except that a client which is not first lists the children with a watch on their
      parent. Whatever comes or goes wakes every waiter, and each lists all children again: n answers of n names for each
      release, and as many for each new waiter.
      Guarantees: as `zookeeper.lock`: one holder at a time, in the order of the requests.
      Does not guarantee: as `zookeeper.lock`; besides, its cost grows with the square of the waiters.
      Failure window: as `zookeeper.lock`: from the expiry of the session until the holder notices.
      Round trips under the lock: as `zookeeper.lock`, but they queue behind the lists of all waiters.
      Source: ZooKeeper Recipes, "Locks", on the herd effect.
      """#,
    "zookeeper.lock": #"""
      `zookeeper.lock`: a queue of nodes, one for each client that wants the lock; the first holds it.

      Algorithm, that of Curator's `InterProcessMutex`: create `<record>/_c_<GUID>-lock-` as ephemeral sequential node (and
      the parent as container node when it is not there); list the children; who has the lowest number holds the lock. Who
      has not reads the node just before its own with a watch, waits until the watch fires, and lists again, up to
      `timeout`; then it deletes its node. To release, delete the node: that wakes exactly one client. Each release starts
      one wake, so there is no herd. When a connection is lost, nodes of that attempt are found by their GUID and deleted
      after the reconnect (Curator's protection, which adopts them instead), because the answer to the create may be lost.
      Guarantees: one holder at a time, in the order of the requests, as long as the session of the holder lives. A holder
      that dies blocks others for `session-timeout` and one tick at most.
      Does not guarantee: mutual exclusion beyond the session: a holder that was paused longer, or cut off, goes on working
      while the next one holds the lock; nothing stops its writes (there is no fencing here). A release that finds its
      node gone is counted as an expired hold. Locks are not shared: operations that only read take them alone.
      Failure window: from the expiry of the session until the holder notices.
      Round trips under the lock: those of the store (over ZooKeeper: 1 to read, 1 to write) and 1 to release, each write
      of them synced to disk by the servers.
      Source: ZooKeeper Recipes, "Locks"; Curator `LockInternals`, `StandardLockInternalsDriver`, `ProtectedMode`.
      """#,
    "zookeeper.none": #"""
      `zookeeper.none`: read, decide, write, each request on its own. A planted control: the checkers must catch it.

      Algorithm: for each record `getData`, decide in the program, then for each changed record `setData` of any version.
      Guarantees: nothing. It is what code does that trusts in ZooKeeper's one order of all writes.
      Does not guarantee: that an acknowledged update stays, that several values read belong together, or that several
      records change together.
      Failure window: from `getData` to `setData`, at all times.
      Round trips under the lock: 0; nothing is held.
      Source: the lost update P4 of Berenson et al. 1995, "A Critique of ANSI SQL Isolation Levels".
      """#,
    "zookeeper.versioned": #"""
      `zookeeper.versioned`: a write that succeeds only if nobody has written since the read: compare and set.

      Algorithm: `getData` of each record gives value and version; decide; `setData(path, value, version)`. Several records
      are written by one `multi` of `setData` with version, and of `check` for those that were only read: all or none. A
      version that has moved (`BADVERSION`) is a `conflict`. An operation that reads several records ends with a `multi` of
      `check`, so that they belong together.
      Guarantees: no lost update; several records change together. Every write goes through the leader in one order.
      Does not guarantee: progress of one worker: under contention most attempts lose. That an operation which reads one
      record sees the newest value: in an ensemble a server may be behind its leader.
      Failure window: none; nothing is held. A lost answer to the write leaves the outcome `unknown`.
      Round trips under the lock: 0; an attempt takes 2, and one for each further record.
      Source: ZooKeeper Programmer's Guide, "ZooKeeper Stat Structure"; Curator `DistributedAtomicLong`.
      """#,
  ]
}
