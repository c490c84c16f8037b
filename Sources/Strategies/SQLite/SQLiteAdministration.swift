#if SQLite
internal import CSQLite
@preconcurrency internal import Glibc
internal import Model
internal import Runtime

/// The run's tables in a database file: made, seeded, read and removed by the driver. One holds the records; the rows of
/// the other, empty at the start of each trial, count with the record that they name.
///
/// A file that was not there is created and removed again. One that was there gets the tables, which are dropped at the
/// end, and its journal mode back.
final class SQLiteAdministration: StoreAdministration {
  let url: String
  let namespace: String
  /// The file of a user's scripts; empty when it may have been made by another process, nil when there is none.
  var scriptPath: String?
  private var table: String { SQLiteConfiguration.table(namespace) }
  private var entries: String { SQLiteConfiguration.entries(namespace) }
  private var lists: String { SQLiteConfiguration.lists(namespace) }
  private var path = ""
  private var hasCreatedFile = false
  private var hasCreatedTable = false
  /// Of a file that was there.
  private var journalBefore: String?

  /// How long statements wait for locks of others, in milliseconds.
  private static let patience: Int32 = 5_000

  init(url: String, namespace: String) {
    self.url = url
    self.namespace = namespace
  }

  func standBy() {
    hasCreatedTable = true
    scriptPath = scriptPath ?? ""
    do throws(Database.OpeningFailure) {
      let database = try Database(url: url, patience: Self.patience)
      journalBefore = try? database.run("PRAGMA journal_mode")
    } catch {
      hasCreatedFile = error.isMissing
    }
  }

  // MARK: around a trial

  /// Begins with new tables, and without a write-ahead log if nobody else has the file open: to leave that mode takes
  /// being alone, which the processes of a trial are not.
  func prepare(values: [Int64]) throws(SetupFailure) {
    let database = try opened()
    guard !database.isReadOnly else { throw SetupFailure("SQLite may only read \(database.path); make it writable") }
    try perform("prepare its table", database) { () throws(Refusal) in
      if journalBefore == nil { journalBefore = try database.run("PRAGMA journal_mode") }
      _ = try? database.run("PRAGMA journal_mode = delete")
      try database.run("BEGIN IMMEDIATE")
      try database.run("DROP TABLE IF EXISTS \(table)")
      try database.run(
        """
        CREATE TABLE \(table) (
          id INTEGER PRIMARY KEY, value INTEGER NOT NULL, version INTEGER NOT NULL DEFAULT 0)
        """)
      try database.run("DROP TABLE IF EXISTS \(entries)")
      try database.run("CREATE TABLE \(entries) (id INTEGER NOT NULL, amount INTEGER NOT NULL)")
      try database.run("CREATE INDEX \(SQLiteConfiguration.entriesIndex(namespace)) ON \(entries) (id, amount)")
      let insert = try Statement(database, "INSERT INTO \(table) (id, value) VALUES (?1, ?2)")
      for (id, value) in values.enumerated() {
        insert.bind(1, Int64(id))
        insert.bind(2, value)
        try insert.run()
      }
      try database.run("COMMIT")
      hasCreatedTable = true
    }
  }

  func prepareLists(_ count: Int) throws(SetupFailure) {
    let database = try opened()
    try perform("prepare its lists", database) { () throws(Refusal) in
      _ = try? database.run("PRAGMA journal_mode = delete")
      try database.run("BEGIN IMMEDIATE")
      try database.run("DROP TABLE IF EXISTS \(lists)")
      try database.run("CREATE TABLE \(lists) (id INTEGER PRIMARY KEY, elements TEXT NOT NULL)")
      let insert = try Statement(database, "INSERT INTO \(lists) (id, elements) VALUES (?1, '')")
      for id in 0..<count {
        insert.bind(1, Int64(id))
        try insert.run()
      }
      try database.run("COMMIT")
      hasCreatedTable = true
    }
  }

  func listLengths(keys: Int) throws(SetupFailure) -> [Int64] {
    let database = try opened()
    return try perform("read its lists", database) { () throws(Refusal) in
      let select = try Statement(
        database,
        """
        SELECT sum(length(elements) - length(replace(elements, ',', ''))) FROM \(lists)
        GROUP BY id % \(keys) ORDER BY id % \(keys)
        """)
      var lengths: [Int64] = []
      while try select.next() { lengths.append(select.column(0)) }
      return lengths
    }
  }

  /// Waits until nobody holds the write lock. Locks of processes that were killed are gone with them.
  func settle(within limit: Duration) throws(SetupFailure) {
    let database = try opened()
    sqlite3_busy_timeout(database.handle, Int32(clamping: limit.nanoseconds / 1_000_000))
    try perform("wait for the last writer", database) { () throws(Refusal) in
      try database.run("BEGIN EXCLUSIVE")
      try database.run("ROLLBACK")
    }
    try settleScripts(within: limit)
  }

  func values() throws(SetupFailure) -> [Int64] {
    let database = try opened()
    return try perform("read its table", database) { () throws(Refusal) in
      let select = try Statement(
        database,
        """
        SELECT value + coalesce((SELECT sum(amount) FROM \(entries) AS entry WHERE entry.id = record.id), 0)
        FROM \(table) AS record ORDER BY record.id
        """)
      var values: [Int64] = []
      while try select.next() { values.append(select.column(0)) }
      return values
    }
  }

  /// None: there is no server that counts.
  func counts() throws(SetupFailure) -> [String: Int64] { [:] }

  // MARK: description and removal

  func describe() throws(SetupFailure) -> ServerDescription {
    let database = try opened()
    let settings = try perform("read its settings", database) { () throws(Refusal) in
      var settings: [String: String] = [:]
      for name in ["page_size", "cache_size", "mmap_size", "wal_autocheckpoint"] {
        settings[name] = try database.run("PRAGMA \(name)")
      }
      return settings
    }
    return ServerDescription(
      version: String(cString: sqlite3_libversion()),
      settings: settings.merging(["filesystem": FileSystem.name(of: path)]) { $1 })
  }

  func remove() throws(SetupFailure) {
    try removeScripts()
    if hasCreatedTable && !hasCreatedFile {
      let database = try opened()
      try perform("remove its table", database) { () throws(Refusal) in
        try database.run("DROP TABLE IF EXISTS \(table)")
        try database.run("DROP TABLE IF EXISTS \(entries)")
        try database.run("DROP TABLE IF EXISTS \(lists)")
        try database.run("DROP TABLE IF EXISTS \(ScriptFile(besides: url, namespace: namespace).findings)")
      }
      if let journalBefore {
        try perform("go back to journal mode \(journalBefore)", database) { () throws(Refusal) in
          _ = try database.run("PRAGMA journal_mode = \(journalBefore)")
        }
      }
    }
    hasCreatedTable = false
    guard hasCreatedFile else { return }
    hasCreatedFile = false
    // Another process has made it, if anybody has.
    if path.isEmpty { path = (try? Database(url: url, patience: Self.patience))?.path ?? "" }
    if path.isEmpty { return }
    ScriptFile.remove(path)
  }

  /// There is none: every task has a connection of its own.
  func endSession() {}

  // MARK: the connection

  /// A connection for one task: one that stays open would keep others from changing the journal mode.
  func opened() throws(SetupFailure) -> Database {
    let database: Database
    do throws(Database.OpeningFailure) {
      database = try Database(url: url, patience: Self.patience)
    } catch {
      guard error.isMissing else { throw SetupFailure("SQLite cannot open the database: \(error.reason)") }
      return try created()
    }
    path = database.path
    return database
  }

  private func created() throws(SetupFailure) -> Database {
    do throws(Database.OpeningFailure) {
      let database = try Database(url: url, creates: true, patience: Self.patience)
      path = database.path
      hasCreatedFile = true
      return database
    } catch {
      throw SetupFailure(
        "SQLite cannot open or create the database of services.sqlite: \(error.reason); is its folder there, and may we "
          + "write to it?")
    }
  }

  func perform<Result>(
    _ purpose: String, _ database: Database, _ body: () throws(Refusal) -> Result
  ) throws(SetupFailure) -> Result {
    do throws(Refusal) {
      return try body()
    } catch {
      guard case .code(let code) = error else { throw SetupFailure("SQLite cannot \(purpose) in \(path)") }
      let text = database.message
      switch code.primary {
      case SQLITE_BUSY, SQLITE_LOCKED:
        throw SetupFailure(
          "SQLite cannot \(purpose) in \(path): another program has locked it; end its transaction, or close it")
      case SQLITE_NOTADB, SQLITE_CORRUPT:
        throw SetupFailure("SQLite cannot \(purpose) in \(path): \(text); name another file in services.sqlite")
      case SQLITE_READONLY, SQLITE_CANTOPEN:
        throw SetupFailure("SQLite cannot \(purpose) in \(path): \(text); make the file and its folder writable")
      default:
        throw SetupFailure("SQLite cannot \(purpose) in \(path): \(text)")
      }
    }
  }
}
#endif
