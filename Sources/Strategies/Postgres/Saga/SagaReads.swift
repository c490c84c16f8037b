internal import Model
internal import Runtime

/// Operations that only read.
extension SagaOrchestrator {
  /// Reads every record as it is, see ``SagaScript/readAll(_:holding:_:_:)``.
  func readAll(_ attempt: Attempt) async throws(AttemptFailure) {
    try await script.readAll(participants, holding: participants.prefix(1), &changers, attempt)
  }

  /// Reads all records as they were at one moment at which none was pending: until two readings in a row agree.
  func readSettled(_ attempt: Attempt) async throws(AttemptFailure) {
    let start = monotonicNow()
    var hasBefore = false
    while true {
      var isSettled = true
      var agrees = hasBefore
      for group in script.groups {
        try await participants[group.database].read(SagaStatements.readSettled, script.changes[group.changes]) {
          attempt.values[$0.position] = $1
          if $2 < 0 { isSettled = false }
          if stamps[$0.position] != $2 { agrees = false }
          stamps[$0.position] = $2
        }
      }
      if isSettled && (agrees || script.groups.count == 1) { return }
      hasBefore = true
      if isSettled { continue }
      attempt.count(.polls)
      if monotonicNow() &- start > settings.stepTimeout.nanoseconds { throw .notAcquired }
      await pause()
    }
  }
}

extension SagaScript {
  /// Reads every record as it is, and counts those that a saga has changed that has not ended: somebody may still undo it.
  ///
  /// A saga that ends between the read and the question is not counted.
  ///
  /// - Parameters:
  ///   - holders: databases with rows of sagas.
  ///   - changers: room for the sagas that have changed what was read.
  func readAll(
    _ participants: [SagaParticipant], holding holders: some Collection<SagaParticipant>, _ changers: inout [Int64],
    _ attempt: Attempt
  ) async throws(AttemptFailure) {
    changers.removeAll(keepingCapacity: true)
    for group in groups {
      try await participants[group.database].read(SagaStatements.read, changes[group.changes]) {
        attempt.values[$0.position] = $1
        if $2 != 0 { changers.append($2) }
      }
    }
    if changers.isEmpty { return }
    for holder in holders where try await holder.countUnfinished(changers) > 0 {
      attempt.count(.dirtyReads)
      return
    }
  }
}
