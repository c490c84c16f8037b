internal import Model
internal import Runtime

/// A job of somebody else in the same database, with an advisory lock of its own: a task beside the first worker, over a
/// connection of its own. It is due at every second tick, a little before the pods are.
final class OtherJob: @unchecked Sendable {  // because it is used on the thread of its loop only
  private var session: Session
  private let take: Statement
  private let job: JobSettings
  private let worker: WorkerContext
  private let companion: Companion

  /// - Parameter take: takes its lock, for as long as the session lasts or until all are given back.
  init(session: consuming Session, take: Statement, _ job: JobSettings, _ worker: WorkerContext) {
    self.session = session
    self.take = take
    self.job = job
    self.worker = worker
    companion = Companion(worker.loop)
  }

  private static var release: Statement { Statement("other-job-end", "SELECT 1 FROM pg_advisory_unlock_all()") }
  static let statements = [release]

  /// Begins with the next tick of an even number.
  func start() { worker.loop.start { await self.run() } }

  /// Ends what it is doing, and does no more.
  func end() { companion.end() }

  private func run() async {
    // Nobody takes this for a race: it has the lock before any pod wakes, and until the last one has looked.
    let lead = job.period.nanoseconds / 4
    let stay = job.skew.nanoseconds + job.jitter.nanoseconds + lead
    var tick = (monotonicNow() + lead) / job.period.nanoseconds / 2 * 2 + 2
    while !companion.hasEnded {
      await companion.sleep(until: tick * job.period.nanoseconds - lead)
      if companion.hasEnded { return }
      do throws(AttemptFailure) {
        try await session.connection.run(take)
        await companion.sleep(until: tick * job.period.nanoseconds + stay)
        try await session.connection.run(Self.release)
      } catch {
        // Without its connection it has no lock, and is gone for good.
        return
      }
      tick += 2
    }
  }
}
