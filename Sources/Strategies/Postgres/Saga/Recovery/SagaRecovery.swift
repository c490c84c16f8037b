internal import Model
internal import Runtime

/// What becomes of sagas whose process is gone: whoever comes after it goes on, forward or backward as they stood.
extension SagaOrchestrator {
  /// Ends the sagas among some numbers that have not ended.
  ///
  /// - Throws: ``AttemptFailure`` of a database that does not answer; what was not ended stays as it is.
  func recover(_ sagas: ClosedRange<Int64>) async throws(AttemptFailure) {
    while true {
      try await participants[0].mend()
      let unfinished = try await participants[0].rows(SagaStatements.list, sagas, parameters: 2)
      if unfinished.isEmpty { return }
      for (number, state, step) in unfinished {
        let saga = SagaIdentity(stored: number)
        let data = try await participants[0].rows(SagaStatements.data, number...number, parameters: 1).map(\.0)
        // Only its own kind has written it.
        guard script.restore(data) else { throw .error }
        try await end(saga, isCompensating: state == SagaState.compensating.rawValue, steps: Int(step))
      }
    }
  }

  private func end(_ saga: SagaIdentity, isCompensating: Bool, steps: Int) async throws(AttemptFailure) {
    if isCompensating { return try await turnBack(saga, steps: min(steps, script.groups.count)) }
    guard let (_, turn) = await advance(saga, opens: false, nil, between: {}) else {
      return try await finish(saga)
    }
    // A server that does not answer is no reason to turn back, and some sagas cannot.
    if case .failed(let failure) = turn, failure.breaksSession || script.isRetriable { throw failure }
    // Whoever began it may have come further: what it has not done gets a tombstone.
    try await turnBack(saga, steps: script.groups.count)
  }
}
