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
  case failed(AttemptFailure)
}

/// Where a worker is in its operations: what changes with every one of them.
///
/// A burst works on a copy, which the compiler keeps in registers as long as there are no more fields than these: each
/// that does not fit is stored with every operation, and an atomic instruction of a strategy waits for that.
struct Cursor {
  fileprivate(set) var started: Int
  fileprivate(set) var sampler = Sampler()

  /// - Parameter operations: how many another in this worker's place has begun.
  init(after operations: Int) { started = operations }
}

/// How a worker goes through its operations: what the loops of suspending and of blocking strategies have in common.
///
/// What is rare is kept out of the way of the burst, in functions that are not inlined. What seldom changes is kept here
/// and not in the cursor: reading memory is cheap, storing into it is not.
struct Course: @unchecked Sendable {  // because the ring is only read
  /// When the operation should have begun, in an open loop; 0 in a closed loop.
  var intended: Int64 = 0
  private var burstEnd = 0
  /// The phase in which the next operation begins, or the one in flight began, and its counters.
  private var phase: Int64 = 0
  private var counters: UnsafeMutablePointer<Int64>
  private var lastCommitted = false
  private let first: UnsafePointer<Operation.Header>
  private let end: UnsafePointer<Operation.Header>
  private let stride: Int
  private let share: Int
  private let samplingInterval: Int
  private let pauses: Bool

  private static var drained: Int64 { Int64(Phase.drained.rawValue) }

  init(_ worker: Worker, _ books: borrowing Bookkeeping) {
    counters = books.counters(0)
    let ring = worker.thread.ring
    first = ring.first
    end = ring.end
    stride = ring.stride
    share = worker.plan.operations
    samplingInterval = worker.plan.samplingInterval
    pauses = worker.plan.think > 0 || worker.plan.arrivals != nil
  }

  /// A burst begins: all operations that are left, or one when there are pauses between them.
  @inline(__always) mutating func beginBurst(
    _ cursor: Cursor, _ signal: PhaseSignal, _ books: borrowing Bookkeeping
  ) {
    phase = signal.number
    counters = books.counters(phase)
    burstEnd = phase == Self.drained ? 0 : pauses ? min(share, cursor.started &+ 1) : share
  }

  /// Whether the burst goes on.
  @inline(__always) func continues(_ cursor: Cursor) -> Bool { cursor.started < burstEnd }

  /// Why a burst that was not interrupted has ended: all is done, or there is to be a pause after every operation.
  @inline(__always) func endOfBurst(_ cursor: Cursor) -> Interruption {
    cursor.started >= share || phase == Self.drained ? .finished : .pause
  }

  /// Takes the next operation of the ring and reads the clock if it is to be timed; false when it is to be left out.
  @inline(__always) func begin(
    _ cursor: inout Cursor, _ attempt: inout Attempt, _ books: borrowing Bookkeeping
  ) -> Bool {
    var entry = (UnsafeRawPointer(attempt.operation.header) + stride).assumingMemoryBound(to: Operation.Header.self)
    if _slowPath(entry == end) { entry = first }
    attempt.operation.header = entry
    if _slowPath(entry.pointee.followsCommit) && !lastCommitted { return false }
    cursor.started &+= 1
    books.begin(&attempt, number: cursor.started, entry: entry.pointee.index)
    if _slowPath(cursor.sampler.next(interval: samplingInterval, using: &attempt.random)) {
      books.beginTimed(&attempt, intended: intended)
    }
    return true
  }

  /// Counts an operation that has ended, and reads the clock if it is timed.
  @inline(__always) mutating func finish(
    _ cursor: Cursor, _ attempt: inout Attempt, _ ending: Ending, _ signal: PhaseSignal, _ books: borrowing Bookkeeping
  ) {
    var ended = counters
    let now = signal.number
    if _slowPath(now != phase) { ended = enter(now, books) }
    books.finish(&attempt, number: cursor.started, ending, ended)
    let isCommitted = ending.outcome == .committed
    if _slowPath(isCommitted != lastCommitted) { lastCommitted = isCommitted }
  }

  /// Moves on to a phase; returns the counters of the operation that has just ended. A window is made of operations that
  /// started and ended in it; what ends after it has closed is drained.
  @inline(never) private mutating func enter(
    _ now: Int64, _ books: borrowing Bookkeeping
  ) -> UnsafeMutablePointer<Int64> {
    let before = counters
    if now == Self.drained { burstEnd = 0 }
    phase = now
    counters = books.counters(now)
    return now == Self.drained ? counters : before
  }
}
