#if SQLite
@preconcurrency internal import Glibc
internal import Model
internal import Runtime

/// What all workers of a process share: where the database is and how it is used.
struct SQLiteConfiguration: Sendable {
  let url: String
  /// The run's table, quoted.
  let table: String
  /// The table of entries, quoted; see ``CountThenInsertStrategy``.
  let entries: String
  /// The table of lists, quoted; see ``SQLiteLists``.
  let lists: String
  let settings: SQLiteSettings

  /// Also brings the file into the journal mode that the strategy asks for, before any session is open.
  ///
  /// - Parameter file: another one than that of the records.
  init(_ environment: StrategyEnvironment, file: String? = nil) throws(SetupFailure) {
    if let file { url = file } else { url = try environment.endpoint("sqlite") }
    table = Self.table(environment.namespace)
    entries = Self.entries(environment.namespace)
    lists = Self.lists(environment.namespace)
    settings = SQLiteSettings(environment.options)
    try setJournalMode()
  }

  static func table(_ namespace: String) -> String { "\"\(namespace)_records\"" }
  static func entries(_ namespace: String) -> String { "\"\(namespace)_entries\"" }
  static func lists(_ namespace: String) -> String { "\"\(namespace)_lists\"" }
  static func entriesIndex(_ namespace: String) -> String { "\"\(namespace)_entries_index\"" }

  /// How long a change of the journal mode is tried. Other processes of the run try the same at the same time.
  private static let patience: Int64 = 5_000_000_000

  private func setJournalMode() throws(SetupFailure) {
    let deadline = monotonicNow() + Self.patience
    while true {
      // A connection that stays open would keep the other processes from changing the mode.
      let database = try open()
      var problem = "it stayed as it was"
      do throws(Refusal) {
        if try database.run("PRAGMA journal_mode") == settings.journal { return }
        if try database.run("PRAGMA journal_mode = \(settings.journal)") == settings.journal { return }
      } catch {
        problem = database.message
      }
      guard monotonicNow() < deadline else {
        throw SetupFailure("SQLite cannot change \(database.path) to journal mode \(settings.journal): \(problem)")
      }
      usleep(2_000)
    }
  }

  /// A connection with the settings of the strategy.
  func open() throws(SetupFailure) -> Database {
    let database: Database
    do throws(Database.OpeningFailure) {
      database = try Database(url: url, patience: settings.busyMilliseconds)
    } catch {
      throw SetupFailure("SQLite cannot open the database: \(error.reason)")
    }
    do throws(Refusal) {
      try database.run("PRAGMA synchronous = \(settings.synchronous)")
    } catch {
      throw SetupFailure("SQLite cannot use \(database.path): \(database.message)")
    }
    return database
  }
}
#endif
