internal import CLibpq
internal import Model
internal import Runtime

/// One session with the server, on the event loop of its worker: sends statements, prepared ones as a rule, and
/// collects the answers.
///
/// Owns the `PGconn` and frees it. Three system calls per round trip: send, wait, receive.
struct Connection: ~Copyable {
  /// The parameters of the next statement; filled by the caller.
  let parameters = ParameterBuffer()
  /// The answer to the last flush.
  var reply = Reply()
  /// Whether statements are sent together and answered together.
  private(set) var isPipelined = false
  /// Whether what was sent together has left.
  private var isUnderWay = false

  let handle: OpaquePointer
  let readiness: Readiness
  let events: EventCounter
  private let conflictsByConstraint: Bool
  private let unprepared: UnpreparedStatements?
  private let parting = PartingWord()
  /// Whether it was said already who cancels statements here.
  var hasNamedLimit = false
  /// Where in the text of a script's statement the server has found an error, in characters from 1.
  var errorPosition: Int?
  /// Whether a transaction was open when the last answer had come.
  var lastStatus = PQTRANS_IDLE

  /// Takes over an open, non-blocking connection.
  init(adopting handle: OpaquePointer, _ plan: SessionPlan, _ worker: WorkerContext) {
    self.handle = handle
    readiness = worker.loop.register(PQsocket(handle))
    events = worker.events
    conflictsByConstraint = plan.isolation == .serializable || plan.appends
    unprepared = plan.unprepared
    parting.listen(to: handle)
  }

  deinit {
    // libpq has closed the socket of a connection that was lost; its number may belong to another session by now.
    if PQsocket(handle) >= 0 { readiness.deregister() } else { readiness.abandon() }
    PQfinish(handle)
  }

  // MARK: statements

  /// Sends one statement and waits for its answer.
  ///
  /// - Parameter decides: whether the effect of the attempt depends on it. Then a lost connection is ambiguous.
  @inline(__always) mutating func run(
    _ statement: Statement, parameters count: Int32 = 0, decides: Bool = false
  ) async throws(AttemptFailure) {
    try send(statement, parameters: count)
    try await complete(decides: decides)
  }

  /// Sends one statement. On a pipelined connection more may follow before ``complete(decides:)``; on others it goes
  /// out at once and must be completed first.
  mutating func send(_ statement: Statement, parameters count: Int32 = 0) throws(AttemptFailure) {
    if _slowPath(readiness.hasArrived) { try checkSession() }
    let sent =
      if let unprepared {
        unprepared.withText(of: statement) { text in
          PQsendQueryParams(
            handle, text, count, nil, parameters.values, parameters.lengths, parameters.formats, 1)
        }
      } else {
        PQsendQueryPrepared(
          handle, statement.name, count, parameters.values, parameters.lengths, parameters.formats, 1)
      }
    if _slowPath(sent == 0) { throw refusedToSend() }
    events.add(.statements)
  }

  /// Sends one statement as it is, whose text ends with a zero. It may go out with others where they are sent together.
  mutating func send(text: UnsafePointer<CChar>) throws(AttemptFailure) {
    if _slowPath(readiness.hasArrived) { try checkSession() }
    if PQsendQueryParams(handle, text, 0, nil, nil, nil, nil, 1) == 0 { throw refusedToSend() }
    events.add(.statements)
  }

  /// Sends a text of SQL commands, unprepared.
  mutating func sendText(_ text: String) throws(AttemptFailure) {
    if PQsendQuery(handle, text) == 0 { throw refusedToSend() }
    events.add(.statements)
  }

  /// Sends a request to prepare a statement.
  mutating func sendPreparation(of statement: Statement) throws(AttemptFailure) {
    if PQsendPrepare(handle, statement.name, statement.text, 0, nil) == 0 { throw refusedToSend() }
    events.add(.statements)
  }

  /// Something has come that nobody asked for, or the other side has closed. A server ends a session that nothing was
  /// sent on (its `idle_session_timeout`, a restart): to send on it would leave open whether the statement was read.
  mutating func checkSession() throws(AttemptFailure) {
    let isOpen = PQconsumeInput(handle) != 0
    // Makes libpq look at what has come.
    _ = PQisBusy(handle)
    guard isOpen, !isLost, parting.state == .none else {
      reply.fail(with: parting.state)
      throw .connectionLost
    }
  }

  /// libpq refuses to send on a connection that it knows to be lost; nothing has left this process.
  mutating func refusedToSend() -> AttemptFailure {
    if isLost { return .connectionLost }
    reply.fail(String(cString: PQerrorMessage(handle)))
    return .error
  }

  /// Lets statements that are sent together leave now and not with ``complete(decides:)``, so that several servers work at
  /// the same time.
  mutating func dispatch() throws(AttemptFailure) {
    // It flushes, too.
    if PQpipelineSync(handle) == 0 { throw refusedToSend() }
    isUnderWay = true
  }

  /// Waits for the answers to everything that was sent; they are in ``reply``.
  mutating func complete(decides: Bool = false) async throws(AttemptFailure) {
    reply.clear()
    if isPipelined {
      if !isUnderWay && PQpipelineSync(handle) == 0 { throw refusedToSend() }
      isUnderWay = false
    }
    if _slowPath(PQflush(handle) != 0) { await flush() }
    await readiness.readable()
    while true {
      if _slowPath(PQconsumeInput(handle) == 0) { throw loss(decides: decides) }
      if takeResults() { break }
      readiness.rearm()
      await readiness.readable()
    }
    if _slowPath(isLost) { throw loss(decides: decides) }
    countTransactions()
    if _slowPath(reply.hasFailed) { throw reply.state.failure(conflictsByConstraint: conflictsByConstraint) }
  }

  /// Takes the results that have arrived. Returns whether the answer is complete.
  private mutating func takeResults() -> Bool {
    while PQisBusy(handle) == 0 {
      guard let result = PQgetResult(handle) else {
        // In a pipeline a null only ends the answer to one statement; the answer to the sync ends the flush.
        if isPipelined && !isLost { continue }
        return true
      }
      let status = PQresultStatus(result)
      reply.take(result, conflictsByConstraint: conflictsByConstraint)
      PQclear(result)
      if status == PGRES_PIPELINE_SYNC { return true }
    }
    return isLost
  }

  /// The rare case that the socket took only a part.
  func flush() async {
    while PQflush(handle) == 1 {
      await readiness.readableOrWritable()
      if PQconsumeInput(handle) == 0 { return }
    }
    // What came with the permission to write must not be lost for the wait that follows.
    readiness.rearm()
  }

  /// Takes what the server said before it hung up.
  mutating func loss(decides: Bool) -> AttemptFailure {
    while let result = PQgetResult(handle) {
      reply.take(result, conflictsByConstraint: conflictsByConstraint)
      PQclear(result)
    }
    return decides && !reply.state.endsIdleSession ? .ambiguous : .connectionLost
  }

  /// Whether the connection is known to be lost.
  var isLost: Bool { PQstatus(handle) == CONNECTION_BAD }

  // MARK: transactions

  private var transactionStatus: PGTransactionStatusType { PQtransactionStatus(handle) }

  /// Counts what `pg_stat_database` counts: one commit or one rollback per transaction, also for a statement of its
  /// own; a transaction that fails is rolled back at that moment, and its `ROLLBACK` is not counted again.
  private mutating func countTransactions() {
    let status = transactionStatus
    let statusBefore = lastStatus
    lastStatus = status
    if _slowPath(reply.hasFailed) {
      if statusBefore != PQTRANS_INERROR { events.add(.serverRollbacks) }
    } else if status == PQTRANS_IDLE {
      if statusBefore == PQTRANS_IDLE || reply.hasCommitted {
        events.add(.serverCommits)
      } else if statusBefore == PQTRANS_INTRANS {
        events.add(.serverRollbacks)
      }
    }
  }

  /// Commits.
  mutating func commit(decides: Bool = true) async throws(AttemptFailure) {
    try await run(.commit, decides: decides)
    try checkCommit()
  }

  /// Whether the `COMMIT` of the last flush was one.
  mutating func checkCommit() throws(AttemptFailure) {
    if _slowPath(!reply.hasCommitted) {
      reply.fail("the server answered ROLLBACK to COMMIT")
      throw .error
    }
  }

  /// Whether the `PREPARE TRANSACTION` of the last flush was one.
  mutating func checkPreparation() throws(AttemptFailure) {
    if _slowPath(!reply.hasPrepared) {
      reply.fail("the server answered ROLLBACK to PREPARE TRANSACTION")
      throw .error
    }
  }

  /// Rolls back, if a transaction is open. A connection that is lost meanwhile shows with the next statement.
  mutating func rollBack() async {
    guard lastStatus != PQTRANS_IDLE, !isLost else { return }
    try? await run(.rollback)
  }

  /// Asks for one number, outside of a transaction or inside one that has not failed. Nil when that fails.
  mutating func ask(_ query: StaticString) async -> Int64? {
    let text = UnsafeRawPointer(query.utf8Start).assumingMemoryBound(to: CChar.self)
    guard PQsendQueryParams(handle, text, 0, nil, nil, nil, nil, 1) != 0 else { return nil }
    events.add(.statements)
    do throws(AttemptFailure) { try await complete() } catch { return nil }
    return reply.rows == 1 ? reply[0, 0] : nil
  }

  /// Waits until the server tells what the session listens for, but not beyond a moment of ``monotonicNow()``. What has
  /// come before counts.
  mutating func waitForNotification(until deadline: Int64, _ loop: EventLoop) async throws(AttemptFailure) {
    while true {
      let isOpen = PQconsumeInput(handle) != 0
      var hasCome = false
      while let notification = PQnotifies(handle) {
        PQfreemem(notification)
        hasCome = true
      }
      if hasCome { return }
      guard isOpen, !isLost, parting.state == .none else { throw .connectionLost }
      // What came while nobody waited has been read now, and must not wake.
      readiness.rearm()
      guard await loop.wait(for: readiness, until: deadline) else { return }
    }
  }

  /// Fails unless as many rows came back, or were changed, as there are records: all of them exist.
  mutating func requireRecords(_ found: Int, of expected: Int) throws(AttemptFailure) {
    if _slowPath(found != expected) {
      reply.fail("a record is missing from the table")
      throw .error
    }
  }

  /// Makes the connection keep the texts of replies from now on.
  mutating func keepTexts() { reply.keepsText = true }

  /// Makes the connection keep all rows of replies from now on.
  mutating func keepAllRows() { reply.keepsAllRows = true }

  /// Makes the connection send statements together from now on.
  mutating func enterPipeline() throws(AttemptFailure) {
    if PQenterPipelineMode(handle) == 0 { throw refusedToSend() }
    isPipelined = true
  }

  /// Makes the connection send statements one by one again.
  mutating func leavePipeline() throws(AttemptFailure) {
    if PQexitPipelineMode(handle) == 0 { throw refusedToSend() }
    isPipelined = false
  }

  /// The last error, for a failure to open the session.
  var lastError: String {
    reply.errorText ?? ConnectionProblem.parts(String(cString: PQerrorMessage(handle))).text
  }
}
