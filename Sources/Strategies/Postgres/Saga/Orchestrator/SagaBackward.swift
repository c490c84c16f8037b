internal import Model
internal import Runtime

/// The way back: the steps of a saga are undone in reverse.
extension SagaOrchestrator {
  /// Undoes what is done or may be, and then lets the step arrive that was given up on.
  ///
  /// - Parameter count: of the steps.
  /// - Throws: ``AttemptFailure/ambiguous`` when the trial ends before; whoever comes then goes on.
  func turnBack(_ saga: SagaIdentity, steps count: Int) async throws(AttemptFailure) {
    try await compensate(saga, steps: count)
    if let step = late { await deliver(step, of: saga) }
  }

  /// A step arrives whose saga has turned back.
  private func deliver(_ step: Int, of saga: SagaIdentity) async {
    late = nil
    worker.events.add(.redeliveries)
    resetPause()
    // Nobody waits for it, and so nobody sends it for ever.
    for _ in 0..<settings.attempts {
      do throws(AttemptFailure) {
        let answer = try await participants[script.groups[step].database].act(saga, script, step, with: .init(), nil)
        if answer == .refused { worker.events.add(.rejectedDuplicates) }
        return
      } catch { await pause() }
    }
  }

  /// Undoes the steps that are done or may be, last first, however often that takes.
  ///
  /// - Parameter count: of the steps.
  /// - Throws: ``AttemptFailure/ambiguous`` when the trial ends before; whoever comes then goes on.
  private func compensate(_ saga: SagaIdentity, steps count: Int) async throws(AttemptFailure) {
    guard care.compensates && count > 0 else { return try await record(.compensated, of: saga, step: 0) }
    reach(.beforeCompensation)
    try await record(.compensating, of: saga, step: count)
    var isStuck = false
    for step in (0..<count).reversed() {
      if step < count - 1 { reach(.betweenCompensations) }
      if try await undo(saga, step) == .refused { isStuck = true }
      if draws(settings.lateReplies) {
        worker.events.add(.redeliveries)
        if try await undo(saga, step) == .known { worker.events.add(.rejectedDuplicates) }
      }
    }
    reach(.afterCompensation)
    try await record(isStuck ? .stuck : .compensated, of: saga, step: count)
  }

  private func undo(_ saga: SagaIdentity, _ step: Int) async throws(AttemptFailure) -> SagaParticipant.Answer {
    resetPause()
    while draws(settings.compensationFailures) {
      worker.events.add(.retriedCompensations)
      if isOver { throw .ambiguous }
      await pause()
    }
    var answer = SagaParticipant.Answer.pending
    try await insist(counting: .retriedCompensations) { () async throws(AttemptFailure) in
      answer = try await self.participants[self.script.groups[step].database].undo(saga, self.script, step)
    }
    if answer == .done { worker.events.add(.compensations) }
    return answer
  }

  /// Writes down how far a saga has come.
  func record(_ state: SagaState, of saga: SagaIdentity, step: Int) async throws(AttemptFailure) {
    try await insist { () async throws(AttemptFailure) in
      try await self.participants[0].set(state, of: saga, step: step)
    }
  }

  /// Does something until it holds.
  ///
  /// - Throws: ``AttemptFailure/ambiguous`` when the trial ends before.
  func insist(
    counting counter: Counter? = nil, _ body: () async throws(AttemptFailure) -> Void
  ) async throws(AttemptFailure) {
    resetPause()
    while true {
      do throws(AttemptFailure) {
        return try await body()
      } catch {
        if let counter { worker.events.add(counter) }
        if isOver { throw .ambiguous }
      }
      await pause()
    }
  }
}
