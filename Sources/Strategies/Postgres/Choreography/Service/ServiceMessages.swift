internal import Model
internal import Runtime

/// What a service does about messages in its database besides its steps.
extension SagaParticipant {
  /// Takes the oldest message that nobody has published in time, and calls a body that publishes it; it is removed in the
  /// same transaction. Returns whether there was one.
  func relayOldest(
    _ message: inout Message, _ publish: (borrowing Message, _ service: Int) async throws(AttemptFailure) -> Void
  ) async throws(AttemptFailure) -> Bool {
    do throws(AttemptFailure) {
      try await mend()
      try session.connection.send(.begin)
      try session.connection.send(ChoreographyStatements.takeLeft)
      try await session.connection.complete()
      guard session.connection.reply.rows > 3 else {
        await session.connection.rollBack()
        return false
      }
      let service = Int(session.connection.reply[2, 0])
      take(&message, from: 3)
      try await publish(message, service)
      setIdentity(message)
      try session.connection.send(ChoreographyStatements.removeWritten, parameters: 2)
      try await commit()
      return true
    } catch {
      throw await abandon(error)
    }
  }

  /// Removes a message that was published, and tells the worker that its saga has ended, without waiting for the disk.
  func tidy(published message: Message?, ended saga: SagaIdentity?) async throws(AttemptFailure) {
    try await transaction { () async throws(AttemptFailure) in
      try session.connection.send(.begin)
      try session.connection.send(ChoreographyStatements.withoutWaiting)
      if let message {
        setIdentity(message)
        try session.connection.send(ChoreographyStatements.removeWritten, parameters: 2)
      }
      if let saga {
        session.connection.parameters.set(0, int4: Int32(saga.worker))
        try session.connection.send(ChoreographyStatements.wakeWorker, parameters: 1)
      }
      try await commit()
    }
  }

  /// Begins a transaction and claims the message that has waited longest in it. Returns false, with no transaction, when
  /// there is none.
  func claim(_ message: inout Message) async throws(AttemptFailure) -> Bool {
    do throws(AttemptFailure) {
      try await mend()
      try session.connection.send(.begin)
      try session.connection.send(ChoreographyStatements.claim)
      try await session.connection.complete()
      guard session.connection.reply.rows > 2 else {
        await session.connection.rollBack()
        return false
      }
      take(&message, from: 2)
      return true
    } catch {
      throw await abandon(error)
    }
  }

  /// Puts a message into the inbox, unless it is there.
  func deliver(_ message: Message) async throws(AttemptFailure) {
    try await transaction { () async throws(AttemptFailure) in
      setIdentity(message)
      setContent(2, message)
      try await session.connection.run(ChoreographyStatements.deliver, parameters: 3, decides: true)
      try session.connection.send(.begin)
      try session.connection.send(ChoreographyStatements.withoutWaiting)
      try session.connection.send(ChoreographyStatements.wakeService)
      try await commit()
    }
  }

  /// Moves a message from the inbox to the dead letters.
  func bury(_ message: Message) async throws(AttemptFailure) {
    try await transaction { () async throws(AttemptFailure) in
      setIdentity(message)
      try await session.connection.run(ChoreographyStatements.bury, parameters: 2, decides: true)
    }
  }

  /// How many messages are in the inbox and among the dead letters.
  func countMessages() async throws(AttemptFailure) -> MessageCounts {
    try await transaction { () async throws(AttemptFailure) in
      try await session.connection.run(ChoreographyStatements.count)
      return MessageCounts(waiting: session.connection.reply[0, 0], dead: session.connection.reply[0, 1])
    }
  }

  /// How many messages are in the outbox.
  func countWritten() async throws(AttemptFailure) -> Int64 {
    try await transaction { () async throws(AttemptFailure) in
      try await session.connection.run(ChoreographyStatements.countWritten)
      return session.connection.reply[0, 0]
    }
  }

  /// How far a saga has come that began here; nil when there is none.
  ///
  /// - Parameter values: takes the new value of each change, by its position in the operation, when it has ended.
  func state(
    of saga: SagaIdentity, _ script: SagaScript, _ values: UnsafeMutablePointer<Int64>
  ) async throws(AttemptFailure) -> SagaState? {
    try await transaction { () async throws(AttemptFailure) in
      session.connection.parameters.set(0, int8: saga.number)
      try await session.connection.run(ChoreographyStatements.state, parameters: 1)
      let rows = session.connection.reply.rows
      let first = 2 + 3 * script.changes.count
      if rows == first + script.changes.count {
        for (index, change) in script.changes.enumerated() {
          values[change.position] = session.connection.reply[first + index, 0]
        }
      }
      return rows > 0 ? SagaState(rawValue: session.connection.reply[0, 0]) : nil
    }
  }

  /// Waits until the server tells what the session listens for, but not beyond a moment.
  func waitForNotification(until deadline: Int64, _ loop: EventLoop) async throws(AttemptFailure) {
    try await transaction { () async throws(AttemptFailure) in
      try await session.connection.waitForNotification(until: deadline, loop)
    }
  }
}
