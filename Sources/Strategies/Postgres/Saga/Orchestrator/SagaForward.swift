internal import Model
internal import Runtime

/// The way forward: the steps of a saga in turn.
extension SagaOrchestrator {
  /// Why the steps did not all take effect.
  enum Turn {
    /// The business rule or the service said no: the steps before have to be undone.
    case refused
    /// A step failed as often as it may.
    case failed(AttemptFailure)
  }

  /// Does the steps of the script in turn. Returns how many are done, or may be, and why it went no further; nil when all
  /// of them are done.
  func advance(
    _ saga: SagaIdentity, opens: Bool, _ values: UnsafeMutablePointer<Int64>?, between: () async -> Void
  ) async -> (reached: Int, turn: Turn)? {
    late = nil
    for step in script.groups.indices {
      if step > 0 {
        reach(.betweenSteps)
        await between()
      }
      if !script.isRetriable && draws(settings.failureRate) { return (step, .refused) }
      let isLast = step == script.groups.count - 1
      let isAtHome = script.groups[step].database == 0 && script.groups.count > 1
      let company = SagaParticipant.Company(
        opens: opens && step == 0 && isAtHome, finishes: isLast && isAtHome && !settings.hasSemanticLock)
      if let (isOpen, turn) = await act(saga, step, company, values) { return (isOpen ? step + 1 : step, turn) }
    }
    return nil
  }

  /// Sends a step until it is done, has failed as often as it may, or is refused; nil when it is done.
  private func act(
    _ saga: SagaIdentity, _ step: Int, _ company: SagaParticipant.Company, _ values: UnsafeMutablePointer<Int64>?
  ) async -> (isOpen: Bool, turn: Turn)? {
    if draws(settings.slowSteps), await isGivenUp(step) { return (true, .failed(.notAcquired)) }
    let participant = participants[script.groups[step].database]
    let start = monotonicNow()
    var failures = 0
    var isOpen = false
    resetPause()
    while true {
      do throws(AttemptFailure) {
        switch try await participant.act(saga, script, step, with: company, values) {
        case .done, .known: return nil
        case .refused: return (false, .refused)
        case .pending:
          worker.events.add(.polls)
          let isEnough = script.isRetriable ? isOver : monotonicNow() &- start > settings.stepTimeout.nanoseconds
          if isEnough { return (isOpen, .failed(.notAcquired)) }
        }
      } catch {
        failures += 1
        if error == .ambiguous { isOpen = true }
        let isEnough = script.isRetriable ? isOver : failures >= settings.attempts
        if error == .error || isEnough { return (isOpen, .failed(error)) }
      }
      await pause()
    }
  }

  /// Waits for a service that answers late, as long as a step may take: then nobody waits for the answer, and what was asked
  /// for is still on its way. Returns whether it was given up.
  private func isGivenUp(_ step: Int) async -> Bool {
    // What is only done forward has to be waited for.
    guard settings.slowFor > settings.stepTimeout, !script.isRetriable else {
      await worker.loop.sleep(nanoseconds: settings.slowFor.nanoseconds)
      return false
    }
    await worker.loop.sleep(nanoseconds: settings.stepTimeout.nanoseconds)
    late = step
    return true
  }

  /// Writes the saga down before its first step, where that does not lie in the first database.
  func open(_ saga: SagaIdentity) async throws(AttemptFailure) {
    var failures = 0
    var isOpen = false
    resetPause()
    while true {
      do throws(AttemptFailure) {
        try await participants[0].open(saga, script)
        return
      } catch {
        failures += 1
        if error == .ambiguous { isOpen = true }
        // Whoever finds the row does the saga.
        if error == .error || failures >= settings.attempts { throw isOpen ? .ambiguous : error }
      }
      await pause()
    }
  }

  /// All steps are done: nobody has to go on with it.
  func finish(_ saga: SagaIdentity) async throws(AttemptFailure) {
    if settings.hasSemanticLock {
      // While one record is pending, nobody sees half of it.
      for step in script.groups.indices {
        try await insist { () async throws(AttemptFailure) in
          try await self.participants[self.script.groups[step].database].free(saga, self.script, step)
        }
      }
    } else if script.groups.last?.database == 0 {
      // The last step has said so.
      return
    }
    try await record(.finished, of: saga, step: 0)
  }
}
