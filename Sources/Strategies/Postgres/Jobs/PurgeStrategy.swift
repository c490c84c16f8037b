internal import Model
internal import Runtime

/// What a scheduled job does, with a guard of its own or none. Any lock goes around it.
struct PurgeStrategy<Guard: TickGuard>: Strategy, ~Copyable {
  private var session: Session
  /// Where runs are written down, beside the transaction of the work.
  private var book: Session
  private let settings: Settings
  private let worker: WorkerContext
  private var traffic: LiveTraffic?
  private var otherJob: OtherJob?

  /// What the workers of a process share.
  struct Settings: Sendable {
    let plan: SessionPlan
    let job: JobSettings
    let workers: Int
    let begin: Statement
    /// Rows of a transaction; 0 for all at once.
    let batch: Int
    let tickGuard: Guard
  }

  static func configure(_ environment: StrategyEnvironment) throws(SetupFailure) -> Settings {
    guard let job = environment.job else { throw SetupFailure("it runs nothing but jobs") }
    let level = PurgeIsolation(rawValue: environment.options.word("isolation")) ?? .readCommitted
    let plan = try SessionPlan(
      environment,
      [
        level.begin, .commit, .rollback, JobStatements.seed, JobStatements.schedule, JobStatements.beginRun,
        JobStatements.now, JobStatements.endRun, JobStatements.failRun, JobStatements.purge, JobStatements.purgeBatch,
      ] + Guard.statements + LiveTraffic.statements)
    let batch: Int = if case .integer(let rows)? = environment.options.values["batch"] { rows } else { 0 }
    return Settings(
      plan: plan, job: job, workers: environment.workers, begin: level.begin, batch: batch,
      tickGuard: Guard(environment.options))
  }

  static func open(_ settings: Settings, _ worker: WorkerContext) async throws(SetupFailure) -> PurgeStrategy<Guard> {
    var session = try await Session(settings.plan, worker)
    if worker.index == 0 {
      session.connection.parameters.set(0, int8: Int64(settings.job.rows))
      do throws(AttemptFailure) {
        try await session.connection.run(JobStatements.seed, parameters: 1)
        try await session.connection.run(JobStatements.schedule)
      } catch {
        throw SetupFailure("the table of the job cannot be filled: \(session.connection.reply.errorText ?? "")")
      }
    }
    let book = try await Session(settings.plan, worker)
    var strategy = PurgeStrategy(session, book, settings, worker)
    if settings.job.traffic > 0 {
      let interval = 1_000_000_000 * Int64(settings.workers) / Int64(settings.job.traffic)
      strategy.traffic = LiveTraffic(session: try await Session(settings.plan, worker), interval: interval, worker)
      strategy.traffic?.start()
    }
    if worker.index == 0, let take = settings.tickGuard.takenByOtherJob {
      strategy.otherJob = OtherJob(
        session: try await Session(settings.plan, worker), take: take, settings.job, worker)
      strategy.otherJob?.start()
    }
    return strategy
  }

  private init(
    _ session: consuming Session, _ book: consuming Session, _ settings: Settings, _ worker: WorkerContext
  ) {
    self.session = session
    self.book = book
    self.settings = settings
    self.worker = worker
  }

  mutating func reopen() async throws(SetupFailure) {
    try await session.reopen()
    try await book.reopen()
  }
  consuming func close() async {
    traffic?.end()
    otherJob?.end()
  }

  /// Asks the guard, writes down the run, does the work, writes down its end. A run whose work was taken back is written
  /// down as failed.
  mutating func perform(_ attempt: inout Attempt) async throws(AttemptFailure) -> AttemptResult {
    let lateness = settings.job.lateness(ofWorker: worker.index, of: settings.workers)
    let tick = settings.job.tick(at: monotonicNow(), lateness: lateness)
    var openRun: Int64?
    do throws(AttemptFailure) {
      guard
        try await settings.tickGuard.begin(settings.begin, tick: tick, worker: worker.index, &session.connection)
      else {
        await session.connection.rollBack()
        return .refused
      }
      let began = monotonicNow()
      book.connection.parameters.set(0, int8: tick)
      book.connection.parameters.set(1, int4: Int32(worker.index))
      try await write(JobStatements.beginRun, parameters: 2, attempt)
      let run = book.connection.reply[0, 0]
      openRun = run
      attempt.enter()
      let (deleted, ended) = try await purge(attempt)
      attempt.leaveVisibly()
      openRun = nil
      worker.stages.record(JobStage.purge.rawValue, nanoseconds: monotonicNow() &- began)
      worker.stages.record(
        JobStage.lateness.rawValue, nanoseconds: began &- tick &* settings.job.period.nanoseconds)
      book.connection.parameters.set(0, int8: run)
      book.connection.parameters.set(1, int8: deleted)
      book.connection.parameters.set(2, int8: ended)
      try await write(JobStatements.endRun, parameters: 3, decides: true, attempt)
      attempt.values[0] = 0
      return .committed
    } catch {
      let failure = await session.connection.abandon(error, attempt)
      if let openRun, !failure.breaksSession {
        book.connection.parameters.set(0, int8: openRun)
        try? await book.connection.run(JobStatements.failRun, parameters: 1)
      }
      throw failure
    }
  }

  /// Writes about a run, beside its transaction, so that it stands whatever becomes of that.
  private mutating func write(
    _ statement: Statement, parameters: Int32, decides: Bool = false, _ attempt: Attempt
  ) async throws(AttemptFailure) {
    do throws(AttemptFailure) {
      try await book.connection.run(statement, parameters: parameters, decides: decides)
    } catch {
      throw await book.connection.abandon(error, attempt)
    }
  }

  /// Deletes what is old, in the transaction in hand or in several. Returns how many rows, and when the work ended by the
  /// server's clock: before the commit, for another run may begin right after it.
  private mutating func purge(_ attempt: Attempt) async throws(AttemptFailure) -> (deleted: Int64, ended: Int64) {
    var deleted = 0
    let end = monotonicNow() &+ settings.job.work.nanoseconds
    while true {
      if settings.batch > 0 {
        session.connection.parameters.set(0, int8: Int64(settings.batch))
        try await session.connection.run(JobStatements.purgeBatch, parameters: 1)
      } else {
        try await session.connection.run(JobStatements.purge)
      }
      let count = session.connection.reply.deleted
      deleted += count
      if settings.batch == 0 || count < settings.batch { break }
      try await session.connection.commit(decides: false)
      try await session.connection.run(settings.begin)
    }
    // The rest of the work belongs to the last transaction.
    await attempt.sleep(nanoseconds: max(0, end &- monotonicNow()))
    try await session.connection.run(JobStatements.now)
    let ended = session.connection.reply[0, 0]
    try await session.connection.commit(decides: false)
    return (Int64(deleted), ended)
  }
}
