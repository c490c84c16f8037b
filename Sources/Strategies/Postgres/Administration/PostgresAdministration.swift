@preconcurrency internal import Glibc
internal import Model
internal import Runtime

/// The table `records` in a schema of the run: made, seeded, read and removed by the driver. So are the tables `entries`
/// and `events`, empty at the start of each trial, whose rows count with the record that they name.
///
/// The table has room for new row versions on each page (`fillfactor = 50`), so that updates of a hot row stay on its
/// page and leave the index alone, as on a server whose tables are tuned for updates.
final class PostgresAdministration: StoreAdministration {
  let namespace: String
  private let session: KeptSession<AdministrationConnection>
  private(set) var schemaState = SchemaState.absent
  /// Of the schema of a user's scripts.
  var scriptSchema = SchemaState.absent
  /// What sessions of the driver have had counted that have ended since the base was taken.
  private var ended = ServerCounts()
  private var base = ServerCounts()
  private var baseMoment: Int64 = 0
  /// Whether other clients used the database when the trial began or after it ended: their transactions count too.
  private(set) var isShared = false

  /// Checks the address; connects when it is first used.
  convenience init(url: String, namespace: String) throws(SetupFailure) {
    self.init(try ConnectionAddress(url), namespace: namespace)
  }

  /// - Parameter isStandby: whether it may be a server that takes no writes, of which nothing is asked but to be read.
  init(_ address: ConnectionAddress, namespace: String, isStandby: Bool = false) {
    self.namespace = namespace
    session = KeptSession { () throws(SetupFailure) in try Self.open(address, namespace, isStandby: isStandby) }
  }

  /// A schema whose creation was begun is ours, whether the server got as far as making it or not.
  enum SchemaState {
    case absent, begun, made
  }

  func standBy() { (schemaState, scriptSchema) = (.begun, .begun) }

  // MARK: around a trial

  func prepare(values: [Int64]) throws(SetupFailure) {
    let session = try connected()
    try perform("prepare the table") { () throws(AdministrationConnection.Refusal) in
      try session.rollBackPrepared(branchPrefix)
      if schemaState == .made {
        let tables = ["records", "entries"] + Self.furtherTables.map(\.name)
        try session.run("TRUNCATE " + tables.map { "\(schema).\($0)" }.joined(separator: ", "))
      } else {
        try createTables(session)
      }
      try session.run(
        """
        INSERT INTO \(schema).records (id, value)
        SELECT position - 1, value FROM unnest($1::int8[]) WITH ORDINALITY AS seed (value, position)
        """, ["{" + values.map(String.init).joined(separator: ",") + "}"])
      try session.run("INSERT INTO \(schema).checkpoint DEFAULT VALUES")
      try session.run("VACUUM (ANALYZE) \(schema).records")
    }
    try beginCounting()
  }

  /// Takes what the server has counted as the base of ``counts()``.
  func beginCounting() throws(SetupFailure) {
    let session = try connected()
    try perform("read the server's counts") { () throws(AdministrationConnection.Refusal) in
      isShared = try hasStrangers(session)
      ended = ServerCounts()
      base = try session.readCounts()
    }
    baseMoment = monotonicNow()
  }

  func prepareLists(_ count: Int) throws(SetupFailure) {
    let session = try connected()
    try perform("prepare the lists") { () throws(AdministrationConnection.Refusal) in
      if schemaState != .made { try createTables(session) }
      try session.run("TRUNCATE \(schema).lists")
      try session.run("INSERT INTO \(schema).lists (id) SELECT generate_series(0, $1::int4 - 1)", ["\(count)"])
      try session.run("VACUUM (ANALYZE) \(schema).lists")
    }
  }

  /// Of locks, sagas, payments: empty at the start of each trial.
  private static let furtherTables =
    LockTableDefinitions.all + SagaTables.all + ChoreographyTables.all + PaymentTables.all + EventTables.all
    + JobTables.all + PermitTables.all + ReplicaTables.all + ScriptNames.tables

  /// A schema that is there already belongs to somebody else: it must not be touched, and later not be removed.
  func createTables(_ session: AdministrationConnection) throws(AdministrationConnection.Refusal) {
    if schemaState == .begun { try session.run("DROP SCHEMA IF EXISTS \(schema) CASCADE") }
    do throws(AdministrationConnection.Refusal) {
      try session.run("CREATE SCHEMA \(schema)")
      schemaState = .begun
    } catch {
      if session.isLost { schemaState = .begun }
      throw error
    }
    try session.run(
      """
      CREATE TABLE \(schema).records (
        id int4 PRIMARY KEY, value int8 NOT NULL, version int8 NOT NULL DEFAULT 0) WITH (fillfactor = 50)
      """)
    try session.run("CREATE TABLE \(schema).entries (id int4 NOT NULL, amount int8 NOT NULL)")
    try session.run("CREATE INDEX ON \(schema).entries (id, amount)")
    // Room for the texts to grow on their pages.
    try session.run(
      "CREATE TABLE \(schema).lists (id int4 PRIMARY KEY, elements text NOT NULL DEFAULT '') WITH (fillfactor = 10)")
    for table in Self.furtherTables { try session.run("CREATE TABLE \(schema).\(table.name) (\(table.columns))") }
    try session.run("CREATE INDEX ON \(schema).unguarded_keys (worker, number)")
    for definition in EventTables.further(in: schema) + JobTables.further(in: schema) { try session.run(definition) }
    schemaState = .made
  }

  func settle(within limit: Duration) throws(SetupFailure) {
    let session = try connected()
    let start = monotonicNow()
    var hasTerminated = false
    while true {
      let left = try perform("look for open sessions") { () throws(AdministrationConnection.Refusal) in
        try session.run(
          "SELECT pid FROM pg_stat_activity WHERE application_name = $1 AND pid <> pg_backend_pid()", [workerName])
      }
      if left.isEmpty { return }
      let waited = monotonicNow() - start
      if waited > limit.nanoseconds {
        throw SetupFailure("PostgreSQL still has \(left.count) sessions of this run after \(limit)")
      }
      if !hasTerminated && waited > limit.nanoseconds / 2 {
        hasTerminated = true
        try terminateSessions(session)
      }
      usleep(waited < 50_000_000 ? 1_000 : 20_000)
    }
  }

  private func terminateSessions(_ session: AdministrationConnection) throws(SetupFailure) {
    try perform("end sessions of workers that are gone") { () throws(AdministrationConnection.Refusal) in
      _ = try session.run(
        "SELECT pg_terminate_backend(pid) FROM pg_stat_activity WHERE application_name = $1", [workerName])
    }
  }

  func endWorkerSession(_ role: SessionRole) throws(SetupFailure) -> Bool {
    let session = try connected()
    let (condition, limit) = Self.condition(role)
    return try perform("end a session of a worker") { () throws(AdministrationConnection.Refusal) in
      try !session.run(
        """
        SELECT pg_terminate_backend(pid) FROM pg_stat_activity AS it
        WHERE application_name = $1 AND \(condition) LIMIT \(limit)
        """, [workerName]
      ).isEmpty
    }
  }

  /// Who waits is known by what it waits for, who holds by those who wait for it; a lock of a session shows by itself.
  private static func condition(_ role: SessionRole) -> (condition: String, limit: String) {
    let waits = "wait_event_type IS NOT DISTINCT FROM 'Lock'"
    switch role {
    case .all: return ("true", "ALL")
    case .any: return ("true", "1")
    case .waiter: return (waits, "1")
    case .holder:
      return (
        """
        NOT \(waits) AND (
          EXISTS (
            SELECT FROM pg_stat_activity AS other
            WHERE other.application_name = $1 AND other.wait_event_type = 'Lock'
            AND it.pid = ANY (pg_blocking_pids(other.pid)))
          OR EXISTS (SELECT FROM pg_locks WHERE pg_locks.pid = it.pid AND locktype = 'advisory' AND granted))
        """, "1"
      )
    }
  }

  func values() throws(SetupFailure) -> [Int64] {
    let session = try connected()
    let rows = try perform("read the table") { () throws(AdministrationConnection.Refusal) in
      try session.run(
        """
        SELECT value + coalesce((SELECT sum(amount) FROM \(schema).entries WHERE entries.id = records.id), 0)
          + coalesce((SELECT sum(amount) FROM \(schema).events WHERE stream = records.id), 0)
        FROM \(schema).records ORDER BY records.id
        """)
    }
    return rows.compactMap { $0.first.flatMap { Int64($0) } }
  }

  func listLengths(keys: Int) throws(SetupFailure) -> [Int64] {
    let session = try connected()
    let rows = try perform("read the lists") { () throws(AdministrationConnection.Refusal) in
      try session.run(
        """
        SELECT sum(length(elements) - length(replace(elements, ',', ''))) FROM \(schema).lists
        GROUP BY id % $1::int4 ORDER BY id % $1::int4
        """, ["\(keys)"])
    }
    return rows.compactMap { $0.first.flatMap { Int64($0) } }
  }

  // MARK: cross-check

  func counts() throws(SetupFailure) -> [String: Int64] {
    let counted = try countedSinceBase()
    return ["commits": counted.commits, "rollbacks": counted.rollbacks, "deadlocks": counted.deadlocks]
  }

  func countedSinceBase() throws(SetupFailure) -> ServerCounts {
    let session = try connected()
    return try perform("read the server's counts") { () throws(AdministrationConnection.Refusal) in
      if try hasStrangers(session) { isShared = true }
      return try session.readCounts() - base - ended
    }
  }

  /// None when other clients use the database: the server does not count per client.
  func crossChecks(_ total: Tally) throws(SetupFailure) -> [CrossCheck] {
    let server = try countedSinceBase()
    if isShared { return [] }
    return server.crossChecks(total, vacuums: try vacuumAllowance(server.vacuums + server.vacuuming))
  }

  /// Transactions that autovacuum may have added since counting began.
  func vacuumAllowance(_ tables: Int64) throws(SetupFailure) -> Int64 {
    let session = try connected()
    return try perform("read settings") { () throws(AdministrationConnection.Refusal) in
      try session.vacuumAllowance(tables, since: baseMoment)
    }
  }

  /// Whether clients that are not ours are connected to the database.
  private func hasStrangers(_ session: AdministrationConnection) throws(AdministrationConnection.Refusal) -> Bool {
    try !session.run(
      """
      SELECT pid FROM pg_stat_activity WHERE datname = current_database() AND pid <> pg_backend_pid()
      AND backend_type IS DISTINCT FROM 'autovacuum worker' AND application_name IS DISTINCT FROM $1 LIMIT 1
      """, [workerName]
    ).isEmpty
  }

  // MARK: description and removal

  func describe() throws(SetupFailure) -> ServerDescription {
    let session = try connected()
    let (version, rows) = try perform("read settings") { () throws(AdministrationConnection.Refusal) in
      (
        try session.run("SHOW server_version").first?.first ?? "unknown",
        try session.run(
          """
          SELECT name, CASE WHEN source <> 'session' THEN current_setting(name)
            WHEN reset_val = '0' THEN '0' ELSE reset_val || coalesce(unit, '') END FROM pg_settings
          WHERE name = ANY (string_to_array($1, ' ')) OR (
            source NOT IN ('default', 'client', 'override', 'session') AND length(setting) BETWEEN 1 AND 60
            AND name NOT LIKE 'lc\\_%' AND name NOT LIKE '%\\_file' AND name NOT LIKE '%director%'
            AND name NOT LIKE '%password%' AND name NOT LIKE '%conninfo%')
          """, [Self.importantSettings.joined(separator: " ")])
      )
    }
    return ServerDescription(
      version: version, settings: Dictionary(rows.map { ($0[0], $0[1]) }, uniquingKeysWith: { first, _ in first }))
  }

  /// Recorded even when they have their defaults, and as the workers' sessions find them, not as this one has set them.
  private static let importantSettings = [
    "autovacuum", "checkpoint_timeout", "commit_delay", "deadlock_timeout", "default_transaction_isolation",
    "default_transaction_read_only", "fsync", "full_page_writes", "idle_in_transaction_session_timeout",
    "idle_session_timeout", "jit", "lock_timeout", "max_connections",
    "max_locks_per_transaction", "max_pred_locks_per_transaction", "max_prepared_transactions", "max_wal_size",
    "shared_buffers", "ssl", "statement_timeout", "synchronous_commit", "transaction_timeout", "wal_level",
    "wal_sync_method",
  ]

  func remove() throws(SetupFailure) {
    guard schemaState != .absent || scriptSchema != .absent else { return }
    let session = try connected()
    try terminateSessions(session)
    try perform("remove the schema \(namespace)") { () throws(AdministrationConnection.Refusal) in
      // They hold locks that no session has.
      try session.rollBackPrepared(branchPrefix)
      if scriptSchema != .absent { try session.run("DROP SCHEMA IF EXISTS \(ScriptNames.schema(namespace)) CASCADE") }
      try session.run("DROP SCHEMA IF EXISTS \(schema) CASCADE")
    }
    (schemaState, scriptSchema) = (.absent, .absent)
    self.session.end()
  }

  // MARK: the session

  private var schema: String { "\"\(namespace)\"" }
  private var branchPrefix: String { BranchNames(namespace: namespace).prefix }
  private var workerName: String { SessionNames.worker(namespace) }

  /// The open session, a new one if there is none or it was lost.
  func connected() throws(SetupFailure) -> AdministrationConnection {
    try session.current(replacing: retire)
  }

  func endSession() { session.end().map(retire) }

  /// Keeps what a session that has ended had counted.
  private func retire(_ session: AdministrationConnection) {
    ended.commits += session.commits
    ended.rollbacks += session.rollbacks
    // The statement that was lost with the session cannot be told from those of strangers any more.
    if session.isDoubtful { isShared = true }
  }

  private static func open(
    _ address: ConnectionAddress, _ namespace: String, isStandby: Bool
  ) throws(SetupFailure) -> AdministrationConnection {
    let fresh = try DriverSetup.open(address, namespace: namespace)
    var problem: String?
    do throws(AdministrationConnection.Refusal) {
      try DriverSetup.set(fresh)
      problem = isStandby ? nil : try DriverSetup.problem(fresh, address.source)
    } catch {
      throw failure("set up a session", error)
    }
    if let problem { throw SetupFailure(problem) }
    return fresh
  }

  func perform<Result>(
    _ purpose: String, _ body: () throws(AdministrationConnection.Refusal) -> Result
  ) throws(SetupFailure) -> Result {
    do throws(AdministrationConnection.Refusal) { return try body() } catch { throw Self.failure(purpose, error) }
  }

  static func failure(_ purpose: String, _ refusal: AdministrationConnection.Refusal) -> SetupFailure {
    switch refusal.state {
    case .insufficientPrivilege:
      SetupFailure(
        "PostgreSQL does not allow us to \(purpose): grant the user CREATE on the database, or name another user in "
          + "services.postgres (\(refusal.text))")
    case .diskFull:
      SetupFailure("PostgreSQL could not \(purpose): its disk is full (\(refusal.text))")
    default:
      SetupFailure("PostgreSQL could not \(purpose): \(refusal.text)")
    }
  }
}
