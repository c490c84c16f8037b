#if SQLite
internal import CSQLite

/// A prepared statement of one connection, with parameters that are 64-bit integers, as are most columns.
final class Statement {
  private let handle: OpaquePointer
  /// Keeps the connection open as long as the statement lives.
  private let database: Database

  /// Prepares.
  init(_ database: Database, _ sql: String) throws(Refusal) {
    var compiled: OpaquePointer?
    let code = sqlite3_prepare_v3(database.handle, sql, -1, UInt32(SQLITE_PREPARE_PERSISTENT), &compiled, nil)
    guard code == SQLITE_OK, let compiled else { throw .code(ResultCode(number: code)) }
    handle = compiled
    self.database = database
  }

  deinit { sqlite3_finalize(handle) }

  /// Sets the parameter at a position from 1.
  func bind(_ position: Int32, _ value: Int64) { sqlite3_bind_int64(handle, position, value) }

  /// The same with a text.
  func bind(_ position: Int32, _ text: String) {
    // SQLITE_TRANSIENT, an expression that Swift does not import: SQLite copies the text.
    sqlite3_bind_text(handle, position, text, -1, unsafeBitCast(-1, to: sqlite3_destructor_type.self))
  }

  /// The column at a position from 0 of the row that ``next()`` has found.
  func column(_ position: Int32) -> Int64 { sqlite3_column_int64(handle, position) }

  /// The column as a text, until the statement goes on or is reset.
  func text(_ position: Int32) -> UnsafeRawBufferPointer {
    let bytes = sqlite3_column_text(handle, position)
    return UnsafeRawBufferPointer(start: bytes, count: Int(sqlite3_column_bytes(handle, position)))
  }

  /// Goes on to the next row; false when there is none. Outside a transaction, the work is committed only then.
  func next() throws(Refusal) -> Bool {
    let code = sqlite3_step(handle)
    if code == SQLITE_ROW { return true }
    sqlite3_reset(handle)
    if code == SQLITE_DONE { return false }
    throw .code(ResultCode(number: code))
  }

  /// Forgets further rows; outside a transaction this ends the reading.
  func reset() { sqlite3_reset(handle) }

  /// Runs a statement that has no rows, or whose rows do not matter.
  func run() throws(Refusal) { while try next() {} }
}
#endif
