internal import Model

/// What one operation came to, before it is counted.
struct Ending {
  var outcome: Outcome
  var attempts: Int
  var backoff: Int64
}

/// Why a burst of operations ended.
enum Interruption {
  /// The process says stop, or the worker has run its share.
  case finished
  /// One operation has ended and the scenario wants a pause before the next.
  case pause
  /// The last attempt failed; the operation is still open.
  case failed(AttemptFailure)
}

/// Where a worker is in its operations: what the loops of suspending and of blocking strategies have in common.
struct Cursor: ~Copyable {
  private(set) var attempts = 0
  private(set) var began: Int64 = 0
  private(set) var phase = Phase.warmUp
  /// When the operation should have begun, in an open loop; 0 in a closed loop.
  var intended: Int64 = 0
  /// Whether to return after every operation.
  let pauses: Bool
  /// Whether the worker has run its share.
  var isDone: Bool { remaining <= 0 }

  private var position: Int
  private var remaining: Int
  private var lastCommitted = false
  private var sampler: Sampler
  private let retriesAtOnce: Bool
  private let ring: OperationRing
  private let mask: Int

  /// After so many conflicts at once the retry policy is asked, for its limits.
  private static var conflictsInARow: Int { 64 }

  init(_ worker: Worker) {
    position = worker.ringStart
    remaining = worker.plan.operations
    sampler = Sampler(interval: worker.plan.samplingInterval)
    pauses = worker.plan.think > 0 || worker.plan.arrivalInterval != nil
    retriesAtOnce = worker.plan.retry.backoff == .none && worker.plan.retry.attempts == nil
    ring = worker.thread.ring
    mask = ring.length &- 1
  }

  /// Takes the next operation of the ring and reads the clock if it is to be timed; false when it is to be left out.
  @inline(__always) mutating func begin(
    _ attempt: inout Attempt, in phase: Phase, _ books: borrowing Bookkeeping
  ) -> Bool {
    let index = position & mask
    let entry = ring.entries[index]
    position &+= 1
    if entry.followsCommit && !lastCommitted { return false }
    attempt.operation = Operation(
      steps: UnsafePointer(ring.steps + index &* ring.stride), count: Int(entry.count),
      token: attempt.operation.token, isReadOnly: entry.isReadOnly)
    remaining &-= 1
    self.phase = phase
    attempts = 0
    attempt.isTimed = sampler.next(using: &attempt.random)
    books.begin(attempt.operation, entryIndex: index)
    if attempt.isTimed {
      began = intended == 0 ? monotonicNow() : intended
      books.publishStart(began)
    } else {
      began = 0
    }
    return true
  }

  /// Before each attempt.
  @inline(__always) mutating func beginAttempt(_ attempt: inout Attempt) {
    attempts &+= 1
    attempt.enteredAt = 0
    attempt.leftAt = 0
  }

  /// Whether a failed attempt is simply tried again, without asking clock or policy.
  @inline(__always) func retriesAtOnce(after failure: AttemptFailure) -> Bool {
    retriesAtOnce && failure == .conflict && attempts % Self.conflictsInARow != 0
  }

  /// Reads the clock if the operation is timed, and counts it.
  @inline(__always) mutating func end(
    _ attempt: Attempt, _ result: AttemptResult, _ signal: PhaseSignal, _ books: borrowing Bookkeeping
  ) {
    let ended = attempt.isTimed ? monotonicNow() : 0
    let ending = Ending(outcome: result == .committed ? .committed : .refused, attempts: attempts, backoff: 0)
    books.finish(attempt, ending, began: began, ended: ended, startedIn: phase, endedIn: signal.value)
    lastCommitted = result == .committed
  }

  /// The same for an operation that went through the retry policy.
  mutating func end(
    _ attempt: Attempt, _ ending: Ending, _ signal: PhaseSignal, _ books: borrowing Bookkeeping
  ) {
    let ended = attempt.isTimed ? monotonicNow() : 0
    books.finish(attempt, ending, began: began, ended: ended, startedIn: phase, endedIn: signal.value)
    lastCommitted = ending.outcome == .committed
  }
}
