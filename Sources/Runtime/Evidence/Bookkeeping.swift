internal import Model
internal import Synchronization

/// Counts one worker's operations in the shared memory of its thread.
///
/// Evidence is written so that it survives the worker: the operation in flight is announced before it starts and
/// withdrawn after its outcome is in the ledger.
///
/// An operation that goes well costs few stores, because an atomic instruction of a strategy waits for all of them: what
/// follows from other counts (first attempts, operations that took one) is not counted but derived by the reader.
struct Bookkeeping: ~Copyable {
  private let thread: ThreadBlock
  private let slot: UnsafeMutablePointer<Int64>
  private let warmUpCounters: UnsafeMutablePointer<Int64>
  private let measuredCounters: UnsafeMutablePointer<Int64>
  private let drainedCounters: UnsafeMutablePointer<Int64>
  private let ledger: UnsafeMutablePointer<Int64>
  private let tries: UnsafeMutablePointer<Int64>
  private let latency: Recorder
  private let wait: Recorder
  private let hold: Recorder
  private let commit: Recorder
  private let backoffTime: Recorder
  private let censored: Recorder
  private let values: UnsafeMutablePointer<Int64>
  private let failures: UnsafeMutablePointer<Int64>
  private let watch: Watch?
  private let looksAhead: Bool
  private let observes: Bool
  private let phase: PhaseSignal
  private let journal: Journal?
  private let holdLog: HoldLog?

  init(_ worker: Worker, _ scratch: borrowing Scratch) {
    thread = worker.thread
    slot = worker.memory.worker(worker.index)
    slot[WorkerSlot.thread] = Int64(worker.threadIndex)
    warmUpCounters = thread.counters(.warmUp)
    measuredCounters = thread.counters(.measured)
    drainedCounters = thread.counters(.drained)
    ledger = thread.ledger
    tries = thread.tries
    latency = thread.recorder(.latency)
    wait = thread.recorder(.wait)
    hold = thread.recorder(.hold)
    commit = thread.recorder(.commit)
    backoffTime = thread.recorder(.backoff)
    censored = thread.recorder(.censored)
    values = scratch.values
    failures = scratch.failures
    watch = Watch.make(worker.plan.observers, worker.memory, worker.thread)
    looksAhead = worker.plan.observers.contains { $0.looksAhead }
    observes = watch != nil
    phase = worker.phase
    journal = scratch.journal
    holdLog = worker.memory.holdLog(ofThread: worker.threadIndex)
  }

  @inline(__always) private func word(_ offset: Int) -> AtomicWord {
    UnsafeMutableRawPointer(slot + offset).assumingMemoryBound(to: Atomic<Int64>.self)
  }

  /// The counters of a phase by its number. Not inlined: the loop asks when the phase moves on.
  @inline(never) func counters(_ phase: Int64) -> UnsafeMutablePointer<Int64> {
    warmUpCounters + Int(phase) &* ThreadBlock.counterWords
  }

  /// Announces an operation.
  @inline(__always) func begin(_ attempt: inout Attempt, number: Int, entry: Int32) {
    word(WorkerSlot.announced).pointee
      .store(WorkerSlot.announcement(number: number, entry: entry), ordering: .releasing)
    if _slowPath(looksAhead) { lookAhead(&attempt) }
  }

  // Neither is inlined, and both take the attempt as a whole: the operation would be kept in stores of every turn.

  @inline(never) private func lookAhead(_ attempt: inout Attempt) { watch?.begins(attempt.operation) }

  @inline(never) private func observe(_ attempt: inout Attempt, _ counters: UnsafeMutablePointer<Int64>) {
    watch?.committed(attempt.operation, values, ObservedCounts(counters))
  }

  /// Starts to time an operation that has been announced, and tells the driver since when it has been waiting.
  @inline(never) func beginTimed(_ attempt: inout Attempt, intended: Int64) {
    journal?.makeRoom()
    attempt.isTimed = true
    attempt.forgetTimes()
    attempt.beganAt = intended == 0 ? monotonicNow() : intended
    slot[WorkerSlot.operationStart] = attempt.beganAt
    journal?.append(.invoke, at: intended == 0 ? attempt.beganAt : monotonicNow())
  }

  /// Counts a failed attempt of the operation in flight.
  @inline(__always) func count(_ failure: AttemptFailure) { failures[Int(failure.rawValue)] &+= 1 }

  /// Counts an operation that has ended with the counters of its phase; reads the clock first if it is timed.
  @inline(__always) func finish(
    _ attempt: inout Attempt, number: Int, _ ending: Ending, _ counters: UnsafeMutablePointer<Int64>
  ) {
    if _slowPath(attempt.isTimed) { endTimed(&attempt, ending, counters) }
    counters[Counter.started.rawValue] &+= 1
    counters[Counter.of(ending.outcome).rawValue] &+= 1
    settle(attempt.operation, ending.outcome, counters)
    if _slowPath(ending.attempts &+ attempt.conflicts > 1 || ending.outcome.rawValue > Outcome.refused.rawValue) {
      countFailures(&attempt, ending, counters)
    }
    if counters == measuredCounters && ending.outcome == .committed { slot[WorkerSlot.committed] &+= 1 }
    if _slowPath(observes) && ending.outcome == .committed { observe(&attempt, counters) }
    word(WorkerSlot.ended).pointee.store(Int64(number), ordering: .releasing)
  }

  @inline(__always) private func settle(
    _ operation: Operation, _ outcome: Outcome, _ counters: UnsafeMutablePointer<Int64>
  ) {
    if outcome == .committed {
      if operation.isReadOnly {
        counters[Counter.committedReads.rawValue] &+= 1
        return
      }
      var step = operation.steps
      let end = step + operation.count
      repeat {
        let entry = ledger + Int(step.pointee.key) &* ThreadBlock.ledgerWords
        entry[0] &+= step.pointee.ledgerDelta
        entry[1] &+= 1
        step += 1
      } while step < end
    } else if outcome == .unknown {
      LedgerWriter.addUnknown(operation, to: ledger)
    }
  }

  @inline(never) private func countFailures(
    _ attempt: inout Attempt, _ ending: Ending, _ counters: UnsafeMutablePointer<Int64>
  ) {
    let attempts = ending.attempts &+ attempt.conflicts
    counters[Counter.attempts.rawValue] &+= Int64(attempts) &- 1
    counters[Counter.conflict.rawValue] &+= Int64(attempt.conflicts)
    attempt.conflicts = 0
    if ending.attempts > 1 || ending.outcome.rawValue > Outcome.refused.rawValue { countThrown(ending, counters) }
    if counters == measuredCounters && ending.outcome == .committed && attempts > 1 {
      tries[min(attempts, ThreadBlock.tryBuckets) &- 1] &+= 1
    }
  }

  /// Failures that strategies have not dealt with by themselves.
  @inline(never) private func countThrown(_ ending: Ending, _ counters: UnsafeMutablePointer<Int64>) {
    counters[Counter.backoffNanoseconds.rawValue] &+= ending.backoff
    for failure in AttemptFailure.allCases {
      counters[Counter.of(failure).rawValue] &+= failures[Int(failure.rawValue)]
      failures[Int(failure.rawValue)] = 0
    }
  }

  @inline(never) private func endTimed(
    _ attempt: inout Attempt, _ ending: Ending, _ counters: UnsafeMutablePointer<Int64>
  ) {
    let ended = monotonicNow()
    attempt.isTimed = false
    journal?.ended(attempt, ending, failures: failures, at: ended)
    if let holdLog, attempt.enteredAt != 0 && attempt.leftAt != 0 && !attempt.operation.isReadOnly {
      holdLog.append(attempt.operation, entered: attempt.enteredAt, left: attempt.leftAt)
    }
    if counters == drainedCounters {
      let waited = max(0, min(phase.windowEnd, ended) &- attempt.beganAt)
      censored.record(waited)
      slot[WorkerSlot.longestWait] = max(slot[WorkerSlot.longestWait], waited)
      return
    }
    guard counters == measuredCounters else { return }
    let elapsed = ended &- attempt.beganAt
    slot[WorkerSlot.longestWait] = max(slot[WorkerSlot.longestWait], elapsed)
    guard ending.outcome == .committed else { return }
    slot[WorkerSlot.lastCommit] = ended
    latency.record(elapsed)
    if attempt.enteredAt != 0 && attempt.leftAt != 0 {
      wait.record(attempt.enteredAt &- attempt.beganAt &- ending.backoff)
      hold.record(attempt.leftAt &- attempt.enteredAt)
      commit.record(ended &- attempt.leftAt)
    }
    if ending.backoff > 0 { backoffTime.record(ending.backoff) }
  }
}

/// Adds operations whose outcome is unknown to a ledger; also used for workers that died.
enum LedgerWriter {
  static func addUnknown(_ operation: Operation, to ledger: UnsafeMutablePointer<Int64>) {
    for index in 0..<operation.count {
      let entry = ledger + Int(operation[index].key) * ThreadBlock.ledgerWords
      let delta = operation[index].ledgerDelta
      entry[delta < 0 ? 2 : 3] += delta
    }
  }
}
