internal import Model

/// What one operation came to, before it is counted.
struct Ending {
  var outcome: Outcome
  var attempts: Int
  var backoff: Int64 = 0
}

extension Outcome {
  @inline(__always) init(_ result: AttemptResult) { self = result == .committed ? .committed : .refused }
}

/// Why a burst of operations ended.
enum Interruption {
  /// The process says stop, or the worker has run its share.
  case finished
  /// One operation has ended and the scenario wants a pause before the next.
  case pause
  /// The last attempt failed; the operation is still open.
  case failed(AttemptFailure, attempts: Int)
}

/// What came of trying a failed operation again at once.
enum Repetition {
  case ended(Ending)
  /// It failed again, and now the retry policy must be asked.
  case failed(AttemptFailure, attempts: Int)
}

/// Where a worker is in its operations: what changes with every one of them.
///
/// A burst works on a copy, which the compiler keeps in registers as long as there are no more fields than these.
struct Cursor {
  fileprivate(set) var next: UnsafePointer<OperationRing.Entry>
  fileprivate(set) var started = 0
  fileprivate(set) var lastCommitted = false
  fileprivate(set) var sampler = Sampler()
  /// The phase in which the next operation begins, or the one in flight began, and its counters.
  fileprivate(set) var phase: Int64 = 0
  fileprivate(set) var counters: UnsafeMutablePointer<Int64>
}

/// How a worker goes through its operations: what the loops of suspending and of blocking strategies have in common.
///
/// What is rare is kept out of the way of the burst, in functions that are not inlined.
struct Course: @unchecked Sendable {  // because the ring is only read
  /// When the operation should have begun, in an open loop; 0 in a closed loop.
  var intended: Int64 = 0
  private var burstEnd = 0
  private let start: UnsafePointer<OperationRing.Entry>
  private let first: UnsafePointer<OperationRing.Entry>
  private let end: UnsafePointer<OperationRing.Entry>
  private let stride: Int
  private let share: Int
  private let samplingInterval: Int
  private let pauses: Bool
  private let retriesAtOnce: Bool

  /// After so many conflicts at once the retry policy is asked, for its limits.
  private static var conflictsInARow: Int { 64 }
  private static var drained: Int64 { Int64(Phase.drained.rawValue) }

  init(_ worker: Worker) {
    let ring = worker.thread.ring
    start = ring.entry(worker.ringStart)
    first = ring.first
    end = ring.end
    stride = ring.stride
    share = worker.plan.operations
    samplingInterval = worker.plan.samplingInterval
    pauses = worker.plan.think > 0 || worker.plan.arrivalInterval != nil
    retriesAtOnce = worker.plan.retry.backoff == .none && worker.plan.retry.attempts == nil
  }

  /// Before the first operation.
  func makeCursor(_ books: borrowing Bookkeeping) -> Cursor { Cursor(next: start, counters: books.counters(0)) }

  /// A burst begins: all operations that are left, or one when there are pauses between them.
  @inline(__always) mutating func beginBurst(
    _ cursor: inout Cursor, _ signal: PhaseSignal, _ books: borrowing Bookkeeping
  ) {
    cursor.phase = signal.number
    cursor.counters = books.counters(cursor.phase)
    burstEnd = pauses ? min(share, cursor.started &+ 1) : share
  }

  /// Whether the burst goes on.
  @inline(__always) func continues(_ cursor: Cursor) -> Bool {
    cursor.started < burstEnd && cursor.phase != Self.drained
  }

  /// Why a burst that was not interrupted has ended: all is done, or there is to be a pause after every operation.
  @inline(__always) func endOfBurst(_ cursor: Cursor) -> Interruption {
    cursor.started >= share || cursor.phase == Self.drained ? .finished : .pause
  }

  /// Takes the next operation of the ring and reads the clock if it is to be timed; false when it is to be left out.
  @inline(__always) func begin(
    _ cursor: inout Cursor, _ attempt: inout Attempt, _ books: borrowing Bookkeeping
  ) -> Bool {
    let entry = cursor.next
    cursor.next = (UnsafeRawPointer(entry) + stride).assumingMemoryBound(to: OperationRing.Entry.self)
    if _slowPath(cursor.next == end) { cursor.next = first }
    if _slowPath(entry.pointee.followsCommit) && !cursor.lastCommitted { return false }
    attempt.operation.steps = OperationRing.Entry.steps(entry)
    attempt.operation.count = Int(entry.pointee.count)
    attempt.operation.isReadOnly = entry.pointee.isReadOnly
    cursor.started &+= 1
    books.begin(&attempt, number: cursor.started, entry: entry.pointee.index)
    if _slowPath(cursor.sampler.next(interval: samplingInterval, using: &attempt.random)) {
      books.beginTimed(&attempt, intended: intended)
    }
    return true
  }

  /// Whether a failed attempt is simply tried again, without asking clock or policy.
  ///
  /// - Parameter attempts: attempts so far, this one included.
  func retriesAtOnce(after failure: AttemptFailure, attempts: Int) -> Bool {
    retriesAtOnce && failure == .conflict && attempts % Self.conflictsInARow != 0
  }

  /// Counts an operation that has ended, and reads the clock if it is timed.
  @inline(__always) func finish(
    _ cursor: inout Cursor, _ attempt: inout Attempt, _ ending: Ending, _ signal: PhaseSignal,
    _ books: borrowing Bookkeeping
  ) {
    // A window is made of operations that started and ended in it. What ends after it has closed is drained.
    let now = signal.number
    if _slowPath(now != cursor.phase) && now == Self.drained { cursor.counters = books.counters(now) }
    books.finish(&attempt, number: cursor.started, ending, cursor.counters)
    if _slowPath(now != cursor.phase) {
      cursor.phase = now
      cursor.counters = books.counters(now)
    }
    cursor.lastCommitted = ending.outcome == .committed
  }
}
