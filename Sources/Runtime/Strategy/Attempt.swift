public import Model
public import Synchronization

/// What a strategy needs for one attempt at an operation, and where it says how far it has come.
///
/// A value of a few pointers, owned by the worker; strategies use it only during ``Strategy/perform(_:)``.
public struct Attempt {
  /// The operation.
  public internal(set) var operation: Operation
  /// One value per step. The strategy stores what it read; ``decide()`` replaces that by what to write; after a commit
  /// they are the new values (or, for a read, the values read).
  public let values: UnsafeMutablePointer<Int64>
  /// The worker's generator.
  public var random: RandomSource

  @usableFromInline let records: Records
  @usableFromInline let events: EventCounter
  let loop: EventLoop
  @usableFromInline let holdNanoseconds: Int64
  @usableFromInline let spinsWhileHolding: Bool
  let thread: ThreadBlock
  let slot: UnsafeMutablePointer<Int64>
  /// How often a strategy may try again by itself after a conflict, each time counted in ``conflicts``, before it throws
  /// the next one: 0 when the retry policy must be asked. The limit lets the engine see the end of the trial.
  public let repeatsAtOnce: Int
  /// Conflicts of this operation after which the strategy has tried again by itself.
  public var conflicts = 0
  /// Whether the operation belongs to the sample; false between operations.
  @usableFromInline var isTimed = false
  /// When the operation began, or should have begun; meaningful when it is timed.
  var beganAt: Int64 = 0
  /// The critical section of the last attempt; 0 when the strategy has none.
  @usableFromInline var enteredAt: Int64 = 0
  @usableFromInline var leftAt: Int64 = 0
  @usableFromInline var marksSeen: Int64 = 0
  /// Where the operation is written down; nil when no history is kept.
  @usableFromInline let journal: Journal?

  /// The critical section begins: every lock of the operation is held. Marks the witness.
  ///
  /// Operations that only read may share their locks, so they leave no mark; they remember the marks of others.
  @inlinable @inline(__always) public mutating func enter() {
    if operation.isReadOnly {
      marksSeen = marks
    } else {
      var index = 0
      while index < operation.count {
        records.mark(operation[index].key).pointee.store(operation.token, ordering: .relaxed)
        index &+= 1
      }
    }
    if _slowPath(isTimed) { enteredAt = Self.noteEntry(in: journal) }
  }

  /// The critical section ends: no lock has been given up yet. Counts an overlap when another writer has entered.
  @inlinable @inline(__always) public mutating func leave() {
    if _slowPath(isTimed) { leftAt = Self.noteExit(in: journal) }
    if operation.isReadOnly {
      if _slowPath(marks != marksSeen) { events.add(.overlaps) }
      return
    }
    var index = 0
    while index < operation.count {
      let mark = records.mark(operation[index].key).pointee.load(ordering: .relaxed)
      if _slowPath(mark != operation.token) { events.add(.overlaps) }
      index &+= 1
    }
  }

  /// The same, and takes our marks away, so that somebody who looks from outside sees that we have left. For what is done a
  /// few times a second: the next operation of a worker would else begin with the mark of the one before.
  public mutating func leaveVisibly() {
    leave()
    for index in 0..<operation.count {
      _ = records.mark(operation[index].key).pointee.compareExchange(
        expected: operation.token, desired: Self.nobody, ordering: .relaxed)
    }
  }

  /// The mark of a critical section that was entered and that nobody is inside.
  private static var nobody: Int64 { -1 }

  // Not inlined: in-process locks are seldom timed, and the loop has better use for its registers. They take what they
  // need and not `self`, which would be written to memory for them in every attempt.

  @usableFromInline @inline(never) static func noteEntry(in journal: Journal?) -> Int64 {
    let now = monotonicNow()
    journal?.append(.granted, at: now)
    return now
  }

  @usableFromInline @inline(never) static func noteExit(in journal: Journal?) -> Int64 {
    let now = monotonicNow()
    journal?.append(.released, at: now)
    return now
  }

  /// The marks of all records in one word: it changes when one of them does.
  @inlinable @inline(__always) var marks: Int64 {
    var sum: Int64 = 0
    var index = 0
    while index < operation.count {
      sum = sum &* 31 &+ records.mark(operation[index].key).pointee.load(ordering: .relaxed)
      index &+= 1
    }
    return sum
  }

  /// Another attempt at the same operation begins.
  mutating func forgetTimes() {
    enteredAt = 0
    leftAt = 0
  }

  /// Decides over ``values``.
  @inlinable @inline(__always) public func decide() -> Decision { operation.decide(values) }

  /// Spends the scenario's hold time; call between reading and writing.
  public func hold() async {
    if _slowPath(holdNanoseconds > 0) { await spendHoldTime() }
  }

  /// Spends the scenario's hold time by blocking the thread: for strategies with a thread per worker, where it costs
  /// nothing when there is no hold time.
  @inlinable @inline(__always) public func holdThread() {
    if _slowPath(holdNanoseconds > 0) { Self.holdThread(holdNanoseconds, spins: spinsWhileHolding) }
  }

  // Takes what it needs and not `self`, which would be copied for it before every attempt.
  @usableFromInline @inline(never) static func holdThread(_ nanoseconds: Int64, spins: Bool) {
    let deadline = monotonicNow() &+ nanoseconds
    if spins { spin(until: deadline) } else { blockThread(until: deadline) }
  }

  @inline(never) private func spendHoldTime() async {
    let deadline = monotonicNow() &+ holdNanoseconds
    if spinsWhileHolding { spin(until: deadline) } else { await loop.sleep(until: deadline) }
  }

  /// The scenario's hold time in nanoseconds, for whoever has it spent elsewhere.
  public var holdTime: Int64 { holdNanoseconds }

  /// Suspends without holding up other workers of the thread: for a strategy that polls.
  public func sleep(nanoseconds: Int64) async { await loop.sleep(nanoseconds: nanoseconds) }

  /// Which operation this is an attempt at: for idempotency keys and the like.
  public var identity: OperationIdentity {
    OperationIdentity(
      worker: Int(operation.token) - 1, number: WorkerSlot.number(of: slot[WorkerSlot.announced]))
  }

  /// Counts something besides outcomes and failures.
  @inlinable @inline(__always) public func count(_ counter: Counter, _ amount: Int64 = 1) {
    events.add(counter, amount)
  }

  /// Tells the history which version of a step's record was read, or which one its change made.
  ///
  /// - Parameter replaced: the version that the change replaced; nil when nothing was replaced, or it is not known.
  public func note(version: Int64, replacing replaced: Int64? = nil, step: Int) {
    guard let journal else { return }
    let now = monotonicNow()
    journal.append(.version, detail: step, version, at: now)
    if let replaced { journal.append(.replaced, detail: step, replaced, at: now) }
  }

  /// Tells the history the token of the lock that is held.
  public func note(token: Int64) { journal?.append(.token, token, at: monotonicNow()) }

  /// Keeps the text of an unexpected error for the report; the first one of each thread is kept.
  public func note(error text: String) { thread.note(error: text) }
}

/// Adds to the counters of the phase that the process is in. Used on its thread only.
public struct EventCounter: @unchecked Sendable {  // because each instance is used by the thread of its block only
  @usableFromInline let base: UnsafeMutablePointer<Int64>
  @usableFromInline let phase: PhaseSignal

  init(base: UnsafeMutablePointer<Int64>, phase: PhaseSignal) {
    self.base = base
    self.phase = phase
  }

  /// Whether the measured window has closed so many nanoseconds ago: soon nobody waits for what is still being done.
  public func isOver(since nanoseconds: Int64) -> Bool {
    phase.value == .drained && monotonicNow() &- phase.windowEnd > nanoseconds
  }

  /// Adds to a counter.
  @inlinable @inline(__always) public func add(_ counter: Counter, _ amount: Int64 = 1) {
    base[Int(phase.number) &* ThreadBlock.counterWords &+ counter.rawValue] &+= amount
  }
}
