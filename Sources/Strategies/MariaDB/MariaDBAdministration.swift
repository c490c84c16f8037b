#if MariaDB
@preconcurrency internal import Glibc
internal import Model
internal import Runtime

/// The table `records` in a database of the run: made, seeded, read and removed by the driver. So is the table
/// `entries`, empty at the start of each trial, whose rows count with the record that they name.
final class MariaDBAdministration: StoreAdministration {
  let address: Address
  let namespace: String
  private let session: KeptSession<AdministrationConnection>
  private var hasDatabase = false
  /// Whether the database of a user's scripts was made, or may have been.
  var hasScripts = false
  /// The answer to its creation was lost: it may be there.
  private var mayHaveDatabase = false
  private var base: [String: Int64] = [:]
  /// Whether other clients used the server when the trial began or after it ended: their transactions count, too.
  private var isShared = false

  /// Connects.
  init(url: String, namespace: String) throws(SetupFailure) {
    let address = try Address(url: url)
    self.address = address
    self.namespace = namespace
    session = KeptSession { () throws(SetupFailure) in try AdministrationConnection(address) }
    try requireWritable()
  }

  /// A replica may still let an administrator write, and would then differ from its primary.
  private func requireWritable() throws(SetupFailure) {
    let answer = try connection.run("SELECT @@global.read_only OR @@global.innodb_read_only").first?.first
    if answer == "0" { return }
    throw SetupFailure(
      "services.mariadb names a server that takes no writes (read_only is set: a replica, as a rule): name its primary")
  }

  /// The session; a new one when it was lost.
  var connection: AdministrationConnection {
    get throws(SetupFailure) { try session.current() }
  }

  func endSession() { session.end() }

  private var table: String { "`\(namespace)`.records" }
  private var entries: String { "`\(namespace)`.entries" }
  private var lists: String { "`\(namespace)`.lists" }

  // MARK: around a trial

  /// New tables for each trial: nothing is left of the one before.
  func prepare(values: [Int64]) throws(SetupFailure) {
    try makeDatabase()
    try connection.rollBackPrepared(BranchNames(namespace: namespace).prefix)
    try connection.run("DROP TABLE IF EXISTS \(table), \(entries)")
    try connection.run(
      """
      CREATE TABLE \(table) (
        id INT PRIMARY KEY, value BIGINT NOT NULL, version BIGINT NOT NULL DEFAULT 0) ENGINE = InnoDB
      """)
    try connection.run(
      "CREATE TABLE \(entries) (id INT NOT NULL, amount BIGINT NOT NULL, KEY (id, amount)) ENGINE = InnoDB")
    let rows = values.enumerated().map { "(\($0.offset),\($0.element))" }
    for start in stride(from: 0, to: rows.count, by: Self.batch) {
      let part = rows[start..<min(start + Self.batch, rows.count)].joined(separator: ",")
      try connection.run("INSERT INTO \(table) (id, value) VALUES \(part)")
    }
    isShared = try hasStrangers()
    base = try readCounts()
  }

  func prepareLists(_ count: Int) throws(SetupFailure) {
    try makeDatabase()
    try connection.run("DROP TABLE IF EXISTS \(lists)")
    try connection.run("CREATE TABLE \(lists) (id INT PRIMARY KEY, elements TEXT NOT NULL) ENGINE = InnoDB")
    for start in stride(from: 0, to: count, by: Self.batch) {
      let part = (start..<min(start + Self.batch, count)).map { "(\($0),'')" }.joined(separator: ",")
      try connection.run("INSERT INTO \(lists) (id, elements) VALUES \(part)")
    }
  }

  /// One that is there already belongs to somebody else: it must not be touched, and later not be removed.
  func makeDatabase() throws(SetupFailure) {
    if hasDatabase { return }
    let connection = try session.current()
    do throws(SetupFailure) {
      try connection.run("CREATE \(mayHaveDatabase ? "OR REPLACE " : "")DATABASE `\(namespace)`")
    } catch {
      if connection.isLost { mayHaveDatabase = true }
      throw error
    }
    hasDatabase = true
  }

  /// Rows per statement.
  private static let batch = 1000

  func standBy() { (mayHaveDatabase, hasScripts) = (true, true) }

  /// Which of the server's sessions are those of our workers.
  private var isOfWorker: String { "db IN \(ScriptDatabase.all(namespace)) AND id <> CONNECTION_ID()" }

  /// Waits until the server lists no session that uses the run's database.
  func settle(within limit: Duration) throws(SetupFailure) {
    let start = ContinuousClock.now
    var hasEndedThem = false
    while true {
      let left = try connection.run(
        "SELECT id FROM information_schema.processlist WHERE \(isOfWorker)")
      if left.isEmpty { return }
      let waited = ContinuousClock.now - start
      if waited >= limit {
        throw SetupFailure("\(left.count) sessions of workers are still open in MariaDB at \(address) after \(limit)")
      }
      if !hasEndedThem && waited >= limit / 2 {
        hasEndedThem = true
        // One that has ended meanwhile is an error, and no loss.
        for id in left { _ = try? connection.run("KILL \(id[0])") }
      }
      usleep(2000)
    }
  }

  /// A holder is known by those who wait for its transaction, or for its lock of `GET_LOCK`: the server lists neither
  /// those locks nor their holders, but answers who has the one of this name.
  func endWorkerSession(_ role: SessionRole) throws(SetupFailure) -> Bool {
    let condition =
      switch role {
      case .any, .all: "TRUE"
      case .waiter:
        """
        (state = 'User lock'
          OR id IN (SELECT trx_mysql_thread_id FROM information_schema.innodb_trx WHERE trx_state = 'LOCK WAIT'))
        """
      case .holder:
        """
        id IN (
          SELECT trx_mysql_thread_id FROM information_schema.innodb_trx
          JOIN information_schema.innodb_lock_waits ON blocking_trx_id = trx_id WHERE trx_state <> 'LOCK WAIT'
          UNION
          SELECT IS_USED_LOCK(CONCAT('\(namespace):', REGEXP_SUBSTR(info, '(?<=:., )[0-9]+')))
          FROM information_schema.processlist WHERE db = '\(namespace)' AND state = 'User lock')
        """
      }
    let limit = role == .all ? "" : " LIMIT 1"
    let found = try connection.run(
      "SELECT id FROM information_schema.processlist WHERE \(isOfWorker) AND \(condition)\(limit)")
    // One that has ended meanwhile is an error, and no loss.
    for id in found { _ = try? connection.run("KILL \(id[0])") }
    return !found.isEmpty
  }

  func values() throws(SetupFailure) -> [Int64] {
    try connection.run(
      """
      SELECT value + COALESCE((SELECT SUM(amount) FROM \(entries) AS entry WHERE entry.id = record.id), 0)
      FROM \(table) AS record ORDER BY record.id
      """
    ).compactMap { Int64($0[0]) }
  }

  func listLengths(keys: Int) throws(SetupFailure) -> [Int64] {
    try connection.run(
      """
      SELECT SUM(LENGTH(elements) - LENGTH(REPLACE(elements, ',', ''))) FROM \(lists)
      GROUP BY id % \(keys) ORDER BY id % \(keys)
      """
    ).compactMap { Int64($0[0]) }
  }

  // MARK: cross-check

  /// `deadlocks` that InnoDB has found; `commits` and `rollbacks` are statements of that name.
  func counts() throws(SetupFailure) -> [String: Int64] {
    if try hasStrangers() { isShared = true }
    return try readCounts().reduce(into: [:]) { $0[$1.key] = $1.value - base[$1.key, default: 0] }
  }

  private func readCounts() throws(SetupFailure) -> [String: Int64] {
    let names = ["com_commit": "commits", "com_rollback": "rollbacks", "innodb_deadlocks": "deadlocks"]
    let rows = try connection.run(
      """
      SELECT LOWER(variable_name), variable_value FROM information_schema.global_status
      WHERE variable_name IN ('COM_COMMIT', 'COM_ROLLBACK', 'INNODB_DEADLOCKS')
      """)
    return rows.reduce(into: [:]) { counts, row in
      if let name = names[row[0]], let value = Int64(row[1]) { counts[name] = value }
    }
  }

  /// None when other clients use the server, or may without our seeing them: it does not count per client. It counts no
  /// deadlock of `GET_LOCK`, which ends no transaction; every other one makes us roll back.
  func crossChecks(_ total: Tally) throws(SetupFailure) -> [CrossCheck] {
    let server = try counts()
    if isShared { return [] }
    let lost = total[.unknown] + total[.connectionLost] + total[.reconnects]
    let own = [
      ("commits", total[.serverCommits]), ("deadlocks", min(total[.deadlock], total[.serverRollbacks])),
      ("rollbacks", total[.serverRollbacks]),
    ]
    return own.compactMap { name, count in
      server[name].map { CrossCheck(name: name, client: count, server: $0, slack: lost) }
    }
  }

  /// Whether clients that are not ours are connected, or the right to see them is missing.
  private func hasStrangers() throws(SetupFailure) -> Bool {
    let rights = try connection.run(
      """
      SELECT 1 FROM information_schema.user_privileges WHERE privilege_type = 'PROCESS'
      AND grantee = CONCAT('''', REPLACE(CURRENT_USER(), '@', '''@'''), '''')
      """)
    let strangers = try connection.run(
      """
      SELECT id FROM information_schema.processlist WHERE id <> CONNECTION_ID() AND user <> 'system user'
      AND COALESCE(db, '') NOT IN \(ScriptDatabase.all(namespace)) LIMIT 1
      """)
    return rights.isEmpty || !strangers.isEmpty
  }

  // MARK: description and removal

  /// Makes the database, too: whoever may not should learn it before the first trial.
  func describe() throws(SetupFailure) -> ServerDescription {
    try makeDatabase()
    let names = Self.importantSettings.map { "'\($0)'" }.joined(separator: ",")
    let rows = try connection.run(
      "SELECT LOWER(variable_name), variable_value FROM information_schema.global_variables "
        + "WHERE variable_name IN (\(names))")
    let version = try connection.run("SELECT VERSION()").first?.first ?? "unknown"
    return ServerDescription(
      version: String(version.prefix { $0 != "-" }),
      settings: rows.reduce(into: [:]) { $0[$1[0]] = $1[1] })
  }

  /// What decides about durability, isolation and waiting.
  private static let importantSettings = [
    "INNODB_BUFFER_POOL_SIZE", "INNODB_DEADLOCK_DETECT", "INNODB_DOUBLEWRITE", "INNODB_FLUSH_LOG_AT_TRX_COMMIT",
    "INNODB_FLUSH_METHOD", "INNODB_LOCK_WAIT_TIMEOUT", "INNODB_ROLLBACK_ON_TIMEOUT", "INNODB_SNAPSHOT_ISOLATION",
    "LOG_BIN", "MAX_CONNECTIONS", "SYNC_BINLOG", "THREAD_HANDLING", "TX_ISOLATION",
  ]

  func remove() throws(SetupFailure) {
    try removeScripts()
    guard hasDatabase || mayHaveDatabase else { return }
    // They hold locks that no session has.
    try connection.rollBackPrepared(BranchNames(namespace: namespace).prefix)
    try connection.run("DROP DATABASE IF EXISTS `\(namespace)`")
    (hasDatabase, mayHaveDatabase) = (false, false)
  }
}
#endif
