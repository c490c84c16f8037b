internal import Model

/// The operation loop of strategies that have a thread per worker and may block it: no suspension anywhere, because
/// each place where a function might suspend costs an executor check of 20 to 40 ns, several times a lock.
extension Worker {
  /// Runs operations until the process says stop or the worker has run its share.
  func operate<S: BlockingStrategy & ~Copyable>(_ session: inout S, start: Int64) {
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
        blockThread(until: due)
      }
      switch burst(&session, &attempt, &cursor, &course, books) {
      case .finished: return
      case .pause: break
      case .failed(let failure):
        let ending = retry(&session, &attempt, &backoff, books, after: failure)
        course.finish(cursor, &attempt, ending, phase, books)
      }
      if plan.think > 0 { blockThread(until: monotonicNow() &+ plan.think) }
    }
  }

  /// Runs operations one after the other until something rare happens.
  @inline(never) private func burst<S: BlockingStrategy & ~Copyable>(
    _ session: inout S, _ attempt: inout Attempt, _ shared: inout Cursor, _ course: inout Course,
    _ books: borrowing Bookkeeping
  ) -> Interruption {
    let signal = phase
    var cursor = shared
    defer { shared = cursor }
    course.beginBurst(cursor, signal, books)
    while course.continues(cursor) {
      guard course.begin(&cursor, &attempt, books) else { continue }
      do throws(AttemptFailure) {
        let result = try session.perform(&attempt)
        course.finish(cursor, &attempt, Ending(outcome: Outcome(result), attempts: 1), signal, books)
      } catch {
        books.count(error)
        return .failed(error)
      }
    }
    return course.endOfBurst(cursor)
  }

  /// The rest of an operation whose last attempt failed: wait as the policy says, try again.
  @inline(never) private func retry<S: BlockingStrategy & ~Copyable>(
    _ session: inout S, _ attempt: inout Attempt, _ backoff: inout Backoff, _ books: borrowing Bookkeeping,
    after first: AttemptFailure
  ) -> Ending {
    backoff.reset()
    let since = attempt.isTimed ? attempt.beganAt : monotonicNow()
    var failure = first
    var ending = Ending(outcome: .gaveUp, attempts: 1)
    while true {
      if let outcome = failure.finalOutcome {
        ending.outcome = outcome
        return ending
      }
      if phase.value == .drained { return ending }
      let now = monotonicNow()
      guard let wait = backoff.next(elapsed: now &- since, using: &attempt.random) else { return ending }
      if wait > 0 { blockThread(until: now &+ wait) }
      ending.backoff &+= wait
      if phase.value == .drained { return ending }
      ending.attempts &+= 1
      do throws(AttemptFailure) {
        attempt.forgetTimes()
        ending.outcome = try session.perform(&attempt) == .committed ? .committed : .refused
        return ending
      } catch {
        books.count(error)
        failure = error
      }
    }
  }
}
