#if SQLite
internal import CSQLite
internal import Model

/// One connection to a database file, used by one thread at a time.
final class Database {
  let handle: OpaquePointer

  /// Opens the file.
  ///
  /// - Parameters:
  ///   - url: `file:///path`, with the query parameters of SQLite's URI filenames if any.
  ///   - creates: whether the file may be created.
  ///   - patience: how long a statement waits for locks of others, in milliseconds.
  /// - Throws: when it cannot be opened. What is wrong inside the file shows with the first statement.
  init(url: String, creates: Bool = false, patience: Int32) throws(OpeningFailure) {
    var opened: OpaquePointer?
    // A connection is used by one thread, so SQLite need not guard it with a mutex.
    let flags = SQLITE_OPEN_READWRITE | SQLITE_OPEN_NOMUTEX | SQLITE_OPEN_URI | (creates ? SQLITE_OPEN_CREATE : 0)
    let code = sqlite3_open_v2(url, &opened, flags, nil)
    guard code == SQLITE_OK, let opened else {
      let reason = opened.map { String(cString: sqlite3_errmsg($0)) } ?? String(cString: sqlite3_errstr(code))
      sqlite3_close(opened)
      throw OpeningFailure(isMissing: code & 0xff == SQLITE_CANTOPEN, reason: reason)
    }
    handle = opened
    sqlite3_extended_result_codes(handle, 1)
    sqlite3_busy_timeout(handle, patience)
  }

  deinit { sqlite3_close_v2(handle) }

  /// Why a file could not be opened.
  struct OpeningFailure: Error {
    /// It may be that there is no such file.
    let isMissing: Bool
    let reason: String
  }

  /// What the last failure was about, in SQLite's words.
  var message: String { String(cString: sqlite3_errmsg(handle)) }
  /// Whether no transaction is open.
  var isIdle: Bool { sqlite3_get_autocommit(handle) != 0 }
  /// Whether we may only read the file.
  var isReadOnly: Bool { sqlite3_db_readonly(handle, "main") == 1 }
  /// Rows that the last statement changed.
  var changes: Int32 { sqlite3_changes(handle) }
  /// The absolute path of the file.
  var path: String { sqlite3_db_filename(handle, "main").map { String(cString: $0) } ?? "" }

  /// Runs statements without results; the first column of the first row of a statement that has one.
  @discardableResult
  func run(_ sql: String) throws(Refusal) -> String? {
    var first: String?
    var compiled: OpaquePointer?
    try check(sqlite3_prepare_v2(handle, sql, -1, &compiled, nil))
    defer { sqlite3_finalize(compiled) }
    while true {
      let code = sqlite3_step(compiled)
      if code == SQLITE_DONE { return first }
      guard code == SQLITE_ROW else { throw .code(ResultCode(number: code)) }
      if first == nil { first = sqlite3_column_text(compiled, 0).map { String(cString: $0) } }
    }
  }

  private func check(_ code: Int32) throws(Refusal) {
    if code != SQLITE_OK { throw .code(ResultCode(number: code)) }
  }
}
#endif
