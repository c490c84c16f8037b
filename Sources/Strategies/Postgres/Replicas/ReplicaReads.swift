internal import Model
internal import Runtime

/// `postgres-replicas.replica-reads`: what a load balancer before the standbys does.
struct ReplicaReads: ReplicaReading {
  static let documentation = Documentation(
    introduction: "each read on the next standby in turn, whatever was written: what a load balancer before them does.",
    algorithm: """
      a change is one guarded `UPDATE ... RETURNING` on the primary; a read is one `SELECT` on the next standby.
      """,
    guarantees: "that reads see a committed value, some time after it was written.",
    doesNotGuarantee: """
      reads of the latest value; that who has changed something sees it; that time does not go back from one read to the
      next, because one standby may be behind another.
      """,
    failureWindow: "from an acknowledgement until each standby has applied the change, at all times.",
    roundTrips: "0 for one record.",
    source: """
      Terry et al. 1994, "Session Guarantees for Weakly Consistent Replicated Data"; PostgreSQL manual, section 27.4.
      """)

  static let descriptor = StrategyDescriptor(
    replicas: "replica-reads", summary: "primary and standbys: each read on the next standby",
    documentation: documentation,
    options: [
      ReplicationSettings.lag, ReplicationSettings.commitLevel(), ReplicationSettings.synchronousStandbys(default: 0),
    ], grade: .interesting, stages: ["lag"])
  private var turn: Int

  init(_ options: Options, _ worker: WorkerContext) { turn = worker.index }

  mutating func choose(_ members: ReplicaMembers, _ attempt: Attempt) async throws(AttemptFailure) -> Int {
    turn &+= 1
    return members.readable[turn % members.readable.count]
  }
}
