internal import Model
internal import Runtime

/// `postgres-replicas.sticky-reads`: to the primary for a while after a change.
struct StickyReads: ReplicaReading {
  static let documentation = Documentation(
    introduction: "a worker reads from one standby, and for a while after a change of its own from the primary.",
    algorithm: """
      a change is one guarded `UPDATE ... RETURNING` on the primary, after which the worker reads there for `after-write`;
      at all other times it reads from the standby that is its own.
      """,
    guarantees: "that who has changed something sees it, as long as the standby lags less than `after-write`.",
    doesNotGuarantee: """
      anything once a standby lags more; reads of the latest value; that time does not go back: who returns from the
      primary to a standby that is behind finds less there than it has seen. Reads from one standby alone never go back.
      """,
    failureWindow: "whenever the lag is above `after-write`; and each return to the standby.",
    roundTrips: "0 for one record.",
    source: "Rails, \"Multiple Databases with Active Record\", whose `delay` is 2 s; Django's and Laravel's `sticky`.")

  static let descriptor = StrategyDescriptor(
    replicas: "sticky-reads", summary: "primary and standbys: reads on the primary for a while after a change",
    documentation: documentation,
    options: [
      OptionSpecification(
        "after-write", .duration(.zero ... .seconds(60)), default: .duration(.milliseconds(100)),
        "For how long a worker reads from the primary after a change of its own."),
      ReplicationSettings.lag, ReplicationSettings.commitLevel(), ReplicationSettings.synchronousStandbys(default: 0),
    ], grade: .interesting, stages: ["lag"])
  private let worker: Int
  private let afterWrite: Int64
  private var readsFromPrimaryUntil = Int64.min

  init(_ options: Options, _ worker: WorkerContext) {
    self.worker = worker.index
    afterWrite = options.duration("after-write").nanoseconds
  }

  mutating func choose(_ members: ReplicaMembers, _ attempt: Attempt) async throws(AttemptFailure) -> Int {
    monotonicNow() < readsFromPrimaryUntil ? members.primary : members.readable[worker % members.readable.count]
  }

  mutating func hasChanged(_ members: ReplicaMembers) async { readsFromPrimaryUntil = monotonicNow() &+ afterWrite }
}
