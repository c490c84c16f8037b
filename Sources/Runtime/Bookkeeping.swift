internal import Model
internal import Synchronization

/// Counts one worker's operations in the shared memory of its thread.
///
/// Evidence is written so that it survives the worker: the operation in flight is announced before it starts and
/// withdrawn after its outcome is in the ledger.
struct Bookkeeping: ~Copyable {
  private let thread: ThreadBlock
  private let slot: UnsafeMutablePointer<Int64>
  private let inFlight: AtomicWord
  private let counters: UnsafeMutablePointer<Int64>
  private let ledger: UnsafeMutablePointer<Int64>
  private let tries: UnsafeMutablePointer<Int64>
  private let latency: Recorder
  private let wait: Recorder
  private let hold: Recorder
  private let commit: Recorder
  private let backoffTime: Recorder
  private let censored: Recorder
  private let values: UnsafeMutablePointer<Int64>
  private let floors: UnsafeMutablePointer<Int64>
  private let failures: UnsafeMutablePointer<Int64>
  private let records: Records
  private let returned: ReturnedValues
  private let observation: Observation
  private let observes: Bool
  private let phase: PhaseSignal

  init(_ worker: Worker, _ scratch: borrowing Scratch) {
    thread = worker.thread
    slot = worker.memory.worker(worker.index)
    slot[WorkerSlot.thread] = Int64(worker.threadIndex)
    inFlight = UnsafeMutableRawPointer(slot + WorkerSlot.inFlight).assumingMemoryBound(to: Atomic<Int64>.self)
    counters = thread.counters(.warmUp)
    ledger = thread.ledger
    tries = thread.tries
    latency = thread.recorder(.latency)
    wait = thread.recorder(.wait)
    hold = thread.recorder(.hold)
    commit = thread.recorder(.commit)
    backoffTime = thread.recorder(.backoff)
    censored = thread.recorder(.censored)
    values = scratch.values
    floors = scratch.floors
    failures = scratch.failures
    records = worker.memory.records
    returned = worker.memory.returnedValues
    observation = worker.plan.observation
    observes = observation.consistentReads || observation.freshReads || observation.uniqueReturns
    phase = worker.phase
  }

  /// Announces an operation.
  @inline(__always) func begin(_ operation: Operation, entryIndex: Int) {
    slot[WorkerSlot.started] &+= 1
    inFlight.pointee.store(Int64(entryIndex) &+ 1, ordering: .releasing)
    if observation.freshReads && operation.isReadOnly {
      for index in 0..<operation.count {
        floors[index] = records.published(operation[index].key).pointee.load(ordering: .acquiring)
      }
    }
  }

  /// Tells the driver since when a timed operation has been waiting.
  @inline(__always) func publishStart(_ moment: Int64) { slot[WorkerSlot.operationStart] = moment }

  /// Counts a failed attempt of the operation in flight.
  @inline(__always) func count(_ failure: AttemptFailure) { failures[Int(failure.rawValue)] &+= 1 }

  /// Counts an operation that has ended.
  @inline(__always) func finish(
    _ attempt: Attempt, _ ending: Ending, began: Int64, ended: Int64, startedIn: Phase, endedIn: Phase
  ) {
    // A window is made of operations that started and ended in it. What ends after it has closed is drained.
    let phase = endedIn == .drained ? .drained : startedIn
    let counters = self.counters + phase.rawValue &* ThreadBlock.counterWords
    counters[Counter.started.rawValue] &+= 1
    counters[Counter.of(ending.outcome).rawValue] &+= 1
    counters[Counter.attempts.rawValue] &+= Int64(ending.attempts)
    settle(attempt.operation, ending.outcome, counters)
    if _slowPath(ending.attempts > 1 || ending.outcome.rawValue > Outcome.refused.rawValue) {
      moveFailures(to: counters)
      counters[Counter.backoffNanoseconds.rawValue] &+= ending.backoff
    }
    if phase == .measured && ending.outcome == .committed {
      slot[WorkerSlot.committed] &+= 1
      tries[min(ending.attempts, ThreadBlock.tryBuckets) &- 1] &+= 1
    }
    if attempt.isTimed { recordTimes(attempt, ending, began: began, ended: ended, phase: phase, counters) }
    if observes && ending.outcome == .committed { observe(attempt.operation, counters) }
    inFlight.pointee.store(0, ordering: .releasing)
  }

  @inline(__always) private func settle(
    _ operation: Operation, _ outcome: Outcome, _ counters: UnsafeMutablePointer<Int64>
  ) {
    if outcome == .committed {
      if operation.isReadOnly {
        counters[Counter.committedReads.rawValue] &+= 1
        return
      }
      for index in 0..<operation.count {
        let entry = ledger + Int(operation[index].key) &* ThreadBlock.ledgerWords
        entry[0] &+= operation[index].ledgerDelta
        entry[1] &+= 1
      }
    } else if outcome == .unknown {
      LedgerWriter.addUnknown(operation, to: ledger)
    }
  }

  private func moveFailures(to counters: UnsafeMutablePointer<Int64>) {
    for failure in AttemptFailure.allCases {
      counters[Counter.of(failure).rawValue] &+= failures[Int(failure.rawValue)]
      failures[Int(failure.rawValue)] = 0
    }
  }

  private func recordTimes(
    _ attempt: Attempt, _ ending: Ending, began: Int64, ended: Int64, phase: Phase,
    _ counters: UnsafeMutablePointer<Int64>
  ) {
    if phase == .drained {
      let waited = max(0, min(self.phase.windowEnd, ended) &- began)
      _ = censored.record(waited)
      slot[WorkerSlot.longestWait] = max(slot[WorkerSlot.longestWait], waited)
      return
    }
    guard phase == .measured else { return }
    slot[WorkerSlot.longestWait] = max(slot[WorkerSlot.longestWait], ended &- began)
    guard ending.outcome == .committed else { return }
    if !latency.record(ended &- began) { counters[Counter.overflowedLatencies.rawValue] &+= 1 }
    if attempt.enteredAt != 0 && attempt.leftAt != 0 {
      _ = wait.record(attempt.enteredAt &- began &- ending.backoff)
      _ = hold.record(attempt.leftAt &- attempt.enteredAt)
      _ = commit.record(ended &- attempt.leftAt)
    }
    if ending.backoff > 0 { _ = backoffTime.record(ending.backoff) }
  }

  private func observe(_ operation: Operation, _ counters: UnsafeMutablePointer<Int64>) {
    if operation.isReadOnly {
      if observation.consistentReads && isTorn(operation) {
        counters[Counter.tornReads.rawValue] &+= 1
      }
      if observation.freshReads && isStale(operation) {
        counters[Counter.staleReads.rawValue] &+= 1
      }
      return
    }
    if observation.freshReads { publish(operation) }
    if observation.uniqueReturns { compareReturned(operation, counters) }
  }

  private func isTorn(_ operation: Operation) -> Bool {
    for index in 1..<operation.count where values[index] != values[0] { return true }
    return false
  }

  private func isStale(_ operation: Operation) -> Bool {
    for index in 0..<operation.count where values[index] < floors[index] { return true }
    return false
  }

  private func publish(_ operation: Operation) {
    for index in 0..<operation.count {
      _ = records.published(operation[index].key).pointee.max(values[index], ordering: .releasing)
    }
  }

  private func compareReturned(_ operation: Operation, _ counters: UnsafeMutablePointer<Int64>) {
    let step = operation[0]
    let distance = step.operand < 0 ? records.initial(step.key) &- values[0] : values[0] &- records.initial(step.key)
    guard let wasReturned = returned.insert(key: step.key, distance: distance) else { return }
    counters[Counter.comparedValues.rawValue] &+= 1
    guard wasReturned else { return }
    counters[Counter.duplicateValues.rawValue] &+= 1
    let kept = thread.duplicates
    if kept[0] < Int64(ThreadBlock.duplicateSlots) {
      kept[1 + 2 * Int(kept[0])] = Int64(step.key)
      kept[2 + 2 * Int(kept[0])] = values[0]
      kept[0] += 1
    }
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
