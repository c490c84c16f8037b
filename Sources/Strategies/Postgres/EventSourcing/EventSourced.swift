internal import Model
internal import Runtime

/// A record is a stream and its value the fold of its events: read, decide, append. Worker 0 projects the events into a
/// read model besides, on a connection of its own.
struct EventSourced<Form: EventForm>: Strategy, ~Copyable {
  private var session: Session
  private var form: Form
  private let settings: EventSettings
  private let stages: StageRecorder
  private let projector: Projector?
  private let versions = VersionBuffer()
  /// How far the projection must have come to know of this worker's last append.
  private var ownMark: Int64 = -1

  struct Configuration: Sendable {
    let plan: SessionPlan
    let projection: SessionPlan
    let form: Form
    let settings: EventSettings
  }

  static func configure(_ environment: StrategyEnvironment) throws(SetupFailure) -> Configuration {
    let settings = EventSettings(environment, Form.self)
    return Configuration(
      plan: try SessionPlan(
        environment,
        Form.statements + [.begin, .fold, .readModel, .snapshot, .commit, .rollback], appends: true),
      projection: try SessionPlan(environment, [settings.polling.statement], appends: true),
      form: Form(environment), settings: settings)
  }

  static func open(
    _ configuration: Configuration, _ worker: WorkerContext
  ) async throws(SetupFailure) -> EventSourced<Form> {
    let session = try await Session(configuration.plan, worker)
    guard worker.index == 0 else { return EventSourced(session: session, configuration, worker, nil) }
    let projector = Projector(
      session: try await Session(configuration.projection, worker), configuration.settings, worker)
    projector.start()
    return EventSourced(session: session, configuration, worker, projector)
  }

  private init(
    session: consuming Session, _ configuration: Configuration, _ worker: WorkerContext, _ projector: Projector?
  ) {
    self.session = session
    form = configuration.form
    settings = configuration.settings
    stages = worker.stages
    self.projector = projector
  }

  mutating func reopen() async throws(SetupFailure) { try await session.reopen() }
  consuming func close() async { projector?.end() }

  mutating func perform(_ attempt: inout Attempt) async throws(AttemptFailure) -> AttemptResult {
    do throws(AttemptFailure) {
      if attempt.operation.isReadOnly {
        if settings.readsModel { try await readModel(attempt) } else { try await readStreams(attempt) }
        return .committed
      }
      try await form.begin(&session.connection, &attempt)
      try await readStreams(attempt)
      await attempt.hold()
      guard attempt.decide() == .write else {
        await session.connection.rollBack()
        return .refused
      }
      try await append(attempt)
      await keepSnapshots(attempt)
      return .committed
    } catch {
      throw await session.connection.abandon(error, attempt)
    }
  }

  /// Folds the streams of all steps: the newest snapshot, and the events after it.
  private mutating func readStreams(_ attempt: Attempt) async throws(AttemptFailure) {
    let operation = attempt.operation
    session.connection.setKeys(0, operation)
    try await session.connection.run(.fold, parameters: 1)
    try session.connection.requireRecords(session.connection.reply.rows, of: operation.count)
    for index in 0..<operation.count {
      let row = session.connection.row(of: operation[index].key)
      attempt.values[index] = session.connection.reply[row, 1]
      versions[index] = session.connection.reply[row, 2]
      attempt.note(version: versions[index], step: index)
    }
  }

  /// Appends an event to every stream that the decision has looked at, those of steps that only look included: nothing
  /// else would notice that such a stream has moved on.
  private mutating func append(_ attempt: Attempt) async throws(AttemptFailure) {
    let operation = attempt.operation
    let began = monotonicNow()
    setEvents(attempt)
    try await form.append(&session.connection)
    try session.connection.requireRecords(session.connection.reply.rows, of: operation.count)
    let mark = highestMark
    if Form.isTransaction { try await session.connection.commit() }
    stages.record(EventSettings.appendStage, nanoseconds: monotonicNow() &- began)
    ownMark = mark
    for index in 0..<operation.count {
      attempt.note(version: versions[index] &+ 1, replacing: versions[index], step: index)
    }
  }

  private func setEvents(_ attempt: Attempt) {
    let operation = attempt.operation
    session.connection.parameters.beginArray(0)
    session.connection.parameters.beginWideArray(1)
    session.connection.parameters.beginWideArray(2)
    for index in 0..<operation.count {
      let step = operation[index]
      session.connection.parameters.append(0, int4: step.key)
      session.connection.parameters.append(1, int8: versions[index] &+ 1)
      session.connection.parameters.append(2, int8: step.change(token: operation.token))
    }
    let identity = attempt.identity
    session.connection.parameters.set(3, int4: Int32(truncatingIfNeeded: identity.worker))
    session.connection.parameters.set(4, int8: identity.number)
  }

  /// Of the events that the last answer names.
  private var highestMark: Int64 {
    let column = settings.polling == .naive ? 1 : 2
    var mark = session.connection.reply[0, column]
    var row = 1
    while row < session.connection.reply.rows {
      mark = max(mark, session.connection.reply[row, column])
      row &+= 1
    }
    return mark
  }

  /// Snapshots only spare time, so one that cannot be stored is not missed; a connection that is lost meanwhile shows with
  /// the next statement.
  private mutating func keepSnapshots(_ attempt: Attempt) async {
    guard settings.snapshotInterval > 0 else { return }
    for index in 0..<attempt.operation.count where (versions[index] &+ 1) % settings.snapshotInterval == 0 {
      if session.connection.isLost { return }
      session.connection.parameters.set(0, int4: attempt.operation[index].key)
      session.connection.parameters.set(1, int8: versions[index] &+ 1)
      session.connection.parameters.set(2, int8: attempt.values[index])
      try? await session.connection.run(.snapshot, parameters: 3)
    }
  }

  /// Answers from the read model; with `read-your-writes` as soon as it knows what this worker has appended.
  private mutating func readModel(_ attempt: Attempt) async throws(AttemptFailure) {
    let operation = attempt.operation
    let began = monotonicNow()
    var asked = began
    while true {
      session.connection.setKeys(0, operation)
      try await session.connection.run(.readModel, parameters: 1)
      try session.connection.requireRecords(session.connection.reply.rows, of: operation.count)
      // Negative where a row is newer than the checkpoint.
      var passed = Int64.max
      for row in 0..<operation.count { passed = min(passed, session.connection.reply[row, 2]) }
      if passed < 0 { attempt.count(.answersAhead) }
      guard settings.readsOwnWrites, passed >= 0, passed <= ownMark else { break }
      guard monotonicNow() &- began < settings.waitLimit else { throw .notAcquired }
      attempt.count(.polls)
      await attempt.sleep(nanoseconds: min(settings.pollInterval / 4 + 1, 1_000_000))
      asked = monotonicNow()
    }
    for index in 0..<operation.count {
      attempt.values[index] = session.connection.reply[session.connection.row(of: operation[index].key), 1]
    }
    if settings.readsOwnWrites { stages.record(EventSettings.waitStage, nanoseconds: asked &- began) }
  }
}

/// What every form reads and keeps.
extension Statement {
  /// Streams with value and version: one round trip, one moment.
  static var fold: Statement {
    Statement(
      "fold",
      """
      SELECT records.id, (coalesce(base.value, records.value) + coalesce(tail.amount, 0))::int8,
        coalesce(tail.version, base.version, 0)
      FROM records
      LEFT JOIN LATERAL (
        SELECT value, version FROM snapshots WHERE stream = records.id ORDER BY version DESC LIMIT 1
      ) AS base ON true
      LEFT JOIN LATERAL (
        SELECT sum(amount) AS amount, max(version) AS version FROM events
        WHERE stream = records.id AND version > coalesce(base.version, 0)
      ) AS tail ON true
      WHERE records.id = ANY ($1::int4[])
      """)
  }
  /// Values of the read model, and in the same snapshot how far its checkpoint is; -1 for one that is newer.
  static var readModel: Statement {
    Statement(
      "read-model",
      """
      SELECT records.id, records.value + coalesce(read_model.amount, 0),
        CASE WHEN read_model.position > checkpoint.position THEN -1 ELSE checkpoint.passed END
      FROM checkpoint, records LEFT JOIN read_model ON read_model.id = records.id
      WHERE records.id = ANY ($1::int4[])
      """)
  }
  static var snapshot: Statement {
    Statement(
      "snapshot", "INSERT INTO snapshots (stream, version, value) VALUES ($1, $2, $3) ON CONFLICT DO NOTHING")
  }
}
