internal import Model
internal import Runtime

/// One of the databases of a saga: the transactions of its steps, each done once however often it is sent.
///
/// Every transaction takes two round trips: `BEGIN`, the row of the step and the locks in one, the changes and `COMMIT`
/// in the other.
final class SagaParticipant {
  /// Its connection, within ``transaction(_:)``.
  var session: Session
  let undoStatement: Statement
  let events: EventCounter
  private let hasSemanticLock: Bool
  /// The connection was lost: the next transaction opens another one first.
  private(set) var isBroken = false
  /// The text of an error that is no part of the game.
  private(set) var errorText: String?

  init(
    _ plan: SessionPlan, _ worker: WorkerContext, undo: Statement, hasSemanticLock: Bool
  ) async throws(SetupFailure) {
    session = try await Session(plan, worker)
    undoStatement = undo
    events = worker.events
    self.hasSemanticLock = hasSemanticLock
  }

  /// What became of a step that was sent.
  enum Answer {
    /// It was done, or undone.
    case done
    /// It had been done, or undone, before.
    case known
    /// The business rule said no, or it was undone before it came.
    case refused
    /// Another saga that has not ended holds a record.
    case pending
  }

  /// What belongs to the same transaction because it lies in the same database.
  struct Company {
    /// The orchestrator writes down the saga.
    var opens = false
    /// It writes down that the saga is finished.
    var finishes = false
  }

  // MARK: the session

  /// Opens another connection if the last one was lost.
  func mend() async throws(AttemptFailure) {
    guard isBroken else { return }
    do throws(SetupFailure) {
      try await session.reopen()
    } catch {
      errorText = error.message
      throw .connectionLost
    }
    events.add(.reconnects)
    isBroken = false
  }

  /// Runs one transaction; after a failure nothing of it is left open.
  func transaction<Result>(
    _ body: () async throws(AttemptFailure) -> Result
  ) async throws(AttemptFailure) -> Result {
    try await mend()
    do throws(AttemptFailure) {
      return try await body()
    } catch {
      throw await abandon(error)
    }
  }

  /// Leaves nothing of a transaction open that has failed. Returns the failure.
  func abandon(_ failure: AttemptFailure) async -> AttemptFailure {
    if failure == .error { errorText = session.connection.reply.errorText ?? errorText }
    await session.connection.rollBack()
    isBroken = failure.breaksSession || session.connection.isLost
    return failure
  }

  // MARK: steps

  /// Does a step, if it was neither done nor undone before.
  ///
  /// - Parameter values: takes the new value of each change, by its position in the operation.
  func act(
    _ saga: SagaIdentity, _ script: SagaScript, _ step: Int, with company: Company,
    _ values: UnsafeMutablePointer<Int64>?
  ) async throws(AttemptFailure) -> Answer {
    try await transaction { () async throws(AttemptFailure) in
      try session.connection.send(.begin)
      if company.opens { try sendOpening(saga, script) }
      guard try await lock(saga, script, step, SagaStatements.begin) else { return try await look(saga, step) }
      if let answer = stored(saga, script, step, values) {
        await session.connection.rollBack()
        return answer
      }
      try sendChanges(saga, script, step, keepsPending: script.groups.count > 1)
      if company.finishes { try sendState(saga, .finished, step: step) }
      try await commit()
      return .done
    }
  }

  /// Undoes a step, if it was not undone before; if it was not done either, it never will be.
  func undo(_ saga: SagaIdentity, _ script: SagaScript, _ step: Int) async throws(AttemptFailure) -> Answer {
    try await transaction { () async throws(AttemptFailure) in
      try session.connection.send(.begin)
      guard try await lock(saga, script, step, undoStatement) else {
        await session.connection.rollBack()
        return .known
      }
      // The row of the step comes first.
      if session.connection.reply[0, 0] > 0 {
        guard restore(script, step) else {
          await session.connection.rollBack()
          return .refused
        }
        try sendChanges(saga, script, step, keepsPending: false)
      }
      try await commit()
      return .done
    }
  }

  /// Sets the new values to those from before a step; false when one cannot be had.
  func restore(_ script: SagaScript, _ step: Int) -> Bool {
    for change in script.changes[script.groups[step].changes] {
      let row = row(of: change.local)
      guard let value = change.step.undo(session.connection.reply[row, 1], token: script.token) else { return false }
      changed[row] = value
    }
    return true
  }

  /// New values by row of the last answer.
  var changed = [Int64](repeating: 0, count: 1 + Operation.maximumSteps)

  /// Writes down the step and locks its records. Returns whether the step is new; then its row is the first.
  func lock(
    _ saga: SagaIdentity, _ script: SagaScript, _ step: Int, _ statement: Statement
  ) async throws(AttemptFailure) -> Bool {
    session.connection.parameters.set(0, int8: saga.number)
    session.connection.parameters.set(1, int4: Int32(step))
    try session.connection.send(statement, parameters: 2)
    let changes = script.changes[script.groups[step].changes]
    setRecords(changes)
    try session.connection.send(SagaStatements.lock, parameters: 1)
    try await session.connection.complete()
    let rows = session.connection.reply.rows
    if rows == changes.count { return false }
    try session.connection.requireRecords(rows, of: changes.count + 1)
    return true
  }

  /// Sets the first parameter to the records of changes.
  func setRecords(_ changes: ArraySlice<SagaScript.Change>) {
    session.connection.parameters.beginArray(0)
    for change in changes { session.connection.parameters.append(0, int4: change.local) }
  }

  /// The row of a record in an answer that begins with the row of the step.
  func row(of record: Int32) -> Int {
    var row = 1
    while row < session.connection.reply.rows &- 1 && session.connection.reply[row, 0] != Int64(record) { row &+= 1 }
    return row
  }

  /// Decides over what was read. Returns why nothing may be written; nil when the new values are there.
  func stored(
    _ saga: SagaIdentity, _ script: SagaScript, _ step: Int, _ values: UnsafeMutablePointer<Int64>?
  ) -> Answer? {
    for change in script.changes[script.groups[step].changes] {
      let row = row(of: change.local)
      let owner = session.connection.reply[row, 2]
      if hasSemanticLock && owner != 0 && owner != saga.number { return .pending }
      guard let value = change.step.apply(to: session.connection.reply[row, 1], token: script.token) else {
        return .refused
      }
      changed[row] = value
      values?[change.position] = value
    }
    return nil
  }

  /// Whether a step that was written down before is in effect.
  private func look(_ saga: SagaIdentity, _ step: Int) async throws(AttemptFailure) -> Answer {
    await session.connection.rollBack()
    session.connection.parameters.set(0, int8: saga.number)
    session.connection.parameters.set(1, int4: Int32(step))
    try await session.connection.run(SagaStatements.look, parameters: 2)
    let isInEffect =
      session.connection.reply.rows == 1 && session.connection.reply[0, 0] > 0 && session.connection.reply[0, 1] == 0
    return isInEffect ? .known : .refused
  }

  /// Where others wait for the end of sagas, records that are only looked at are marked, too.
  func sendChanges(
    _ saga: SagaIdentity, _ script: SagaScript, _ step: Int, keepsPending: Bool
  ) throws(AttemptFailure) {
    var isEmpty = true
    session.connection.parameters.beginArray(0)
    session.connection.parameters.beginWideArray(1)
    for change in script.changes[script.groups[step].changes] where hasSemanticLock || change.step.writes {
      session.connection.parameters.append(0, int4: change.local)
      session.connection.parameters.append(1, int8: changed[row(of: change.local)])
      isEmpty = false
    }
    session.connection.parameters.set(2, int8: hasSemanticLock && !keepsPending ? 0 : saga.number)
    if !isEmpty { try session.connection.send(SagaStatements.write, parameters: 3) }
  }

  func commit() async throws(AttemptFailure) {
    try session.connection.send(.commit)
    try await session.connection.complete(decides: true)
    try session.connection.checkCommit()
  }
}
