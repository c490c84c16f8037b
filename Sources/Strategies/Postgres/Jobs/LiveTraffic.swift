internal import Model
internal import Runtime

/// What others do meanwhile to the table that a job tidies up: a task beside each worker, on the same loop and with a
/// connection of its own. Its times are stages: those of writes while a run is under way, and of all others.
final class LiveTraffic: @unchecked Sendable {  // because it is used on the thread of its loop only
  private var session: Session
  private let interval: Int64
  private let worker: WorkerContext
  private var random: RandomSource
  private let companion: Companion

  /// - Parameter interval: from one statement to the next, in nanoseconds.
  init(session: consuming Session, interval: Int64, _ worker: WorkerContext) {
    self.session = session
    self.interval = interval
    self.worker = worker
    random = worker.random
    companion = Companion(worker.loop)
  }

  static let statements = [JobStatements.insert, JobStatements.update, JobStatements.read]

  /// Begins to send.
  func start() { worker.loop.start { await self.run() } }

  /// Ends after the statement in hand.
  func end() { companion.end() }

  private func run() async {
    var due = monotonicNow()
    var turn = 0
    while !companion.hasEnded {
      do throws(AttemptFailure) {
        try await send(Self.statements[turn], isWrite: turn < 2)
      } catch {
        if session.connection.isLost || error.breaksSession { await reconnect() }
      }
      turn = (turn + 1) % Self.statements.count
      // Who is late sends at once, but does not catch up on what it has missed.
      due = max(due &+ interval, monotonicNow())
      await companion.sleep(until: due)
    }
  }

  private func send(_ statement: Statement, isWrite: Bool) async throws(AttemptFailure) {
    session.connection.parameters.set(0, int8: Int64(random.below(1 << 40)))
    let began = monotonicNow()
    try await session.connection.run(statement, parameters: 1)
    guard isWrite, session.connection.reply.rows == 1 else { return }
    let isBeside = session.connection.reply[0, 0] != 0
    worker.stages.record(
      (isBeside ? JobStage.writeDuringRun : .write).rawValue, nanoseconds: monotonicNow() &- began)
  }

  private func reconnect() async {
    await companion.insist { () async throws(SetupFailure) in
      try await session.reopen()
      worker.events.add(.reconnects)
    }
  }
}

/// Stages of a job, in their order.
enum JobStage: Int, CaseIterable {
  case purge, write, writeDuringRun
  /// From a tick, as the schedule has it, to the beginning of its run.
  case lateness

  static let names = ["purge", "live-write", "live-write-during-run", "lateness"]
}
