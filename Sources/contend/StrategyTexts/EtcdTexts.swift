// A copy of doc comments below Sources/Strategies, written by StrategyTextsTests.
// swift-format-ignore-file

extension StrategyTexts {
  static let etcd: [String: String] = [
    "etcd.lock": #"""
      `etcd.lock`: a queue of keys, one for each client that wants the lock; the oldest holds it.

      Algorithm, that of `clientv3/concurrency`: each session has a lease, kept alive every third of its life. To lock, one
      transaction creates `<record>/<lease>` under the lease if it is not there, and reads the oldest key of the record: if
      it is ours, the lock is held. Else, again and again: read the youngest of the keys older than ours; when there is
      none, the lock is held; else watch that key from there on until it is deleted. So each release wakes one client.
      Afterwards our own key must still be there (clients of etcd 3.4 forget to look), for the lease may have expired while
      we waited. After `timeout` our key is deleted. To unlock, delete the key. Each wait is a `Watch` call of its own;
      etcd's Go client keeps one open for all.
      Guarantees: one holder at a time, in the order of the requests, as long as the lease of the holder lives. A holder
      that dies blocks others for `lease` and half a second at most.
      Does not guarantee: mutual exclusion beyond the lease: a holder that was paused longer goes on working while the next
      one holds the lock, and nothing stops its writes (the create revision of the key would be a fencing token; it is not
      used here). A release that finds its key gone is counted as an expired hold. Locks are not shared.
      Failure window: from the expiry of the lease until the holder notices.
      Round trips under the lock: those of the store (over etcd: 1 to read, 1 to write) and 1 to release, each write synced
      to disk. Requests are calls of gRPC, as those of etcd's own clients.
      Source: etcd `clientv3/concurrency/mutex.go`, `key.go` and `session.go`, version 3.4.
      """#,
    "etcd.lock-service": #"""
      `etcd.lock-service`: the same queue of keys as `etcd.lock`, but the server waits in it for us.

      Algorithm: each session has a lease, kept alive every third of its life. `v3lock.Lock(name, lease)` is one call that is
      answered when the lock is held, with the key by which we hold it; the server runs the recipe of `etcd.lock`. After
      `timeout` the call is cancelled, and the key is deleted. `v3lock.Unlock(key)` deletes it.
      Guarantees: one holder at a time, in the order of the requests, as long as the lease of the holder lives. A holder
      that dies blocks others for `lease` and half a second at most.
      Does not guarantee: mutual exclusion beyond the lease, as with `etcd.lock`. The server of 3.4 does not look whether the
      lease has expired while it waited: so the client does, by its own clock, before it believes in the lock. Without a
      lease of one's own the service makes one of 60 s that nobody keeps alive: a trap that is not set here.
      Failure window: from the expiry of the lease until the holder notices. A lost answer to `Lock` may leave it taken;
      after the reconnect the key, whose name is known, is deleted.
      Round trips under the lock: those of the store (over etcd: 1 to read, 1 to write) and 1 to release, each write synced
      to disk. Calls of gRPC, as `etcd.lock`.
      Source: etcd v3 API reference, "concurrency: service Lock"; `server/etcdserver/api/v3lock/lock.go`, version 3.4.
      """#,
    "etcd.none": #"""
      `etcd.none`: read, decide, put, without a comparison. A planted control: the checkers must catch it.

      Algorithm: one transaction reads all records, decide in the program, one transaction puts the changed ones whatever
      they are by then.
      Guarantees: that several records read belong to one moment, and that several change together.
      Does not guarantee: that an acknowledged update stays.
      Failure window: from the read to the put, at all times.
      Round trips under the lock: 0; nothing is held.
      Source: the lost update P4 of Berenson et al. 1995, "A Critique of ANSI SQL Isolation Levels".
      """#,
    "etcd.stm": #"""
      `etcd.stm`: software transactional memory of etcd's Go client, at its default isolation, serializable snapshot.

      Algorithm: the first record is read with a range request, whose revision every further read asks for, one request per
      record: a snapshot. Decide; one transaction compares `MOD(key) == revision` for each record that was read, and puts
      the changed ones. If a comparison fails, its other branch reads all records again in the same request, and the next
      attempt begins with those: a `conflict` costs one round trip less than with `etcd.txn`. Operations that only read
      end without a transaction, for a snapshot needs no check.
      Guarantees: no lost update; several records change together; several values read belong to one moment, which is not
      before the operation began.
      Does not guarantee: progress of one worker. The Go client tries again at once and for ever; here the scenario's retry
      policy decides, and values that were fetched before a long backoff are more often out of date: state
      `retry: {backoff: none}` for what the client does.
      Failure window: none; nothing is held. A lost answer to the transaction leaves the outcome `unknown`.
      Round trips under the lock: 0; a first attempt takes 1 per record and 1 to write, each further one 1. Requests are
      calls of gRPC, as those of etcd's own clients.
      Source: go.etcd.io/etcd/client/v3/concurrency, `NewSTM` with `SerializableSnapshot` (`stmSerializable` with
      `prefetch`).
      """#,
    "etcd.txn": #"""
      `etcd.txn`: a transaction that writes only if nobody has written since the read: compare and set.

      Algorithm: one transaction of reads gives values and revisions of all records; decide; one transaction compares
      `MOD(key) == revision` for each record that was read, and puts the changed ones. If a comparison fails, nothing is
      written: a `conflict`, and the retry policy decides when to read again. Operations that only read end with the first
      transaction.
      Guarantees: no lost update; several records change together; several values read belong to one moment, and are the
      newest (reads go through the leader's quorum).
      Does not guarantee: progress of one worker: under contention most attempts lose.
      Failure window: none; nothing is held. A lost answer to the second transaction leaves the outcome `unknown`.
      Round trips under the lock: 0; an attempt takes 2. Requests are calls of gRPC, as those of etcd's own clients.
      Source: etcd v3 API, "Transaction"; `clientv3.OpPut` under `If(Compare(ModRevision(key), "=", revision))`.
      """#,
    "floor.etcd-range": #"""
      `floor.etcd-range`: what any request to etcd costs at least.

      Algorithm: one serializable `Range` of the operation's first record, answered by the server at hand from its memory.
      Guarantees: nothing, and changes nothing: a measure for the others.
      Round trips under the lock: 0; nothing is held. 1 per operation, a call of gRPC.
      Source: etcd v3 API, "Range".
      """#,
  ]
}
