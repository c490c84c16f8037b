internal import Model
internal import Runtime

/// What a database knows besides the steps: in the first one, the rows of the orchestrator.
extension SagaParticipant {
  func sendOpening(_ saga: SagaIdentity, _ script: SagaScript) throws(AttemptFailure) {
    session.connection.parameters.set(0, int8: saga.number)
    session.connection.parameters.set(1, int4: Int32(script.groups.count))
    session.connection.parameters.beginWideArray(2)
    script.forEachNumber { session.connection.parameters.append(2, int8: $0) }
    try session.connection.send(SagaStatements.open, parameters: 3)
  }

  func sendState(_ saga: SagaIdentity, _ state: SagaState, step: Int) throws(AttemptFailure) {
    session.connection.parameters.set(0, int8: saga.number)
    session.connection.parameters.set(1, int4: Int32(state.rawValue))
    session.connection.parameters.set(2, int4: Int32(step))
    try session.connection.send(SagaStatements.setState, parameters: 3)
  }

  /// Writes down a saga before its first step.
  func open(_ saga: SagaIdentity, _ script: SagaScript) async throws(AttemptFailure) {
    try await transaction { () async throws(AttemptFailure) in
      try sendOpening(saga, script)
      try await session.connection.complete(decides: true)
    }
  }

  /// Writes down how far a saga has come.
  func set(_ state: SagaState, of saga: SagaIdentity, step: Int) async throws(AttemptFailure) {
    try await transaction { () async throws(AttemptFailure) in
      try sendState(saga, state, step: step)
      try await session.connection.complete(decides: true)
    }
  }

  /// Its records are no longer pending.
  func free(_ saga: SagaIdentity, _ script: SagaScript, _ step: Int) async throws(AttemptFailure) {
    try await transaction { () async throws(AttemptFailure) in
      setRecords(script.changes[script.groups[step].changes])
      session.connection.parameters.set(1, int8: saga.number)
      try await session.connection.run(SagaStatements.free, parameters: 2, decides: true)
    }
  }

  /// Rows of three numbers for a range of sagas or for one: those that have not ended, or what one does.
  func rows(
    _ statement: Statement, _ range: ClosedRange<Int64>, parameters count: Int32
  ) async throws(AttemptFailure) -> [(Int64, Int64, Int64)] {
    try await transaction { () async throws(AttemptFailure) in
      session.connection.parameters.set(0, int8: range.lowerBound)
      session.connection.parameters.set(1, int8: range.upperBound)
      try await session.connection.run(statement, parameters: count)
      return (0..<session.connection.reply.rows).map { row in
        (session.connection.reply[row, 0], session.connection.reply[row, 1], session.connection.reply[row, 2])
      }
    }
  }

  // MARK: reads

  /// Reads the records of one step.
  ///
  /// - Parameter take: is given each change with the value and the third column of the statement.
  func read(
    _ statement: Statement, _ changes: ArraySlice<SagaScript.Change>,
    _ take: (SagaScript.Change, _ value: Int64, _ third: Int64) -> Void
  ) async throws(AttemptFailure) {
    try await transaction { () async throws(AttemptFailure) in
      setRecords(changes)
      try await session.connection.run(statement, parameters: 1)
      try session.connection.requireRecords(session.connection.reply.rows, of: changes.count)
      for change in changes {
        let row = session.connection.row(of: change.local)
        take(change, session.connection.reply[row, 1], session.connection.reply[row, 2])
      }
    }
  }

  /// How many of some sagas have not ended.
  func countUnfinished(_ sagas: [Int64]) async throws(AttemptFailure) -> Int64 {
    try await transaction { () async throws(AttemptFailure) in
      session.connection.parameters.beginWideArray(0)
      for saga in sagas { session.connection.parameters.append(0, int8: saga) }
      try await session.connection.run(SagaStatements.countUnfinished, parameters: 1)
      return session.connection.reply[0, 0]
    }
  }
}
