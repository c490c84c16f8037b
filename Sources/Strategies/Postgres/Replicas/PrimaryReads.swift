internal import Model
internal import Runtime

/// `postgres-replicas.primary-reads`: standbys stand by.
struct PrimaryReads: ReplicaReading {
  static let documentation = Documentation(
    introduction: "everything on the primary; standbys only stand by to take its place.",
    algorithm: """
      a change is one guarded `UPDATE ... RETURNING`, as in `postgres.atomic`; a read is one `SELECT`. Both go to the
      primary. Who loses it, or hears that a server takes no writes (25006), connects to all servers, asks each for
      `pg_is_in_recovery()` and its timeline, and goes on with the one on the highest timeline that takes writes.
      """,
    guarantees: "reads of the latest value, as on one server.",
    doesNotGuarantee: """
      that an acknowledged change survives the loss of the primary: replication is asynchronous unless
      `synchronous-standbys` says otherwise, and then a commit waits as long as a standby does not answer.
      """,
    failureWindow: """
      from the acknowledgement until a standby has the change. An old primary that nobody has told takes writes from those
      who still reach it, and all of them are lost.
      """,
    roundTrips: "0 for one record.",
    source: "PostgreSQL manual, chapter 27, \"High Availability, Load Balancing, and Replication\".")

  static let descriptor = StrategyDescriptor(
    replicas: "primary-reads", summary: "primary and standbys: every read on the primary", documentation: documentation,
    options: [ReplicationSettings.commitLevel(), ReplicationSettings.synchronousStandbys(default: 0)],
    grade: .forbidden,
    stages: [])
  static let readsStandbys = false

  init(_ options: Options, _ worker: WorkerContext) {}

  mutating func choose(_ members: ReplicaMembers, _ attempt: Attempt) async throws(AttemptFailure) -> Int {
    members.primary
  }
}
