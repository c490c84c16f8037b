internal import Model
internal import Scripts

/// Looks at the invariants of a user's scripts while transactions run, in a session of its own beside the first worker.
final class ScriptAuditor<Client: ScriptClient & ~Copyable>: @unchecked Sendable {
  // because it is used on the thread of its loop only
  private var session: Client?
  private let program: ScriptProgram
  private let interval: Int64
  private let worker: WorkerContext
  private let companion: Companion

  init(_ session: consuming Client, _ program: ScriptProgram, every interval: Int64, _ worker: WorkerContext) {
    self.session = consume session
    self.program = program
    self.interval = interval
    self.worker = worker
    companion = Companion(worker.loop)
  }

  /// Goes on until ``end()``.
  func start() { worker.loop.start { await self.run() } }

  /// Lets it end with the look in hand.
  func end() { companion.end() }

  private func run() async {
    var next = monotonicNow()
    while !companion.hasEnded {
      // Looks that take long are not made up for.
      next = max(next &+ interval, monotonicNow())
      await companion.sleep(until: next)
      if !companion.hasEnded { await look() }
    }
    await session.take()?.close()
  }

  private func look() async {
    do throws(AttemptFailure) {
      guard let held = try await session?.audit(program) else { return }
      worker.events.add(.auditedSnapshots)
      if !held { worker.events.add(.unbalancedSnapshots) }
    } catch {
      if error.breaksSession { try? await session?.reopen() }
    }
  }
}
