internal import Model
internal import Runtime

/// `postgres.purge`: what a scheduled job does, without a guard. Any lock goes around it.
struct PurgeStrategy: Strategy, ~Copyable {
  private var session: Session
  private let settings: Settings
  private let worker: WorkerContext
  private let traffic: LiveTraffic?

  /// What the workers of a process share.
  struct Settings: Sendable {
    let plan: SessionPlan
    let job: JobSettings
    let workers: Int
    let begin: Statement
    /// Rows of a transaction; 0 for all at once.
    let batch: Int
    let namesTick: Bool
  }

  static func configure(_ environment: StrategyEnvironment) throws(SetupFailure) -> Settings {
    guard let job = environment.job else { throw SetupFailure("it runs nothing but jobs") }
    let level = PurgeIsolation(rawValue: environment.options.word("isolation")) ?? .readCommitted
    let plan = try SessionPlan(
      environment,
      [
        level.begin, .commit, .rollback, JobStatements.seed, JobStatements.beginRun, JobStatements.endRun,
        JobStatements.failRun, JobStatements.purge, JobStatements.purgeBatch,
      ] + LiveTraffic.statements)
    return Settings(
      plan: plan, job: job, workers: environment.workers, begin: level.begin,
      batch: environment.options.integer("batch"), namesTick: false)
  }

  static func open(_ settings: Settings, _ worker: WorkerContext) async throws(SetupFailure) -> PurgeStrategy {
    var session = try await Session(settings.plan, worker)
    if worker.index == 0 {
      session.connection.parameters.set(0, int8: Int64(settings.job.rows))
      do throws(AttemptFailure) {
        try await session.connection.run(JobStatements.seed, parameters: 1)
      } catch {
        throw SetupFailure("the table of the job cannot be filled: \(session.connection.reply.errorText ?? "")")
      }
    }
    guard settings.job.traffic > 0 else { return PurgeStrategy(session, settings, worker, nil) }
    let traffic = LiveTraffic(
      session: try await Session(settings.plan, worker),
      interval: 1_000_000_000 * Int64(settings.workers) / Int64(settings.job.traffic), worker)
    traffic.start()
    return PurgeStrategy(session, settings, worker, traffic)
  }

  private init(
    _ session: consuming Session, _ settings: Settings, _ worker: WorkerContext, _ traffic: LiveTraffic?
  ) {
    self.session = session
    self.settings = settings
    self.worker = worker
    self.traffic = traffic
  }

  mutating func reopen() async throws(SetupFailure) { try await session.reopen() }
  consuming func close() async { traffic?.end() }

  /// Writes down the run, does the work, writes down its end. A run whose work was taken back is written down as failed.
  mutating func perform(_ attempt: inout Attempt) async throws(AttemptFailure) -> AttemptResult {
    let lateness = settings.job.lateness(ofWorker: worker.index, of: settings.workers)
    session.connection.parameters.set(0, int8: settings.job.tick(at: monotonicNow(), lateness: lateness))
    session.connection.parameters.set(1, int4: Int32(worker.index))
    var run: Int64 = 0
    do throws(AttemptFailure) {
      try await session.connection.run(JobStatements.beginRun, parameters: 2)
      run = session.connection.reply[0, 0]
      let began = monotonicNow()
      attempt.enter()
      let deleted = try await purge(attempt)
      attempt.leave()
      worker.stages.record(JobStage.purge.rawValue, nanoseconds: monotonicNow() &- began)
      session.connection.parameters.set(0, int8: run)
      session.connection.parameters.set(1, int8: deleted)
      try await session.connection.run(JobStatements.endRun, parameters: 2, decides: true)
      attempt.values[0] = 0
      return .committed
    } catch {
      let failure = await session.connection.abandon(error, attempt)
      if run != 0 && !failure.breaksSession && failure != .ambiguous {
        session.connection.parameters.set(0, int8: run)
        try? await session.connection.run(JobStatements.failRun, parameters: 1)
      }
      throw failure
    }
  }

  /// Deletes what is old, in one transaction or in several. Returns how many rows.
  private mutating func purge(_ attempt: Attempt) async throws(AttemptFailure) -> Int64 {
    var deleted = 0
    let end = monotonicNow() &+ settings.job.work.nanoseconds
    while true {
      try await session.connection.run(settings.begin)
      if settings.batch > 0 {
        session.connection.parameters.set(0, int8: Int64(settings.batch))
        try await session.connection.run(JobStatements.purgeBatch, parameters: 1)
      } else {
        try await session.connection.run(JobStatements.purge)
      }
      let count = session.connection.reply.affected
      deleted += count
      let isLast = settings.batch == 0 || count < settings.batch
      // The rest of the work belongs to the last transaction.
      if isLast { await attempt.sleep(nanoseconds: max(0, end &- monotonicNow())) }
      try await session.connection.commit(decides: false)
      if isLast { return Int64(deleted) }
    }
  }
}

/// At which level a purge deletes.
enum PurgeIsolation: String, CaseIterable {
  case readCommitted = "read-committed"
  case repeatableRead = "repeatable-read"
  case serializable

  var begin: Statement {
    switch self {
    case .readCommitted: .begin
    case .repeatableRead: RepeatableRead.begin
    case .serializable: Serializable.begin
    }
  }
}
