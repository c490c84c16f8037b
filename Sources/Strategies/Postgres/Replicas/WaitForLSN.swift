internal import Model
internal import Runtime

/// `postgres-replicas.wait-for-lsn`: a read waits until its standby is as far as the worker has seen.
struct WaitForLSN: ReplicaReading {
  static let documentation = Documentation(
    introduction: "a worker knows how far it has seen, and reads from a standby when it is as far.",
    algorithm: """
      a change is one guarded `UPDATE ... RETURNING` on the primary, after which the worker asks there for
      `pg_current_wal_flush_lsn()`; every read brings along how far its server was, and the highest position counts. Each
      read goes to the next standby. If it was not known to be as far, it is asked `pg_last_wal_replay_lsn() >= $1` until it
      is, and for `wait-limit` at most; then the primary answers, and the standby is left alone for ten times as long. The
      position after a change must be that of the flush:
      the insert position may lie behind a page header that no standby reaches before somebody writes again.
      """,
    guarantees: "that a worker sees its own changes, and never less than it has seen, on whatever server.",
    doesNotGuarantee: "reads of the latest value: what others have changed meanwhile may be missing.",
    failureWindow: """
      none while the primary lives. After a fail-over positions of the old timeline mean nothing: what was lost is gone, and
      a standby that follows nobody any more is waited for once.
      """,
    roundTrips: "0 for one record; one more for each change, and one for each poll before a read.",
    source: """
      Terry et al. 1994, "Session Guarantees for Weakly Consistent Replicated Data"; PostgreSQL manual, section 9.27.4;
      `WAIT FOR LSN` of PostgreSQL 19 does it without polls.
      """)

  /// What nobody has flushed is not sent, so that a commit which waits for nothing must not be waited for.
  private static let levels = CommitLevel.allCases.filter { $0 != .off }

  static let descriptor = StrategyDescriptor(
    replicas: "wait-for-lsn", summary: "primary and standbys: reads wait for what the worker has seen",
    documentation: documentation,
    options: [
      OptionSpecification(
        "wait-limit", .duration(.zero ... .seconds(60)), default: .duration(.seconds(1)),
        "How long a read waits for a standby before it asks the primary."),
      ReplicationSettings.lag, ReplicationSettings.commitLevel(levels),
      ReplicationSettings.synchronousStandbys(default: 0),
    ], grade: .interesting, stages: ["lag", "wait"])
  private static let waitStage = 1

  private let stages: StageRecorder
  private let waitLimit: Int64
  private var turn: Int
  /// How far the worker has seen; `Int64.max` when that is not known, which no standby reaches.
  private var seen: Int64 = 0
  /// How far each server was when it was asked last.
  private var reached: [Int64] = []
  /// When to ask each server again that was too late.
  private var leftAloneUntil: [Int64] = []
  private var waited: Int64?

  init(_ options: Options, _ worker: WorkerContext) {
    stages = worker.stages
    waitLimit = options.duration("wait-limit").nanoseconds
    turn = worker.index
  }

  /// On a primary what is visible was flushed.
  static var read: Statement {
    Statement(
      "read-position",
      """
      SELECT value, CASE WHEN pg_is_in_recovery() THEN pg_last_wal_replay_lsn() ELSE pg_current_wal_flush_lsn() END
      FROM records WHERE id = $1
      """)
  }
  static var further: [Statement] { [flushed, isReplayed] }
  private static var flushed: Statement { Statement("flushed", "SELECT pg_current_wal_flush_lsn()") }
  /// One that was promoted replays no more, and has all there is.
  private static var isReplayed: Statement {
    Statement("is-replayed", "SELECT pg_last_wal_replay_lsn() >= $1 OR NOT pg_is_in_recovery()")
  }

  mutating func choose(_ members: ReplicaMembers, _ attempt: Attempt) async throws(AttemptFailure) -> Int {
    turn &+= 1
    let position = members.readable[turn % members.readable.count]
    waited = nil
    if position == members.primary || seen <= entry(position, of: reached) { return position }
    let began = monotonicNow()
    if seen == .max || began < entry(position, of: leftAloneUntil) { return members.primary }
    var pause: Int64 = 100_000
    while try await !isReplayed(position, members, attempt) {
      let now = monotonicNow()
      if now &- began >= waitLimit {
        set(position, of: &leftAloneUntil, to: now &+ 10 &* waitLimit)
        return members.primary
      }
      attempt.count(.polls)
      await attempt.sleep(nanoseconds: pause)
      pause = min(pause &* 2, 2_000_000)
    }
    waited = monotonicNow() &- began
    return position
  }

  private func entry(_ position: Int, of list: [Int64]) -> Int64 { position < list.count ? list[position] : 0 }

  private func set(_ position: Int, of list: inout [Int64], to value: Int64) {
    while list.count <= position { list.append(0) }
    list[position] = value
  }

  private func isReplayed(
    _ position: Int, _ members: ReplicaMembers, _ attempt: Attempt
  ) async throws(AttemptFailure) -> Bool {
    try await members.with(position) { connection throws(AttemptFailure) in
      do throws(AttemptFailure) {
        connection.parameters.set(0, int8: seen)
        try await connection.run(Self.isReplayed, parameters: 1)
        return connection.reply[0, 0] != 0
      } catch {
        throw await connection.abandon(error, attempt)
      }
    }
  }

  mutating func hasRead(from position: Int, progress: Int64) {
    if let waited { stages.record(Self.waitStage, nanoseconds: waited) }
    set(position, of: &reached, to: progress)
    seen = seen == .max ? progress : max(seen, progress)
  }

  /// A position that cannot be had makes no change undone: the next read goes to the primary, which tells another.
  mutating func hasChanged(_ members: ReplicaMembers) async {
    do throws(AttemptFailure) {
      let position = try await members.with(members.primary) { connection throws(AttemptFailure) in
        try await connection.run(Self.flushed)
        return connection.reply[0, 0]
      }
      seen = seen == .max ? .max : max(seen, position)
    } catch {
      seen = .max
    }
  }
}
