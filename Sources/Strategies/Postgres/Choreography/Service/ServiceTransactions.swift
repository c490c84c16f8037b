internal import Model
internal import Runtime

/// The transactions of a service of choreographed sagas: each does its step, and writes down in the same transaction what
/// the next service has to hear.
extension SagaParticipant {
  /// What a service has to know to handle an event.
  struct Task {
    let saga: SagaIdentity
    let event: SagaEvent
    /// Whether the service says no to the step.
    var declines = false
    /// The row of a step.
    let begin: Statement
    /// Takes the new value of each change, by its position in the operation.
    let values: UnsafeMutablePointer<Int64>
    /// Whether the event was claimed from the inbox in this transaction, which has begun.
    var isClaimed = false
  }

  /// What came of an event.
  struct Handled {
    /// Whether it had not been handled before.
    var isNew = false
    /// Whether a step was undone.
    var hasCompensated = false
    /// What was written into the outbox.
    var next: SagaEvent?
    /// The saga has ended.
    var hasEnded = false
  }

  // MARK: the first step

  /// Does the first step of a saga, and writes down the saga and the event for the second one.
  ///
  /// - Parameters:
  ///   - hold: called between reading and writing.
  ///   - beforeCommit: called when everything has been written.
  func begin(
    _ task: Task, _ script: SagaScript, _ message: inout Message, hold: () async -> Void, beforeCommit: () -> Void
  ) async throws(AttemptFailure) -> Answer {
    let isOne = script.groups.count == 1
    do throws(AttemptFailure) {
      try await mend()
      try session.connection.send(.begin)
      if !isOne { try sendOpening(task.saga, script) }
      guard try await lock(task.saga, script, 0, task.begin) else { throw .error }
      await hold()
      if let answer = stored(task.saga, script, 0, task.values) {
        await session.connection.rollBack()
        return answer
      }
      try sendChanges(task.saga, script, 0, keepsPending: !isOne)
      if !isOne { try write(SagaEvent(.act, 1), task, script, &message) }
      beforeCommit()
      try await commit()
      return .done
    } catch {
      throw await abandon(error)
    }
  }

  // MARK: the others

  /// Handles an event. What it leads to is in the message when it is ``Handled/next``.
  func handle(
    _ task: Task, _ script: SagaScript, _ message: inout Message, beforeCommit: () -> Void
  ) async throws(AttemptFailure) -> Handled {
    do throws(AttemptFailure) {
      if !task.isClaimed {
        try await mend()
        try session.connection.send(.begin)
      }
      var handled = Handled()
      switch task.event.kind {
      case .act: try await act(task, script, &handled)
      case .undo, .undoOfStuck: try await undo(task, script, &handled)
      case .finish:
        try sendEnd(.finished, task, script)
        handled = Handled(isNew: true, hasEnded: true)
      }
      if let next = handled.next { try write(next, task, script, &message) }
      if task.isClaimed { try sendRemoval(task) }
      beforeCommit()
      try await commit()
      if task.event.kind == .finish { handled.isNew = session.connection.reply.affected > 0 }
      return handled
    } catch {
      throw await abandon(error)
    }
  }

  private func act(_ task: Task, _ script: SagaScript, _ handled: inout Handled) async throws(AttemptFailure) {
    let step = task.event.step
    guard try await lock(task.saga, script, step, task.begin) else { return }
    handled.isNew = true
    if task.declines || stored(task.saga, script, step, task.values) != nil {
      session.connection.parameters.set(0, int8: task.saga.number)
      session.connection.parameters.set(1, int4: Int32(step))
      try session.connection.send(ChoreographyStatements.refuse, parameters: 2)
      handled.next = SagaEvent(.undo, step - 1)
    } else {
      try sendChanges(task.saga, script, step, keepsPending: true)
      handled.next = step + 1 < script.groups.count ? SagaEvent(.act, step + 1) : SagaEvent(.finish, step)
    }
  }

  private func undo(_ task: Task, _ script: SagaScript, _ handled: inout Handled) async throws(AttemptFailure) {
    let step = task.event.step
    guard try await lock(task.saga, script, step, undoStatement) else { return }
    handled.isNew = true
    var isStuck = task.event.kind == .undoOfStuck
    // The row of the step comes first.
    if session.connection.reply[0, 0] > 0 {
      if restore(script, step) {
        try sendChanges(task.saga, script, step, keepsPending: false)
        handled.hasCompensated = true
      } else {
        isStuck = true
      }
    }
    if step > 0 {
      handled.next = SagaEvent(isStuck ? .undoOfStuck : .undo, step - 1)
    } else {
      try sendEnd(isStuck ? .stuck : .compensated, task, script)
      handled.hasEnded = true
    }
  }

  private func write(
    _ event: SagaEvent, _ task: Task, _ script: SagaScript, _ message: inout Message
  ) throws(AttemptFailure) {
    message.set(event, of: task.saga, script, task.values, writtenAt: monotonicNow())
    setIdentity(message)
    session.connection.parameters.set(2, int4: Int32(event.service(script)))
    setContent(3, message)
    try session.connection.send(ChoreographyStatements.write, parameters: 4)
  }

  private func sendEnd(_ state: SagaState, _ task: Task, _ script: SagaScript) throws(AttemptFailure) {
    session.connection.parameters.set(0, int8: task.saga.number)
    session.connection.parameters.set(1, int4: Int32(state.rawValue))
    session.connection.parameters.set(2, int4: Int32(task.event.step))
    session.connection.parameters.beginWideArray(3)
    for change in script.changes { session.connection.parameters.append(3, int8: task.values[change.position]) }
    try session.connection.send(ChoreographyStatements.end, parameters: 4)
  }

  private func sendRemoval(_ task: Task) throws(AttemptFailure) {
    session.connection.parameters.set(0, int8: task.saga.number)
    session.connection.parameters.set(1, int4: Int32(task.event.number))
    try session.connection.send(ChoreographyStatements.removeDelivered, parameters: 2)
  }

  // MARK: parameters

  /// Sets the first two parameters to what identifies a message.
  func setIdentity(_ message: borrowing Message) {
    session.connection.parameters.set(0, int8: message.course)
    session.connection.parameters.set(1, int4: Int32(message.number))
  }

  /// Sets a parameter to the content of a message.
  func setContent(_ index: Int, _ message: borrowing Message) {
    session.connection.parameters.beginWideArray(index)
    for number in message.content { session.connection.parameters.append(index, int8: number) }
  }

  /// Takes a message that is an answer of one number in each row.
  func take(_ message: inout Message, from row: Int) {
    message.begin(course: session.connection.reply[0, 0], number: session.connection.reply[1, 0])
    for row in row..<session.connection.reply.rows { message.append(session.connection.reply[row, 0]) }
  }
}
