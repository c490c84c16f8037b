public import Model
internal import Synchronization

/// What the driver writes into the shared memory before a trial and reads out of it during and after.
extension TrialMemory {
  /// Stores the values before the first operation: for the memory store and for the comparison of returned values.
  public func setInitialValues(_ values: [Int64]) {
    precondition(values.count == layout.records)
    for (key, value) in values.enumerated() {
      records.value(Int32(key)).pointee.store(value, ordering: .relaxed)
      records.word(Int32(key), RecordSlot.initial).pointee.store(value, ordering: .relaxed)
      records.published(Int32(key)).pointee.store(value, ordering: .relaxed)
    }
  }

  /// Stores the operations of a thread.
  public func setOperations(_ templates: [OperationTemplate], ofThread index: Int) {
    thread(index).ring.fill(templates)
  }

  /// The values in the memory store.
  public var values: [Int64] {
    (0..<layout.records).map { records.value(Int32($0)).pointee.load(ordering: .acquiring) }
  }

  private var blocks: [ThreadBlock] { (0..<layout.threads).map(thread) }

  /// The counts of a phase over all threads.
  public func tally(_ phase: Phase) -> Tally {
    var tally = Tally()
    for block in blocks {
      let counters = block.counters(phase)
      for counter in Counter.allCases { tally[counter] += counters[counter.rawValue] }
    }
    // Workers count what goes beyond one attempt.
    tally[.attempts] += tally[.started]
    return tally
  }

  private func merged(_ kind: RecorderKind) -> HistogramSnapshot {
    var sum = HistogramSnapshot(ThreadBlock.histogramOrder[kind.rawValue])
    for block in blocks { block.recorder(kind).add(to: &sum) }
    return sum
  }

  /// Latencies of committed operations so far, over all threads.
  public var latency: HistogramSnapshot { merged(.latency) }

  /// Where the time went, over all threads.
  public var phaseLatencies: PhaseLatencies {
    var phases = PhaseLatencies()
    phases.wait = merged(.wait)
    phases.hold = merged(.hold)
    phases.commit = merged(.commit)
    phases.backoff = merged(.backoff)
    phases.censored = merged(.censored)
    return phases
  }

  /// Committed operations of the measured window by number of attempts.
  public var tries: [Int64] {
    var sum = blocks.reduce(into: Array(repeating: Int64(0), count: ThreadBlock.tryBuckets)) { sum, block in
      for index in sum.indices { sum[index] += block.tries[index] }
    }
    // Workers count those that took more than one.
    sum[0] = tally(.measured)[.committed] - sum.reduce(0, +)
    return sum
  }

  /// What the workers were told about each record.
  public var ledger: [LedgerEntry] {
    var entries = Array(repeating: LedgerEntry(), count: layout.records)
    for block in blocks {
      let words = block.ledger
      for key in entries.indices {
        let entry = words + key * ThreadBlock.ledgerWords
        entries[key].acknowledged += entry[0]
        entries[key].acknowledgedCount += entry[1]
        entries[key].unknownLow += entry[2]
        entries[key].unknownHigh += entry[3]
      }
    }
    return entries
  }

  /// Values that were returned twice: the first few of each thread.
  public var duplicates: [(key: Int, value: Int64)] {
    blocks.flatMap { block in
      (0..<Int(block.duplicates[0])).map {
        (key: Int(block.duplicates[1 + 2 * $0]), value: block.duplicates[2 + 2 * $0])
      }
    }
  }

  /// The first unexpected error that a thread met.
  public var firstError: String? {
    blocks.first { $0.errorText[0] != 0 }.map { String(cString: $0.errorText) }
  }

  /// How the workers fared in the measured window.
  public var fairness: Fairness {
    let slots = (0..<layout.workers).map(worker)
    return Fairness(
      committed: slots.map { $0[WorkerSlot.committed] },
      longestWaitNanoseconds: UInt64(max(0, slots.map { $0[WorkerSlot.longestWait] }.max() ?? 0)))
  }

  /// When the last operation committed in the measured window, to the resolution of the sample; 0 when none did.
  public var lastCommit: Int64 { (0..<layout.workers).map { worker($0)[WorkerSlot.lastCommit] }.max() ?? 0 }

  /// Whether every operation of every ring would be refused over these values: nothing is left, and nothing comes back.
  /// Operations that give back what another took before are not asked: they only follow a commit.
  public func refusesEverything(over values: [Int64]) -> Bool {
    let scratch = UnsafeMutablePointer<Int64>.allocate(capacity: Operation.maximumSteps)
    defer { scratch.deallocate() }
    return blocks.allSatisfy { block in
      (0..<layout.ringLength).allSatisfy { index in
        let operation = Operation(block.ring.entry(index), token: 1)
        if operation.header.pointee.followsCommit { return true }
        for step in 0..<operation.count { scratch[step] = values[Int(operation[step].key)] }
        return operation.decide(scratch) == .refuse
      }
    }
  }

  /// Operations that the workers say they started, counted apart from their outcomes.
  public var startedOperations: Int64 {
    (0..<layout.workers).reduce(0) { $0 + WorkerSlot.number(of: worker($1)[WorkerSlot.announced]) }
  }

  /// Turns every operation whose worker is gone into one of unknown outcome; call once, after all processes have ended.
  ///
  /// - Parameter windowEnd: when the measured window closed; how long the operation had waited by then is censored.
  public func settleOpenOperations(windowEnd: Int64) {
    for index in 0..<layout.workers {
      let slot = worker(index)
      let number = WorkerSlot.number(of: slot[WorkerSlot.announced])
      guard number != slot[WorkerSlot.ended] else { continue }
      let block = thread(Int(slot[WorkerSlot.thread]))
      let entry = WorkerSlot.entry(of: slot[WorkerSlot.announced])
      let operation = Operation(block.ring.entry(entry), token: Int64(index) + 1)
      LedgerWriter.addUnknown(operation, to: block.ledger)
      let counters = block.counters(.drained)
      for counter in [Counter.started, .unknown, .ambiguous] { counters[counter.rawValue] += 1 }
      // An operation that was not timed has waited since the timed one before it, at the most.
      if slot[WorkerSlot.operationStart] > 0 {
        let waited = max(0, windowEnd - slot[WorkerSlot.operationStart])
        block.recorder(.censored).record(waited)
        slot[WorkerSlot.longestWait] = max(slot[WorkerSlot.longestWait], waited)
      }
      slot[WorkerSlot.ended] = number
    }
  }
}
