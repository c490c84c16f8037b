#if MariaDB
internal import Model

/// The settings of a session: what a server or a user has as default must not change what a strategy is.
///
/// Limits of time (`max_statement_time`, `wait_timeout`, ...) stay in workers' sessions: they belong to the server that is
/// measured, and are named when they fire.
struct SessionSettings: Sendable {
  /// One after the other.
  let statements: [String]
  /// Whether transactions must fail that would change a row which has changed since their snapshot.
  private let checksSnapshots: Bool

  /// What is common to workers and driver. `sql_mode` is the server's own default; ANSI, for one, makes `"` quote names,
  /// and `completion_type` may begin another transaction after each `COMMIT`.
  private static let common =
    "autocommit = 1, completion_type = 'NO_CHAIN', sql_mode = "
    + "'STRICT_TRANS_TABLES,ERROR_FOR_DIVISION_BY_ZERO,NO_AUTO_CREATE_USER,NO_ENGINE_SUBSTITUTION'"

  /// Those of a worker's session.
  ///
  /// - Parameters:
  ///   - lockWait: whole seconds that a statement waits for a row.
  ///   - checksSnapshots: `innodb_snapshot_isolation`, whose default differs between versions.
  init(isolation: String, lockWait: Int64, checksSnapshots: Bool) {
    self.checksSnapshots = checksSnapshots
    statements = [
      "SET SESSION TRANSACTION ISOLATION LEVEL \(isolation), READ WRITE",
      "SET SESSION \(Self.common), innodb_lock_wait_timeout = \(lockWait)",
      Self.snapshots + (checksSnapshots ? "ON" : "OFF"),
    ]
  }

  /// Those of a session of a user's own scripts. What the user or the server have as default is theirs, as with any client,
  /// unless the scripts say otherwise.
  init(scripts isolation: String?, lockWait: Int64) {
    checksSnapshots = false
    let level = isolation.map { "ISOLATION LEVEL \($0), " } ?? ""
    statements = [
      "SET SESSION TRANSACTION \(level)READ WRITE",
      "SET SESSION autocommit = 1, completion_type = 'NO_CHAIN', innodb_lock_wait_timeout = \(lockWait)",
    ]
  }

  private static let snapshots = "SET SESSION innodb_snapshot_isolation = "

  private init(driver statements: [String]) {
    self.statements = statements
    checksSnapshots = false
  }

  /// Those of the driver's session. Whatever still holds a lock that it needs is not of this run, or will be gone soon;
  /// between two trials it may be idle for as long as the longest trial takes.
  static let driver = SessionSettings(driver: [
    "SET SESSION TRANSACTION ISOLATION LEVEL REPEATABLE READ, READ WRITE",
    "SET SESSION \(common), lock_wait_timeout = 10, max_statement_time = 0, wait_timeout = 2000000",
  ])

  /// Takes note that the server refused one of the statements.
  ///
  /// - Throws: unless it is a server that does not know the setting and behaves as we want.
  func accept(_ error: ErrorCode, of statement: String, _ text: String) throws(SetupFailure) {
    guard error.isUnknownVariable, statement.hasPrefix(Self.snapshots) else {
      throw SetupFailure("MariaDB refused '\(statement)': \(text)")
    }
    guard checksSnapshots else { return }
    throw SetupFailure(
      "this MariaDB has no innodb_snapshot_isolation: take 10.6.18, 10.11.8, 11.4.2 or later, or leave out "
        + "snapshot-isolation: true (\(text))")
  }
}
#endif
