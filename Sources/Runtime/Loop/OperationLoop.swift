internal import Model

/// The operation loop of strategies that suspend: one generic loop, specialised for each strategy.
extension Worker {
  /// Runs operations until the process says stop or the worker has run its share.
  func operate<S: Strategy & ~Copyable>(_ session: inout S, start: Int64) async {
    let scratch = Scratch(journal: makeJournal())
    var attempt = makeAttempt(values: scratch.values, journal: scratch.journal)
    let books = Bookkeeping(self, scratch)
    var backoff = Backoff(plan.retry)
    var arrivals = plan.arrivals.map { Arrivals($0, first: start) }
    var course = Course(self, books)
    var cursor = Cursor(after: operationsBefore)
    while true {
      if let due = arrivals?.next(using: &attempt.random) {
        course.intended = due
        await loop.sleep(until: due)
      }
      switch await burst(&session, &attempt, &cursor, &course, books) {
      case .finished: return
      case .pause: break
      case .failed(let failure):
        let ending = await retry(&session, &attempt, &backoff, books, after: failure)
        course.finish(cursor, &attempt, ending, phase, books)
      }
      if plan.think > 0 { await loop.sleep(nanoseconds: plan.think) }
    }
  }

  /// Runs operations one after the other until something rare happens.
  ///
  /// Between the two clock reads of an operation there is the operation and nothing else; operations that are not timed
  /// have no clock read at all.
  @inline(never) private func burst<S: Strategy & ~Copyable>(
    _ session: inout S, _ attempt: inout Attempt, _ shared: inout Cursor, _ course: inout Course,
    _ books: borrowing Bookkeeping
  ) async -> Interruption {
    let signal = phase
    var cursor = shared
    defer { shared = cursor }
    course.beginBurst(cursor, signal, books)
    while course.continues(cursor) {
      guard course.begin(&cursor, &attempt, books) else { continue }
      do throws(AttemptFailure) {
        let result = try await session.perform(&attempt)
        course.finish(cursor, &attempt, Ending(outcome: Outcome(result), attempts: 1), signal, books)
      } catch {
        books.count(error)
        return .failed(error)
      }
    }
    return course.endOfBurst(cursor)
  }

  /// The rest of an operation whose last attempt failed: wait as the policy says, reconnect if need be, try again.
  @inline(never) private func retry<S: Strategy & ~Copyable>(
    _ session: inout S, _ attempt: inout Attempt, _ backoff: inout Backoff, _ books: borrowing Bookkeeping,
    after first: AttemptFailure
  ) async -> Ending {
    backoff.reset()
    let since = attempt.isTimed ? attempt.beganAt : monotonicNow()
    var failure = first
    var ending = Ending(outcome: .gaveUp, attempts: 1)
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
        attempt.forgetTimes()
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
