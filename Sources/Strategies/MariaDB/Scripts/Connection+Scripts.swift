#if MariaDB
internal import CMariaDB
internal import Model
internal import Runtime
internal import Scripts

/// Statements of a user's scripts.
extension Connection {
  /// Whether a transaction is open, as the server said last. An error says nothing about it.
  var isInTransaction: Bool { handle.pointee.server_status & 1 != 0 }

  /// Prepares a statement.
  ///
  /// - Returns: nil when the server has refused it, for ``error`` and ``errorText``.
  func prepare(_ entry: UnsafePointer<StatementTable.Entry>) async -> PreparedScript? {
    guard let statement = mysql_stmt_init(handle) else { return nil }
    let made = PreparedScript(statement, entry)
    var refused: Int32 = 0
    events.add(.statements)
    let status = mysql_stmt_prepare_start(&refused, statement, entry.pointee.text, UInt(entry.pointee.length))
    if status != 0 { await finish(status) { mysql_stmt_prepare_cont(&refused, statement, $1) } }
    return refused == 0 ? made : nil
  }

  /// Runs a prepared statement. Returns how many rows it changed, or returned if it changes none.
  ///
  /// - Parameter variables: get the values of the last row, if they are asked for.
  func run(
    _ prepared: PreparedScript, _ variables: inout ScriptVariables, decides: Bool
  ) async throws(AttemptFailure) -> Int {
    discardResult()
    if _slowPath(readiness?.hasArrived == true), hasEnded { throw .connectionLost }
    prepared.bind(variables)
    events.add(.statements)
    let statement = prepared.handle
    var refused: Int32 = 0
    let status = mysql_stmt_execute_start(&refused, statement)
    if status != 0 { await finish(status) { mysql_stmt_execute_cont(&refused, statement, $1) } }
    var rows = 0
    while true {
      guard refused == 0 else { throw failure(decides) }
      if mysql_stmt_field_count(statement) > 0 {
        let storing = mysql_stmt_store_result_start(&refused, statement)
        if storing != 0 { await finish(storing) { mysql_stmt_store_result_cont(&refused, statement, $1) } }
        // Errors of functions arrive with the rows.
        guard refused == 0 else { throw failure(decides) }
        rows = Int(mysql_stmt_num_rows(statement))
        prepared.take(&variables)
        mysql_stmt_free_result(statement)
      } else {
        rows = Int(Int64(bitPattern: mysql_stmt_affected_rows(statement)))
      }
      guard mysql_stmt_more_results(statement) != 0 else { return max(0, rows) }
      // Of a procedure.
      let next = mysql_stmt_next_result_start(&refused, statement)
      if next != 0 { await finish(next) { mysql_stmt_next_result_cont(&refused, statement, $1) } }
      if refused < 0 { return max(0, rows) }
    }
  }

  /// Sends a text as it is, and calls a body with each row of each of its results.
  ///
  /// - Returns: how many rows the last statement changed, or returned if it changes none.
  func run(
    text: borrowing [UInt8], decides: Bool, eachRow: (UnsafeMutablePointer<MYSQL_RES>, MYSQL_ROW) -> Void
  ) async throws(AttemptFailure) -> Int {
    discardResult()
    if _slowPath(readiness?.hasArrived == true), hasEnded { throw .connectionLost }
    events.add(.statements)
    let copy = UnsafeMutableBufferPointer<CChar>.allocate(capacity: text.count)
    defer { copy.deallocate() }
    for (index, byte) in text.enumerated() { copy[index] = CChar(bitPattern: byte) }
    var refused: Int32 = 0
    let status = mysql_real_query_start(&refused, handle, copy.baseAddress, UInt(max(0, text.count - 1)))
    if status != 0 { await finish(status) { mysql_real_query_cont(&refused, $0, $1) } }
    var rows = 0
    while true {
      guard refused == 0 else { throw failure(decides) }
      if mysql_field_count(handle) > 0 {
        var stored: UnsafeMutablePointer<MYSQL_RES>?
        let storing = mysql_store_result_start(&stored, handle)
        if storing != 0 { await finish(storing) { mysql_store_result_cont(&stored, $0, $1) } }
        guard let stored else { throw failure(decides) }
        rows = Int(mysql_num_rows(stored))
        while let row = mysql_fetch_row(stored) { eachRow(stored, row) }
        mysql_free_result(stored)
      } else {
        rows = Int(Int64(bitPattern: mysql_affected_rows(handle)))
      }
      guard mysql_more_results(handle) != 0 else { return max(0, rows) }
      let next = mysql_next_result_start(&refused, handle)
      if next != 0 { await finish(next) { mysql_next_result_cont(&refused, $0, $1) } }
    }
  }

  /// Lets texts be several statements.
  func allowSeveralStatements() async {
    var refused: Int32 = 0
    let status = mysql_set_server_option_start(&refused, handle, MYSQL_OPTION_MULTI_STATEMENTS_ON)
    if status != 0 { await finish(status) { mysql_set_server_option_cont(&refused, $0, $1) } }
  }

  /// The state of the last error: five characters.
  var errorState: String { String(cString: mysql_sqlstate(handle)) }
}
#endif
