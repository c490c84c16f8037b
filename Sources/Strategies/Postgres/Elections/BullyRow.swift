internal import Model
internal import Runtime

/// A leader by a row with a heartbeat, as people write it, on a connection of its own: who finds the heartbeat too old
/// writes itself into the row, whatever has become of it meanwhile.
struct BullyRow: LeaseClient, ~Copyable {
  private var session: Session
  private let settings: Configuration
  /// No two sessions have the same.
  private let identity: Int64
  /// When the row was last written or found to be ours, by our clock.
  private var beatAt: Int64 = 0
  private var isLeading = false

  struct Configuration: Sendable {
    let plan: SessionPlan
    let heartbeat: Int64
    let expiry: Int64
    let delay: Int64
    let timeout: Int64
  }

  private static var look: Statement {
    Statement(
      "look",
      """
      SELECT leader, (extract(epoch FROM clock_timestamp() - heartbeat) * 1000000)::int8 FROM leaders WHERE name = $1
      """)
  }
  private static var insert: Statement {
    Statement(
      "insert",
      """
      INSERT INTO leaders (name, leader, heartbeat) VALUES ($1, $2, clock_timestamp())
      ON CONFLICT DO NOTHING RETURNING leader
      """)
  }
  private static var overwrite: Statement {
    Statement("overwrite", "UPDATE leaders SET leader = $2, heartbeat = clock_timestamp() WHERE name = $1")
  }
  private static var leave: Statement {
    Statement("leave", "UPDATE leaders SET heartbeat = 'epoch' WHERE name = $1 AND leader = $2")
  }

  static func configure(_ environment: StrategyEnvironment) throws(SetupFailure) -> Configuration {
    func nanoseconds(_ option: String) -> Int64 { environment.options.duration(option).nanoseconds }
    return Configuration(
      plan: try SessionPlan(environment, [look, insert, overwrite, leave]), heartbeat: nanoseconds("heartbeat"),
      expiry: nanoseconds("expiry"), delay: nanoseconds("delay"), timeout: nanoseconds("timeout"))
  }

  static func open(_ configuration: Configuration, _ worker: WorkerContext) async throws(SetupFailure) -> BullyRow {
    var random = worker.random
    return BullyRow(
      session: try await Session(configuration.plan, worker), settings: configuration,
      identity: Int64(truncatingIfNeeded: random.next()))
  }

  private init(session: consuming Session, settings: Configuration, identity: Int64) {
    self.session = session
    self.settings = settings
    self.identity = identity
  }

  /// Looks again and again whether there is no leader, or one that seems dead.
  mutating func acquire(_ key: Int32, shared: Bool, _ attempt: inout Attempt) async throws(AttemptFailure) {
    let end = monotonicNow() &+ settings.timeout
    while try await !overthrow(key, attempt) {
      attempt.count(.polls)
      try await attempt.waitAsCandidate(settings.heartbeat, until: end)
    }
    isLeading = true
    beatAt = monotonicNow()
  }

  /// Returns whether we take ourselves for the leader.
  private mutating func overthrow(_ key: Int32, _ attempt: Attempt) async throws(AttemptFailure) -> Bool {
    try await run(Self.look, 1, key, attempt)
    guard session.connection.reply.rows == 1 else {
      try await run(Self.insert, 2, key, attempt)
      return session.connection.reply.rows == 1
    }
    let age = session.connection.reply[0, 1] &* 1000
    if session.connection.reply[0, 0] != identity && age <= settings.expiry { return false }
    if settings.delay > 0 { await attempt.sleep(nanoseconds: settings.delay) }
    try await run(Self.overwrite, 2, key, attempt)
    return true
  }

  /// Writes the heartbeat when it is time, if the row still names us; between two heartbeats asks nobody.
  mutating func renew(_ key: Int32, _ attempt: inout Attempt) async throws(AttemptFailure) {
    if monotonicNow() < beatAt &+ settings.heartbeat { return }
    try await run(Self.look, 1, key, attempt)
    guard session.connection.reply.rows == 1, session.connection.reply[0, 0] == identity else {
      isLeading = false
      attempt.count(.expiredHolds)
      throw .leaseLost
    }
    try await run(Self.overwrite, 2, key, attempt)
    beatAt = monotonicNow()
  }

  /// Makes the heartbeat old.
  mutating func release(_ key: Int32, shared: Bool, _ attempt: inout Attempt) async throws(AttemptFailure) {
    guard isLeading else { return }
    isLeading = false
    try await run(Self.leave, 2, key, attempt)
    if session.connection.reply.affected == 0 { attempt.count(.expiredHolds) }
  }

  /// - Parameter count: 1 for a statement about a record, 2 when it also says who we are.
  private mutating func run(
    _ statement: Statement, _ count: Int32, _ key: Int32, _ attempt: Attempt
  ) async throws(AttemptFailure) {
    do throws(AttemptFailure) {
      session.connection.parameters.set(0, int4: key)
      session.connection.parameters.set(1, int8: identity)
      try await session.connection.run(statement, parameters: count)
    } catch {
      throw await session.connection.abandon(error, attempt)
    }
  }

  mutating func reopen() async throws(SetupFailure) {
    isLeading = false
    try await session.reopen()
  }

  consuming func close() async {}
}
