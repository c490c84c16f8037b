internal import Model
internal import Runtime

/// How the sessions of a trial are opened: the same for every worker of a process.
public struct SessionPlan: Sendable {
  let address: ConnectionAddress
  let applicationName: String
  /// Statements that each session prepares.
  let statements: [Statement]
  /// Settings of each session, as one text of SQL commands.
  private(set) var settings: String
  /// Isolation of transactions, also of those that are single statements.
  let isolation: Isolation
  /// Whether statements that do not depend on each other's results are sent together.
  let isPipelined: Bool
  /// Whether conflicts show as violated constraints.
  let appends: Bool
  let namespace: String
  /// The statements as sent one by one, for sessions that a pooler may move to another connection between two
  /// transactions; nil for sessions that prepare them.
  let unprepared: UnpreparedStatements?

  /// Sessions through a pooler: nothing is set or prepared, because it would stay behind.
  init(pooled environment: StrategyEnvironment, _ statements: [Statement]) throws(SetupFailure) {
    address = try ConnectionAddress(try environment.endpoint("pgbouncer"), service: "pgbouncer")
    namespace = environment.namespace
    applicationName = SessionNames.worker(namespace)
    self.statements = []
    settings = ""
    isolation = .readCommitted
    isPipelined = false
    appends = false
    unprepared = UnpreparedStatements(statements, namespace: namespace)
  }

  /// - Parameters:
  ///   - address: the server, where the service is not `postgres`.
  ///   - lockTimeout: how long a statement may wait for a lock; nil leaves the server's setting.
  ///   - appends: whether the statements append to tables that are empty at first, and conflicts show as violated
  ///     constraints.
  init(
    _ environment: StrategyEnvironment, _ statements: [Statement], at address: ConnectionAddress? = nil,
    isolation: Isolation = .readCommitted, isPipelined: Bool = false, lockTimeout: Duration? = nil,
    appends: Bool = false
  ) throws(SetupFailure) {
    if let address {
      self.address = address
    } else {
      self.address = try ConnectionAddress(try environment.endpoint("postgres"))
    }
    namespace = environment.namespace
    applicationName = SessionNames.worker(namespace)
    self.statements = statements
    self.isolation = isolation
    self.isPipelined = isPipelined
    self.appends = appends
    var settings = ["SET search_path TO \"\(environment.namespace)\""]
    // What a role or a database sets as default must not change what a strategy is: this is for transactions that are
    // single statements; the others state it themselves. A default of read-only guards against slips of a person, and
    // any role may lift it; nothing but the run's own schema is written. Limits of time (`statement_timeout`,
    // `idle_session_timeout`, ...) stay: they belong to the server that is measured, and are named when they fire.
    settings.append("SET default_transaction_isolation TO '\(isolation.rawValue)'")
    settings.append("SET default_transaction_read_only TO off")
    // A sequential scan locks the whole table against serializable writers, and a small table invites one.
    if isolation == .serializable { settings.append("SET enable_seqscan TO off") }
    // A plan made for an empty table would scan all of it when it has grown. Where there is no index, a scan that is
    // off seems so dear that the server would compile the plan.
    if appends { settings += ["SET enable_seqscan TO off", "SET jit TO off"] }
    if let lockTimeout { settings.append("SET lock_timeout TO '\(max(1, lockTimeout.nanoseconds / 1_000_000))ms'") }
    self.settings = settings.joined(separator: "; ")
    unprepared = nil
  }

  /// Sessions of a user's own scripts, which find their tables in the schema of the scripts and nowhere else. What the
  /// role, the database or the server have as default is theirs, as with any client, unless the scripts say otherwise.
  init(scripts environment: StrategyEnvironment, isolation level: String?) throws(SetupFailure) {
    address = try ConnectionAddress(try environment.endpoint("postgres"))
    namespace = environment.namespace
    applicationName = SessionNames.worker(namespace)
    statements = [.rollback]
    isolation = .readCommitted
    isPipelined = false
    appends = false
    unprepared = nil
    settings = "SET search_path TO \(ScriptNames.schema(namespace)); SET default_transaction_read_only TO off"
    if let level { settings += "; SET default_transaction_isolation TO '\(level.lowercased())'" }
  }

  /// The same for sessions that wait so long for their commits.
  func committing(at level: CommitLevel) -> SessionPlan {
    var plan = self
    plan.settings += "; SET synchronous_commit TO \(level.rawValue)"
    return plan
  }

  /// The same for sessions that the server tells when somebody notifies a channel of the run.
  ///
  /// - Parameter channel: follows the name of the schema and `_`.
  func listening(to channel: String) -> SessionPlan {
    var plan = self
    plan.settings += "; LISTEN \"\(namespace)_\(channel)\""
    return plan
  }
}

/// Isolation of transactions; the raw value is PostgreSQL's name.
enum Isolation: String, Sendable, CaseIterable {
  case readCommitted = "read committed"
  case repeatableRead = "repeatable read"
  case serializable

  /// As an option of a scenario states it.
  var word: String { String(rawValue.map { $0 == " " ? "-" : $0 }) }
}

/// What a commit waits for (`synchronous_commit`); the raw value is PostgreSQL's name.
enum CommitLevel: String, Sendable, CaseIterable {
  /// Nothing.
  case off
  /// Its own disk.
  case local
  /// Besides, that the synchronous standbys have written it.
  case remoteWrite = "remote_write"
  /// Besides, that it is on their disks.
  case on
  /// Besides, that they have applied it.
  case remoteApply = "remote_apply"

  /// As an option of a scenario states it.
  var word: String { String(rawValue.map { $0 == "_" ? "-" : $0 }) }
}

/// The names under which the server lists our sessions.
enum SessionNames {
  /// Sessions of workers.
  static func worker(_ namespace: String) -> String { "contend \(namespace)" }
  /// The driver's own session.
  static func driver(_ namespace: String) -> String { "contend-driver \(namespace)" }
}
