internal import Model

/// The operation loop of strategies that suspend: one generic loop, specialised for each strategy.
extension Worker {
  /// Runs operations until the process says stop or the worker has run its share.
  func operate<S: Strategy & ~Copyable>(_ session: inout S, start: Int64) async {
    let scratch = Scratch()
    var attempt = makeAttempt(values: scratch.values)
    let books = Bookkeeping(self, scratch)
    var backoff = Backoff(plan.retry)
    var arrivals = plan.arrivalInterval.map { Arrivals(meanInterval: $0, first: start) }
    var cursor = Cursor(self)
    while true {
      if let due = arrivals?.next(using: &attempt.random) {
        cursor.intended = due
        await loop.sleep(until: due)
      }
      switch await burst(&session, &attempt, &cursor, books) {
      case .finished: return
      case .pause: break
      case .failed(let failure):
        let ending = await retry(&session, &attempt, &backoff, cursor, books, after: failure)
        cursor.end(attempt, ending, phase, books)
      }
      if plan.think > 0 { await loop.sleep(nanoseconds: plan.think) }
    }
  }

  /// Runs operations one after the other until something rare happens.
  ///
  /// Between the two clock reads of an operation there is the operation and nothing else; operations that are not timed
  /// have no clock read at all.
  @inline(never) private func burst<S: Strategy & ~Copyable>(
    _ session: inout S, _ attempt: inout Attempt, _ cursor: inout Cursor, _ books: borrowing Bookkeeping
  ) async -> Interruption {
    while !cursor.isDone {
      let phase = self.phase.value
      if phase == .drained { return .finished }
      guard cursor.begin(&attempt, in: phase, books) else { continue }
      while true {
        cursor.beginAttempt(&attempt)
        do throws(AttemptFailure) {
          let result = try await session.perform(&attempt)
          cursor.end(attempt, result, self.phase, books)
          break
        } catch {
          books.count(error)
          guard cursor.retriesAtOnce(after: error) else { return .failed(error) }
        }
      }
      if cursor.pauses { return .pause }
    }
    return .finished
  }

  /// The rest of an operation whose last attempt failed: wait as the policy says, reconnect if need be, try again.
  @inline(never) private func retry<S: Strategy & ~Copyable>(
    _ session: inout S, _ attempt: inout Attempt, _ backoff: inout Backoff, _ cursor: borrowing Cursor,
    _ books: borrowing Bookkeeping, after first: AttemptFailure
  ) async -> Ending {
    backoff.reset(failures: cursor.attempts - 1)
    let since = attempt.isTimed ? cursor.began : monotonicNow()
    var failure = first
    var ending = Ending(outcome: .gaveUp, attempts: cursor.attempts, backoff: 0)
    while true {
      if failure.breaksSession { await reconnect(&session, attempt) }
      if let outcome = failure.finalOutcome {
        ending.outcome = outcome
        return ending
      }
      if phase.value == .drained { return ending }
      guard let wait = backoff.next(elapsed: monotonicNow() &- since, using: &attempt.random) else { return ending }
      if wait > 0 { await loop.sleep(nanoseconds: wait) } else if sharesThread { await loop.yield() }
      ending.backoff &+= wait
      if phase.value == .drained { return ending }
      ending.attempts &+= 1
      do throws(AttemptFailure) {
        attempt.enteredAt = 0
        attempt.leftAt = 0
        let result = try await session.perform(&attempt)
        ending.outcome = result == .committed ? .committed : .refused
        return ending
      } catch {
        books.count(error)
        failure = error
      }
    }
  }

  /// Opens the session again, with growing pauses while the server does not answer; returns at the end of the trial at
  /// the latest. The outage stays in the data: the operation goes on.
  private func reconnect<S: Strategy & ~Copyable>(_ session: inout S, _ attempt: Attempt) async {
    var pause: Int64 = 5_000_000
    while phase.value != .drained {
      do throws(SetupFailure) {
        try await session.reopen()
        attempt.count(.reconnects)
        return
      } catch {
        attempt.note(error: error.message)
        await loop.sleep(nanoseconds: pause)
        pause = min(pause * 2, 500_000_000)
      }
    }
  }
}

extension AttemptFailure {
  /// The outcome of the operation when no further attempt makes sense; nil when one does.
  var finalOutcome: Outcome? {
    if self == .ambiguous { return .unknown }
    return isRetryable ? nil : .failed
  }
}
