public import Model

/// What workers that are gone have left half done.
///
/// A worker can be killed between any two instructions: in the middle of an operation, and in the middle of counting one.
/// What it announced has begun, and what it did not write down as ended has an unknown outcome, unless the outcome was
/// counted before it died. Whatever that count lacks is made up for, so that every operation has one outcome and every
/// attempt one end.
extension TrialMemory {
  /// Settles what all workers have left; call it after all processes have ended.
  ///
  /// - Parameter windowEnd: when the measured window closed; how long an operation had waited by then is censored.
  public func settleOpenOperations(windowEnd: Int64) {
    settleOpenOperations(of: 0..<layout.workers, in: .drained) { slot, block in
      // An operation that was not timed has waited since the timed one before it, at the most.
      guard slot[WorkerSlot.operationStart] > 0 else { return }
      let waited = max(0, windowEnd - slot[WorkerSlot.operationStart])
      block.recorder(.censored).record(waited)
      slot[WorkerSlot.longestWait] = max(slot[WorkerSlot.longestWait], waited)
    }
  }

  /// Settles what the workers of a process have left that has ended while the trial goes on; others may then take their
  /// place.
  ///
  /// - Parameter phase: the phase in which it ended.
  public func settleOpenOperations(of workers: Range<Int>, in phase: Phase) {
    settleOpenOperations(of: workers, in: phase) { _, _ in }
  }

  private func settleOpenOperations(
    of workers: Range<Int>, in phase: Phase,
    _ note: (UnsafeMutablePointer<Int64>, ThreadBlock) -> Void
  ) {
    let open = workers.filter { isOpen($0) }
    for index in open {
      let slot = worker(index)
      let block = thread(Int(slot[WorkerSlot.thread]))
      let entry = WorkerSlot.entry(of: slot[WorkerSlot.announced])
      // Even if its change has been acknowledged and noted: what may have happened at the most lies above the truth then.
      LedgerWriter.addUnknown(Operation(block.ring.entry(entry), token: Int64(index) + 1), to: block.ledger)
      note(slot, block)
      slot[WorkerSlot.ended] = WorkerSlot.number(of: slot[WorkerSlot.announced])
    }
    for (index, members) in Dictionary(grouping: open, by: { Int(worker($0)[WorkerSlot.thread]) }) {
      let slots = (0..<layout.workers).map(worker).filter { Int($0[WorkerSlot.thread]) == index }
      let announced = slots.reduce(0) { $0 + WorkerSlot.number(of: $1[WorkerSlot.announced]) }
      let block = thread(index)
      block.complete(upTo: announced, atMost: Int64(members.count), in: phase)
      let committed = block.counters(.measured)[Counter.committed.rawValue]
      worker(members[0])[WorkerSlot.committed] += committed - slots.reduce(0) { $0 + $1[WorkerSlot.committed] }
    }
  }

  private func isOpen(_ index: Int) -> Bool {
    let slot = worker(index)
    return WorkerSlot.number(of: slot[WorkerSlot.announced]) != slot[WorkerSlot.ended]
  }
}

extension ThreadBlock {
  /// Completes the counts of a thread that has ended.
  ///
  /// - Parameters:
  ///   - announced: operations that its workers have begun.
  ///   - open: how many of them were in flight.
  ///   - phase: where those are counted of which nothing is.
  fileprivate func complete(upTo announced: Int64, atMost open: Int64, in phase: Phase) {
    // One may have been counted in part: a thread counts one operation at a time.
    for each in Phase.allCases {
      let missing = tally(each).openOperations
      if missing > 0 { addUnknown(missing, in: each) } else { counters(each)[Counter.started.rawValue] -= missing }
    }
    let uncounted = announced - Phase.allCases.reduce(0) { $0 + tally($1)[.started] }
    let added = min(max(0, uncounted), open)
    counters(phase)[Counter.started.rawValue] += added
    addUnknown(added, in: phase)
    // Attempts beyond the first are counted together with how they ended, but not in one instruction.
    for each in Phase.allCases { counters(each)[Counter.attempts.rawValue] -= tally(each).openAttempts }
  }

  private func addUnknown(_ count: Int64, in phase: Phase) {
    for counter in [Counter.unknown, .ambiguous] { counters(phase)[counter.rawValue] += count }
  }

  private func tally(_ phase: Phase) -> Tally {
    var tally = Tally()
    for counter in Counter.allCases { tally[counter] = counters(phase)[counter.rawValue] }
    tally[.attempts] += tally[.started]
    return tally
  }
}
