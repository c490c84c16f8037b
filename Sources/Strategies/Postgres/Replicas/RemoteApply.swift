internal import Model
internal import Runtime

/// `postgres-replicas.remote-apply`: a change is acknowledged when every standby shows it.
struct RemoteApply: ReplicaReading {
  static let documentation = Documentation(
    introduction: "a change is acknowledged when every standby shows it, so that reads from any of them are fresh.",
    algorithm: """
      `synchronous_standby_names = 'FIRST 2 (...)'` names both standbys and sessions set `synchronous_commit =
      remote_apply`; a change is one guarded `UPDATE ... RETURNING` on the primary. A worker reads from one standby,
      because two of them apply a change at different moments.
      """,
    guarantees: """
      reads of the latest acknowledged value, and of nothing older than what a worker has read; acknowledged changes
      survive the loss of the primary.
      """,
    doesNotGuarantee: """
      progress: while one of the standbys that are named does not answer, every commit waits without limit, which
      `statement_timeout` does not end; a wait that is cancelled has committed all the same. Standbys that are not named
      show changes later: name all that are read from. A standby that was promoted names nobody before somebody tells it, and
      from then on reads from the others are as old as they are.
      """,
    failureWindow: "none for what was acknowledged; a change whose wait was cut short may have happened.",
    roundTrips: "0 for one record; the commit waits for the slowest standby to apply it.",
    source: "PostgreSQL manual, section 27.2.8, and `synchronous_commit`.")

  static let descriptor = StrategyDescriptor(
    replicas: "remote-apply", summary: "primary and standbys: commits wait until standbys show them",
    documentation: documentation,
    options: [ReplicationSettings.synchronousStandbys(default: 2), ReplicationSettings.lag], grade: .forbidden,
    stages: ["lag"])
  private let worker: Int

  static func commitLevel(_ options: Options) -> CommitLevel { .remoteApply }

  init(_ options: Options, _ worker: WorkerContext) { self.worker = worker.index }

  mutating func choose(_ members: ReplicaMembers, _ attempt: Attempt) async throws(AttemptFailure) -> Int {
    members.readable[worker % members.readable.count]
  }
}
