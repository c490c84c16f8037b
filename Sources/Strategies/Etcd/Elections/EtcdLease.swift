#if Etcd
internal import Model
internal import Runtime

/// `etcd.lease-record`: what it is over a store.
enum EtcdLease {
  static let documentation = Documentation(
    introduction: "a leader as Kubernetes elects one, with a key of etcd in the place of a Lease object.",
    algorithm: """
      that of client-go's `leaderelection`, as `postgres.lease` has it, over the value of a key (holder, duration,
      transitions). It is replaced by a transaction that compares the revision of its last write, which is what an API
      server makes of a `PUT` with a `resourceVersion`; this one asks etcd without it. The key has no lease of etcd's:
      candidates go by how long they have not seen it change.
      """,
    guarantees: "the same as `postgres.lease`.", doesNotGuarantee: "the same as `postgres.lease`.",
    failureWindow: """
      from the end of a pause that is longer than `lease-duration`, for up to `renew-deadline`. A leader that dies is
      replaced after `lease-duration` and up to 2.2 times `retry-period`.
      """,
    roundTrips: """
      those of the store; beside them the leader sends 1 in a `retry-period`, synced to disk, a candidate about 1 in 1.6,
      and each session keeps a lease of etcd's alive by which the driver sees it.
      """,
    source: "Kubernetes `client-go/tools/leaderelection`, `leaderelection.go`; its defaults are 15 s, 10 s and 2 s.")

  static func descriptor(over store: String) -> StrategyDescriptor {
    StrategyDescriptor(
      id: "etcd.lease-record", summary: "Kubernetes' way to elect a leader, over a key with a revision",
      documentation: documentation, needs: ["etcd"], store: store, stores: [store],
      options: EtcdConfiguration.options + LeaseTimes.options, scope: .network, threading: .shared,
      applicability: .election, returnsValues: true, roundTripsUnderLock: store == "memory" ? 0 : 2)
  }
}
#endif
