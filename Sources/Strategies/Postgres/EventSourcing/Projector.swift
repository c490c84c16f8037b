internal import Model
internal import Runtime

/// The projection of a trial: a task beside worker 0, on the same loop and with a connection of its own.
///
/// It keeps nothing that would be lost with it: where it goes on says the checkpoint.
final class Projector: @unchecked Sendable {  // because it is used on the thread of its loop only
  private var session: Session
  private let statement: Statement
  private let interval: Int64
  private let worker: WorkerContext
  private let companion: Companion

  init(session: consuming Session, _ settings: EventSettings, _ worker: WorkerContext) {
    self.session = session
    self.session.connection.keepAllRows()
    statement = settings.polling.statement
    interval = settings.pollInterval
    self.worker = worker
    companion = Companion(worker.loop)
  }

  /// Begins to project.
  func start() { worker.loop.start { await self.run() } }

  /// Ends after the poll in hand. What is left is projected after the trial.
  func end() { companion.end() }

  private func run() async {
    while !companion.hasEnded {
      do throws(AttemptFailure) {
        try await poll()
      } catch {
        // What failed left nothing behind, and is tried again.
        if session.connection.isLost || error.breaksSession { await reconnect() }
      }
      await companion.pause(interval)
    }
  }

  private func poll() async throws(AttemptFailure) {
    let sent = monotonicNow()
    try await session.connection.run(statement)
    let count = session.connection.reply.rows
    if count == 0 { return }
    worker.events.add(.projectedEvents, Int64(count))
    // The server has said how old each was when it was read; all are visible to readers now.
    let since = monotonicNow() &- sent
    for row in 0..<count {
      worker.stages.record(EventSettings.lagStage, nanoseconds: max(0, session.connection.reply[row, 0]) &+ since)
    }
  }

  private func reconnect() async {
    await companion.insist { () async throws(SetupFailure) in
      try await session.reopen()
      session.connection.keepAllRows()
      worker.events.add(.reconnects)
    }
  }
}
