internal import CLibpq
internal import Model
internal import Runtime
internal import Scripts

/// Statements of a user's scripts: values and rows are text, and their texts are known only when the program runs.
extension Connection {
  /// Sends a statement that was prepared.
  mutating func send(
    prepared statement: UnsafePointer<StatementTable.Entry>, _ values: borrowing ScriptParameters
  ) throws(AttemptFailure) {
    if _slowPath(readiness.hasArrived) { try checkSession() }
    let count = statement.pointee.parameterCount
    let sent = values.withValues(count) {
      PQsendQueryPrepared(handle, statement.pointee.name, Int32(count), $0, nil, nil, 0)
    }
    if _slowPath(sent == 0) { throw refusedToSend() }
    events.add(.statements)
  }

  /// Sends a statement with its values beside it.
  mutating func send(
    unprepared statement: UnsafePointer<StatementTable.Entry>, _ values: borrowing ScriptParameters
  ) throws(AttemptFailure) {
    if _slowPath(readiness.hasArrived) { try checkSession() }
    let count = statement.pointee.parameterCount
    let sent = values.withValues(count) {
      PQsendQueryParams(handle, statement.pointee.text, Int32(count), nil, $0, nil, nil, 0)
    }
    if _slowPath(sent == 0) { throw refusedToSend() }
    events.add(.statements)
  }

  /// Sends a statement with its values in the text.
  mutating func send(composed text: borrowing ScriptParameters) throws(AttemptFailure) {
    if _slowPath(readiness.hasArrived) { try checkSession() }
    if _slowPath(text.withText { PQsendQuery(handle, $0) } == 0) { throw refusedToSend() }
    events.add(.statements)
  }

  /// Asks for an end of what was sent together, so that everything is answered.
  mutating func sendSync() throws(AttemptFailure) {
    if PQpipelineSync(handle) == 0 { throw refusedToSend() }
  }

  /// Waits for the answer to what was sent, and takes it.
  mutating func take(_ answer: inout ScriptAnswer, decides: Bool) async throws(AttemptFailure) {
    reply.clear()
    if _slowPath(PQflush(handle) != 0) { await flush() }
    await readiness.readable()
    while true {
      if _slowPath(PQconsumeInput(handle) == 0) { throw loss(decides: decides) }
      if takeResults(&answer) { break }
      readiness.rearm()
      await readiness.readable()
    }
    if _slowPath(isLost) { throw loss(decides: decides) }
    countTransactions(answer)
    if _slowPath(reply.hasFailed) {
      throw decides && reply.state.leavesDoubt ? .ambiguous : reply.state.failure(conflictsByConstraint: false)
    }
  }

  /// Takes the results that have arrived. Returns whether the answer is complete.
  private mutating func takeResults(_ answer: inout ScriptAnswer) -> Bool {
    while PQisBusy(handle) == 0 {
      guard let result = PQgetResult(handle) else {
        // In a pipeline a null only ends the answer to one statement; the answer to the sync ends the flush.
        if isPipelined && !isLost { continue }
        return true
      }
      let status = PQresultStatus(result)
      var isKept = false
      switch status {
      case PGRES_TUPLES_OK: isKept = answer.take(rows: result)
      case PGRES_COMMAND_OK: answer.take(tag: PQcmdStatus(result))
      default: take(failure: result)
      }
      if !isKept { PQclear(result) }
      if status == PGRES_PIPELINE_SYNC { return true }
    }
    return isLost
  }

  private mutating func take(failure result: OpaquePointer) {
    if reply.hasFailed { return }
    reply.take(result, conflictsByConstraint: false)
    errorPosition = PQresultErrorField(result, clibpq_diag_position).flatMap { Int(String(cString: $0)) }
  }

  /// Counts what `pg_stat_database` counts. An error inside a block is counted when the block ends: it may have been
  /// rolled back to a savepoint only.
  private mutating func countTransactions(_ answer: borrowing ScriptAnswer) {
    lastStatus = PQtransactionStatus(handle)
    if answer.commits > 0 { events.add(.serverCommits, answer.commits) }
    guard lastStatus == PQTRANS_IDLE, answer.lastWord != .commit || reply.hasFailed else { return }
    events.add(reply.hasFailed || answer.lastWord == .rollback ? .serverRollbacks : .serverCommits)
  }

  /// Runs a text of its own and gives its last result, whatever it is; to be cleared by the caller.
  mutating func fetch(_ text: String, _ parameters: [String] = []) async throws(AttemptFailure) -> OpaquePointer? {
    let sent = withCStrings(parameters) {
      PQsendQueryParams(handle, text, Int32(parameters.count), nil, $0, nil, nil, 0)
    }
    if sent == 0 { throw refusedToSend() }
    events.add(.statements)
    return try await fetch()
  }

  /// Prepares a statement and asks what columns its rows have; the result is to be cleared by the caller.
  mutating func prepare(
    _ statement: UnsafePointer<StatementTable.Entry>, named name: UnsafePointer<CChar>?
  ) async throws(AttemptFailure) -> OpaquePointer? {
    if PQsendPrepare(handle, name ?? Self.noName, statement.pointee.text, 0, nil) == 0 { throw refusedToSend() }
    events.add(.statements)
    PQclear(try await fetch())
    if PQsendDescribePrepared(handle, name ?? Self.noName) == 0 { throw refusedToSend() }
    events.add(.statements)
    return try await fetch()
  }

  /// The name of a statement that is forgotten when the next one comes; ended by a zero.
  private static var noName: UnsafePointer<CChar> {
    let nothing: StaticString = ""
    return UnsafeRawPointer(nothing.utf8Start).assumingMemoryBound(to: CChar.self)
  }

  /// Fails when the server has answered `ROLLBACK` to `COMMIT`.
  mutating func checkEnd(_ answer: borrowing ScriptAnswer) throws(AttemptFailure) {
    if _slowPath(answer.lastWord == .rollback) {
      reply.fail("the server answered ROLLBACK to COMMIT")
      throw .error
    }
  }

  private mutating func fetch() async throws(AttemptFailure) -> OpaquePointer? {
    reply.clear()
    var answer = ScriptAnswer(keepsRows: false)
    var last: OpaquePointer?
    if PQflush(handle) != 0 { await flush() }
    repeat {
      await readiness.readable()
      if PQconsumeInput(handle) == 0 { throw loss(decides: false) }
      while PQisBusy(handle) == 0, let result = PQgetResult(handle) {
        PQclear(last)
        last = result
        if PQresultStatus(result) == PGRES_FATAL_ERROR { take(failure: result) }
      }
      if PQisBusy(handle) != 0 { readiness.rearm() }
    } while PQisBusy(handle) != 0 && !isLost
    if PQresultStatus(last) == PGRES_COMMAND_OK { answer.take(tag: PQcmdStatus(last)) }
    if !isLost { countTransactions(answer) }
    guard !reply.hasFailed, !isLost else {
      PQclear(last)
      throw isLost ? .connectionLost : reply.state.failure(conflictsByConstraint: false)
    }
    return last
  }

  /// Rolls back, if a transaction is open. A connection that is lost meanwhile shows with the next statement.
  mutating func rollBackScript() async {
    guard !isLost, isPipelined || lastStatus != PQTRANS_IDLE else { return }
    do throws(AttemptFailure) {
      // In a pipeline it also undoes what was sent and would be committed by the sync.
      try send(.rollback)
      if isPipelined { try sendSync() }
      var answer = ScriptAnswer(keepsRows: false)
      try await take(&answer, decides: false)
      if isPipelined { try leavePipeline() }
    } catch {
      return
    }
  }
}

extension SQLState {
  /// Whether nobody can tell what became of the transaction: `statement_completion_unknown`, `transaction_resolution_unknown`.
  var leavesDoubt: Bool { self == SQLState("40003") || self == SQLState("08007") }
}
