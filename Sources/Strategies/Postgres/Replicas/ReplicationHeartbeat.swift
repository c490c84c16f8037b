internal import Model
internal import Runtime

/// Measures how far standbys lag behind, beside worker 0 and with sessions of its own: a number is written on the primary
/// and looked for on one standby after the other, from the moment at which it was acknowledged. One clock tells, and none
/// of a server.
final class ReplicationHeartbeat: @unchecked Sendable {  // because it is used on the thread of its loop only
  /// The position of `lag` among the stages of a strategy that reads from standbys.
  static let lagStage = 0
  static let statements = [beat, seen]
  /// Between two beats.
  private static let interval: Int64 = 50_000_000
  /// A standby that is so late is left alone: it follows nobody any more.
  private static let patience: Int64 = 5_000_000_000

  private let members: ReplicaMembers
  private let worker: WorkerContext
  private let companion: Companion
  private var turn = 0

  init(_ members: ReplicaMembers, _ worker: WorkerContext) {
    self.members = members
    self.worker = worker
    companion = Companion(worker.loop)
  }

  private static var beat: Statement {
    Statement(
      "beat", "INSERT INTO heartbeats VALUES (1, $1) ON CONFLICT (id) DO UPDATE SET beat = excluded.beat")
  }
  private static var seen: Statement { Statement("seen", "SELECT coalesce(max(beat), 0) FROM heartbeats") }

  /// Begins to measure.
  func start() { worker.loop.start { await self.run() } }

  /// Ends after the statement in hand.
  func end() { companion.end() }

  private func run() async {
    while !companion.hasEnded {
      do throws(AttemptFailure) {
        try await measure()
      } catch {
        members.forgetPrimary()
        try? await members.reopen()
      }
      await companion.pause(Self.interval)
    }
  }

  private func measure() async throws(AttemptFailure) {
    let number = monotonicNow()
    try await members.with(members.primary) { connection throws(AttemptFailure) in
      connection.parameters.set(0, int8: number)
      try await connection.run(Self.beat, parameters: 1)
    }
    let written = monotonicNow()
    let standby = members.readable[turn % members.readable.count]
    turn &+= 1
    guard standby != members.primary else { return }
    while !companion.hasEnded {
      let seen = try await members.with(standby) { connection throws(AttemptFailure) in
        try await connection.run(Self.seen)
        return connection.reply[0, 0]
      }
      let elapsed = monotonicNow() &- written
      if seen >= number { return worker.stages.record(Self.lagStage, nanoseconds: elapsed) }
      if elapsed > Self.patience { return }
      // So that what is measured is an eighth too long at most.
      await companion.pause(min(100_000 + elapsed / 8, 20_000_000))
    }
  }
}
